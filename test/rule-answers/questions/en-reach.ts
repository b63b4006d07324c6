import { type Asked, about, ask, buyer, by, chain, count, days, list, sum, supplier, year } from './asked.ts'
import * as town from './town-en.ts'

const nothingBut = (where: object) => ({ having: { also: [where], never: [{ except: where }] } })

/** Questions about how far "only", "not", "by", a verb or a pronoun reaches, and about means of numbers. */
export const REACH: readonly Asked[] = [
  ask(
    'which companies only sell to the Trust?',
    about('suppliers', 'list', {}, nothingBut(buyer(town.TRUST))),
  ),
  ask(
    'suppliers paid in 2023 but not in 2022',
    about('suppliers', 'list', year(2023), { having: { never: [year(2022)] } }),
  ),
  ask(
    'departments that have never used a framework agreement',
    about('units', 'list', {}, { having: { never: [{ modality: [town.FRAMEWORK] }] } }),
  ),
  ask('how many contracts does each supplier have on average?', count({}, { per: 'supplier' })),
  ask('cleaning by month in 2023', by('month', { ...year(2023), category: [town.CLEANING] })),
  ask(
    'contracts signed by the Department of Housing in June',
    list({ ...buyer(town.HOUSING), ...days('2024-06-01', '2024-06-30') }),
  ),
  ask('spent by the end of 2023', sum({ end_date: '2023-12-31' })),
  ask(
    'suppliers with more than two direct awards',
    about('suppliers', 'list', { modality: [town.DIRECT] }, { having: { contracts: { min: 3 } } }),
  ),
  ask('who signed the museum guarding contract?', sum(), { unused: ['signed'] }),
  ask('how much did Hillside really get paid?', sum(), { unused: ['really'] }),
  ask('contracts whose price rose by over 15%', list({ increase: { min: 15.000001 } })),
  ask('contracts with no supplier recorded', list({ missing: 'supplier' })),
  ask(
    "is Mediwell the trust's top supplier?",
    about('suppliers', 'largest', buyer(town.TRUST), { limit: 1 }),
  ),
  ask(
    'companies that received more in 2023 than in 2022',
    about('suppliers', 'growth', {}, { compare: [year(2022), year(2023)] }),
  ),
  ask(
    'suppliers shared by Education and Libraries',
    about('suppliers', 'list', buyer(town.EDUCATION, town.LIBRARIES), {
      having: { also: [buyer(town.EDUCATION), buyer(town.LIBRARIES)] },
    }),
  ),
  ask('how many masks were bought?', sum(), { unused: ['many'] }),
  ask('who won every contract for cleaning?', sum(), { unused: ['every'] }),
  ...chain(
    ask('biggest suppliers of Highways', about('suppliers', 'largest', buyer(town.HIGHWAYS))),
    ask('tell me about the first one', about('suppliers', 'largest', buyer(town.HIGHWAYS), { place: 1 })),
    ask(
      'its contracts in 2022',
      list({ ...buyer(town.HIGHWAYS), ...supplier(town.TARMOUTH), ...year(2022) }),
    ),
  ),
]
