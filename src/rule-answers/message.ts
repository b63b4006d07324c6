import { understand } from '../intent/intent.ts'
import type { Entities, Intent, Understood } from '../intent/understanding.ts'
import type { Cues } from './cues.ts'

/** Recognises the intent and entities of a message, with corrections for questions about rows. */
export const understandMessage = (text: string, cues: Cues): Understood => {
  const understood = understand(text)
  const { intent, entities } = understood
  const { years, name } = cues
  const period =
    years.length > 1 && entities.startDate?.slice(0, 4) === entities.endDate?.slice(0, 4)
      ? { startDate: `${years[0]}-01-01`, endDate: `${years.at(-1)}-12-31` }
      : {}
  const { supplier, ...unnamed } = entities
  const named = { ...entities, ...period }
  const toward = (other: Intent, taken: Entities = named): Understood => ({
    ...understood,
    intent: other,
    entities: taken,
  })
  if (cues.provenance && ['list_datasets', 'follow_up', 'question', 'statistics'].includes(intent))
    return toward('list_datasets')
  if (cues.counts && ['search_supplier', 'top_suppliers', 'top_buyers', 'statistics'].includes(intent))
    return toward('statistics', { ...unnamed, ...period })
  if (cues.year && ['top_buyers', 'top_suppliers', 'question', 'follow_up'].includes(intent))
    return toward('statistics')
  if (cues.sells && intent === 'top_buyers') return toward('top_suppliers')
  if (cues.each && ['statistics', 'search_buyer'].includes(intent) && !entities.buyer && !supplier)
    return toward(cues.each === 'buyer' ? 'top_buyers' : 'top_suppliers')
  if (cues.largestContract && intent === 'statistics')
    return toward('search_contract', name && !entities.buyer && !supplier ? { ...named, terms: name } : named)
  if (years.length > 1 && cues.compared.length > 1 && ['search_contract', 'question'].includes(intent))
    return toward('statistics')
  return toward(intent)
}
