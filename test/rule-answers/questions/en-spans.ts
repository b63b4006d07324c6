import { type Asked, about, ask, buyer, by, chain, count, largest, list, sum, year } from './asked.ts'
import * as town from './town-en.ts'

/** Questions about every year, parts of a whole, multiples, lengths of contracts, days of the week and two groups at once. */
export const SPANS: readonly Asked[] = [
  ask(
    'Did any supplier get a contract every year?',
    about('suppliers', 'list', {}, { having: { also: [2022, 2023, 2024, 2025].map(year) } }),
  ),
  ask(
    "Does any one supplier take more than half of Education's spending?",
    about('suppliers', 'list', buyer(town.EDUCATION), { having: { share: { min: 50.000001 } } }),
  ),
  ask(
    'Which suppliers doubled their income between 2022 and 2023?',
    about('suppliers', 'growth', {}, { compare: [year(2022), year(2023)], having: { growth: { min: 100 } } }),
  ),
  ask('How many contracts last longer than 18 months?', count({ months: { min: 18.01 } })),
  ask('contracts that run for at least two years', list({ months: { min: 24 } })),
  ask('Average length of direct awards?', {
    measure: 'duration',
    of: 'contracts',
    where: { modality: [town.DIRECT] },
  }),
  ask('Were any contracts signed on a weekend?', list({ weekday: [6, 7] })),
  ask('Contracts signed on Sundays', list({ weekday: [7] })),
  ask(
    'How much was Libraries and Museums spending in 2024?',
    sum({ ...buyer(town.LIBRARIES), ...year(2024) }),
  ),
  ask('Number of contracts by year and procurement method', count({}, { group: 'year', split: 'modality' })),
  ask('Spending by supplier and year', by('supplier', {}, { split: 'year' })),
  ask('How much do we pay for cleaning a month?', sum(), { unused: ['month'] }),
  ask(
    'List contracts over 100,000 that ended in 2024',
    list({ min_value: 100000.01, ends_from: '2024-01-01', ends_to: '2024-12-31' }),
  ),
  ...chain(
    ask('What is the largest contract of 2023?', largest(year(2023), { limit: 1 })),
    ask('has it been amended?', largest(year(2023), { limit: 1, place: 1 })),
  ),
]
