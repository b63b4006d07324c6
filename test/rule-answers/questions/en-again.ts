import {
  type Asked,
  about,
  ask,
  buyer,
  count,
  list,
  share,
  smallest,
  sum,
  supplier,
  topic,
  versus,
  year,
} from './asked.ts'
import * as town from './town-en.ts'

/** Questions written when the reading had been seen, and measured once before anything was changed for them. */
export const AGAIN: readonly Asked[] = [
  ask(
    'total for contracts that are not direct awards in 2023',
    sum({ ...year(2023), except: { modality: [town.DIRECT] } }),
  ),
  ask(
    "I'm a resident: what did Housing pay Sparkle?",
    sum({ ...buyer(town.HOUSING), ...supplier(town.SPARKLE) }),
  ),
  ask(
    'contracts of between twenty-five and fifty thousand pounds',
    list({ min_value: 25_000, max_value: 50_000, currency: 'GBP' }),
    {
      or: [list({ min_value: 25_000, max_value: 50_000 })],
    },
  ),
  ask('who was hired to resurface Mill Lane?', about('suppliers', 'list', topic('resurfacing mill lane')), {
    or: [about('suppliers', 'largest', topic('resurfacing mill lane'))],
  }),
  ask('three cheapest framework agreements', smallest({ modality: [town.FRAMEWORK] }, { limit: 3 })),
  ask(
    'how big a slice does Mediwell have of hospital trust spend',
    share({ ...supplier(town.MEDIWELL), ...buyer(town.TRUST) }, { whole: buyer(town.TRUST) }),
  ),
  ask('Greenfield or Northline: who got more in 2024?', {
    ...versus(supplier(town.GREENFIELD), supplier(town.NORTHLINE)),
    where: year(2024),
  }),
  ask('how many swimming pool contracts are there', count(), { unused: ['swimming', 'pool'] }),
]
