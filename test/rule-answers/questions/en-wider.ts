import { type Asked, about, ask, buyer, by, list, mean, share, sum, supplier, year } from './asked.ts'
import * as town from './town-en.ts'

/** Questions about groups that fulfil something, parts of a part, left-out periods and means of periods. */
export const WIDER: readonly Asked[] = [
  ask(
    'which suppliers have more than 7 contracts?',
    about('suppliers', 'list', {}, { having: { contracts: { min: 8 } } }),
  ),
  ask(
    'what share of the Highways department spending went to Tarmouth?',
    share({ ...buyer(town.HIGHWAYS), ...supplier(town.TARMOUTH) }, { whole: buyer(town.HIGHWAYS) }),
  ),
  ask(
    'how much did Education spend excluding 2023?',
    sum({ ...buyer(town.EDUCATION), except: { within: [year(2023)] } }),
  ),
  ask('average spending per month in 2024', mean(year(2024), { per: 'month' })),
  ask('show spending by quarter in 2024', by('quarter', year(2024))),
  ask('which contracts ended up costing more than initially agreed?', list({ increase: { min: 1e-6 } })),
  ask('who did we pay the most in 2024?', about('suppliers', 'largest', year(2024))),
  ask('who received the most from the council?', about('suppliers', 'largest', buyer(town.COUNCIL))),
]
