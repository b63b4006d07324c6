import {
  type Asked,
  about,
  ask,
  buyer,
  by,
  chain,
  largest,
  list,
  mean,
  sum,
  supplier,
  talk,
} from './asked.ts'
import * as town from './town-en.ts'

const byMoney = (where: object) => about('suppliers', 'largest', where)

/** Questions about one of each group, orders in words, replacements, terms, and what lies beside a mean. */
export const EACH: readonly Asked[] = [
  ask('how many suppliers does each department use?', about('suppliers', 'count', {}, { group: 'unit' })),
  ask("what's the largest contract in each category", largest({}, { group: 'category' })),
  ask('yoy spend on cleaning', by('year', { category: [town.CLEANING] })),
  ask('which contracts cost more than average', list({ beside: 'above_mean' })),
  ask(
    'are there any purchases that look split to stay below the threshold',
    about('findings', 'list', { anomaly_type: ['split_purchase'] }),
  ),
  ask('avg contract value by procedure', mean({}, { group: 'modality' })),
  ...chain(
    ask('whos getting the most money from highways', byMoney(buyer(town.HIGHWAYS))),
    ask('what about housing instead', byMoney(buyer(town.HOUSING))),
    ask('instead of money, by number of contracts', {
      ...byMoney(buyer(town.HOUSING)),
      order: { by: 'count', direction: 'desc' },
    }),
  ),
  ask('how much does a laptop cost', sum(), { unused: ['a'] }),
  ask(
    'is Tarmouth overcharging us?',
    about('findings', 'list', { ...supplier(town.TARMOUTH), anomaly_type: ['price_deviation'] }),
  ),
  ask('who replaced Pageboy?', sum(), { unused: ['replaced'] }),
  ask(
    'spend by supplier for transport, smallest first',
    by('supplier', { category: [town.TRANSPORT] }, { order: { by: 'value', direction: 'asc' } }),
  ),
  ask('list hospital trust contracts ending this summer', list(buyer(town.TRUST)), { unused: ['summer'] }),
  ...talk('what does tender mean?'),
]
