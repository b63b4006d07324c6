import type { Answered, Knowledge } from '../knowledge/fact.ts'
import type { Language } from '../language/language.ts'
import { type Group, MOST_LISTED, PERIODS, type Plan, type Where } from '../protocol/plan.ts'

const FIELDS = { suppliers: 'supplier', buyers: 'buyer', units: 'buyer', categories: 'category' } as const
const GROUPED = {
  supplier: ['suppliers', 'supplier'],
  buyer: ['buyers', 'buyer'],
  unit: ['units', 'buyer'],
  category: ['categories', 'category'],
} as const

/** Returns the days of a period by its key: `2024`, `2024-H1`, `2024-Q3`, `2024-11`. */
const during = (group: Group, key: string): Where => {
  const months = PERIODS[group] ?? 12
  const [year = '', nth = '1'] = key.split('-')
  const last = Number(nth.replace(/\D/g, '')) * months
  const day = (month: number, at: number) =>
    new Date(Date.UTC(Number(year), month, at)).toISOString().slice(0, 10)
  return { start_date: day(last - months, 1), end_date: day(last, 0) }
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
  const group = plan.split === undefined ? answered.rankings?.[0]?.items[at] : undefined
  if (group) {
    if (plan.of !== 'contracts' && plan.of !== 'findings')
      return { measure: 'summary', of: plan.of, where: { ...where, [FIELDS[plan.of]]: [group.name] } }
    if (plan.group && plan.group in PERIODS)
      return { measure: 'summary', of: 'contracts', where: { ...where, ...during(plan.group, group.key) } }
    if (plan.group && plan.group in GROUPED) {
      const [of, field] = GROUPED[plan.group as keyof typeof GROUPED]
      return { measure: 'summary', of, where: { ...where, [field]: [group.name] } }
    }
    if (plan.group === 'modality' || plan.group === 'status')
      return { measure: 'summary', of: 'contracts', where: { ...where, [plan.group]: [group.name] } }
  }
  const contract = answered.contracts[at]
  return contract && { measure: 'summary', of: 'contracts', where: { contract: contract.contract_id } }
}
