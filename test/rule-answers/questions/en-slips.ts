import { type Asked, about, ask, buyer, days, largest, list, sum, supplier, year } from './asked.ts'
import * as town from './town-en.ts'

/** Questions of which one word was once taken for another: a rank for an exception, a bound of a sum for one of each. */
export const SLIPS: readonly Asked[] = [
  ask('who received least in 2023?', about('suppliers', 'smallest', year(2023))),
  ask('which department signed the dearest contract of 2023?', largest(year(2023), { limit: 1 })),
  ask(
    'Housing spend from March to May last year',
    sum({ ...buyer(town.HOUSING), ...days('2024-03-01', '2024-05-31') }),
  ),
  ask("do Sparkle's 2023 purchases amount to over 100k?", sum({ ...supplier(town.SPARKLE), ...year(2023) })),
  ask(
    'which company got most from the Trust in 2023?',
    about('suppliers', 'largest', { ...buyer(town.TRUST), ...year(2023) }, { limit: 1 }),
  ),
  ask('what does Sparkle supply to Housing?', list({ ...supplier(town.SPARKLE), ...buyer(town.HOUSING) })),
  ask(
    'suppliers that are new in 2023',
    about('suppliers', 'list', year(2023), { having: { never: [{ end_date: '2022-12-31' }] } }),
  ),
  ask(
    'companies with framework agreements only',
    about(
      'suppliers',
      'list',
      {},
      {
        having: {
          also: [{ modality: [town.FRAMEWORK] }],
          never: [{ except: { modality: [town.FRAMEWORK] } }],
        },
      },
    ),
  ),
  ask('are payments to Pageboy up to date?', sum(), { unused: ['date'] }),
  ask('the smallest framework agreement in each department', {
    ...largest({ modality: [town.FRAMEWORK] }, { group: 'unit' }),
    measure: 'smallest',
  }),
  ask(
    'suppliers exclusive to Housing',
    about(
      'suppliers',
      'list',
      {},
      {
        having: { also: [buyer(town.HOUSING)], never: [{ except: buyer(town.HOUSING) }] },
      },
    ),
  ),
  ask('what do the five largest direct awards sum to?', sum(), { unused: ['sum'] }),
]
