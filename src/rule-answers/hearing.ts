import { understand } from '../intent/intent.ts'
import type { Entities, Intent, Understood } from '../intent/understanding.ts'
import type { Remark } from './remark.ts'

/** A message as one understands it who answers from rows. */
export const heard = (text: string, remark: Remark): Understood => {
  const understood = understand(text)
  const { intent, entities } = understood
  const { years, name } = remark
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
  if (remark.provenance && ['list_datasets', 'follow_up', 'question', 'statistics'].includes(intent))
    return toward('list_datasets')
  if (remark.counts && ['search_supplier', 'top_suppliers', 'top_buyers', 'statistics'].includes(intent))
    return toward('statistics', { ...unnamed, ...period })
  if (remark.year && ['top_buyers', 'top_suppliers', 'question', 'follow_up'].includes(intent))
    return toward('statistics')
  if (remark.sells && intent === 'top_buyers') return toward('top_suppliers')
  if (remark.each && ['statistics', 'search_buyer'].includes(intent) && !entities.buyer && !supplier)
    return toward(remark.each === 'buyer' ? 'top_buyers' : 'top_suppliers')
  if (remark.largestContract && intent === 'statistics')
    return toward('search_contract', name && !entities.buyer && !supplier ? { ...named, terms: name } : named)
  if (years.length > 1 && remark.compared.length > 1 && ['search_contract', 'question'].includes(intent))
    return toward('statistics')
  return toward(intent)
}
