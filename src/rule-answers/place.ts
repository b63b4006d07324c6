import type { Answered, Knowledge } from '../knowledge/fact.ts'
import type { Language } from '../language/language.ts'
import { MOST_LISTED, type Plan, type Where } from '../protocol/plan.ts'

const FIELDS = { suppliers: 'supplier', buyers: 'buyer', units: 'buyer', categories: 'category' } as const
const GROUPED = {
  supplier: ['suppliers', 'supplier'],
  buyer: ['buyers', 'buyer'],
  unit: ['units', 'buyer'],
  category: ['categories', 'category'],
} as const

const during = (period: string): Where => {
  const [year = '', month] = period.split('-')
  if (month === undefined) return { start_date: `${year}-01-01`, end_date: `${year}-12-31` }
  const last = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()
  return { start_date: `${period}-01`, end_date: `${period}-${String(last).padStart(2, '0')}` }
}

/** Returns the number of things that a plan about groups or contracts lists. */
const listOf = ({ rankings, contracts }: Answered): readonly unknown[] => rankings?.[0]?.items ?? contracts

/**
 * Finds the one thing of a plan's list that its `place` means, and returns the plan that asks for it; undefined where
 * the list is shorter.
 */
export const itemAt = async (
  plan: Plan,
  datasetId: string,
  { knowledge, signal, language }: { knowledge: Knowledge; signal: AbortSignal; language: Language },
): Promise<Plan | undefined> => {
  const { place = 1, where } = plan
  const { place: _place, limit, ...list } = plan
  const asked: Plan = { ...list, limit: Math.min(Math.max(limit ?? 10, place), MOST_LISTED) }
  const answered = await knowledge.query(datasetId, asked, { signal, language })
  const items = listOf(answered)
  const at = place === -1 ? items.length - 1 : place - 1
  const group = answered.rankings?.[0]?.items[at]
  if (group) {
    if (plan.of !== 'contracts' && plan.of !== 'findings')
      return { measure: 'summary', of: plan.of, where: { ...where, [FIELDS[plan.of]]: [group.name] } }
    if (plan.group === 'year' || plan.group === 'month')
      return { measure: 'summary', of: 'contracts', where: { ...where, ...during(group.key) } }
    if (plan.group && plan.group in GROUPED) {
      const [of, field] = GROUPED[plan.group as keyof typeof GROUPED]
      return { measure: 'summary', of, where: { ...where, [field]: [group.name] } }
    }
    if (plan.group === 'modality')
      return { measure: 'summary', of: 'contracts', where: { ...where, modality: [group.name] } }
  }
  const contract = answered.contracts[at]
  return contract && { measure: 'summary', of: 'contracts', where: { contract: contract.contract_id } }
}
