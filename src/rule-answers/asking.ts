import type { Intent } from '../intent/understanding.ts'
import type { Plan } from '../protocol/plan.ts'
import type { Reading } from '../question/reading.ts'

/** Least confidence of an intent whose words were not only recognised as misspelt ones. */
const SURE_OF_FRAUD = 0.8
const SURE_OF_LAW = 0.85
/** Intents that are never questions about the contracts. */
const ORDERS: ReadonlySet<Intent> = new Set<Intent>([
  'investigate',
  'report',
  'status',
  'list_datasets',
  'about',
])
/** Intents that give way to a question about the data that was understood whole. */
const COURTESIES: ReadonlySet<Intent> = new Set<Intent>([
  'greeting',
  'help',
  'thanks',
  'goodbye',
  'law',
  'fraud',
  'about',
])
/** Tells whether a plan leaves some contracts out. */
export const restricts = ({ where }: Plan): boolean => Object.keys(where).length > 0

/** Does a plan restrict to ways of contracting, or to parties by them? */
const speaksOfModality = ({ where, having: { also = [], never = [] } = {} }: Plan): boolean =>
  [where, ...also, ...never].some(({ modality, except }) => (modality ?? except?.modality) !== undefined)

/** Tells whether a message that was read as a plan is answered by it. */
export const asksData = (
  intent: Intent,
  confidence: number,
  { plan: whole, refused, unused, continues }: Reading,
): boolean => {
  const plan = whole ?? refused?.nearest
  if (plan === undefined) return false
  if (intent === 'law' && !speaksOfModality(plan) && confidence >= SURE_OF_LAW) return false
  if (continues)
    return !((ORDERS.has(intent) || intent === 'thanks' || intent === 'goodbye') && confidence >= 0.85)
  if (intent === 'status' && plan.of === 'findings') return unused.length === 0
  // "How many contracts are in the base?"
  if (intent === 'list_datasets' && (plan.measure === 'count' || plan.measure === 'sum'))
    return unused.length === 0
  if (ORDERS.has(intent)) return confidence < 0.75 && unused.length === 0
  // A word that only resembles another one does not make a question about fraud.
  if (intent === 'fraud') return unused.length === 0 && confidence < SURE_OF_FRAUD
  if (intent === 'greeting') return unused.length === 0 || plan.measure !== 'list' || restricts(plan)
  if (intent === 'law' && speaksOfModality(plan)) return true
  if (intent === 'thanks' || intent === 'goodbye') return unused.length === 0 && restricts(plan)
  if (COURTESIES.has(intent))
    return (
      unused.length === 0 &&
      (plan.measure !== 'list' || plan.order !== undefined || restricts(plan) || plan.of !== 'contracts')
    )
  return true
}
