import {
  type Asked,
  about,
  ask,
  buyer,
  by,
  chain,
  change,
  count,
  days,
  ending,
  findings,
  largest,
  list,
  median,
  share,
  sum,
  supplier,
  talk,
  topic,
  versus,
  year,
} from './asked.ts'
import * as town from './town-en.ts'

/** Questions of a third hand, written before it had read the reading. */
export const FRESH: readonly Asked[] = [
  ask(
    "What's our bill for diesel been since January 2023?",
    sum({ ...topic('diesel'), start_date: '2023-01-01' }),
  ),
  ask('hw much has stonebrige been paid', sum(supplier(town.STONEBRIDGE))),
  ask(
    'As a councillor I would like the total awarded to Iron Sentry in 2022 and 2023',
    sum({ ...supplier(town.SENTRY), ...days('2022-01-01', '2023-12-31') }),
  ),
  ask('how much went on laptops and books?', sum(topic('laptops', 'books'))),
  ask('cost of guarding the car parks', sum(topic('guarding car parks'))),
  ask('spend by supplier for the hospital trust', by('supplier', buyer(town.TRUST))),
  ask('contracts worth at least half a million', list({ min_value: 500_000 })),
  ask('anything under ten thousand pounds?', list({ max_value: 9_999.99, currency: 'GBP' }), {
    or: [
      list({ max_value: 9_999.99 }),
      count({ max_value: 9_999.99, currency: 'GBP' }),
      count({ max_value: 9_999.99 }),
    ],
  }),
  ask('how many deals were done without an open procedure', count({ except: { modality: [town.OPEN] } })),
  ask('five priciest contracts in housing', largest(buyer(town.HOUSING), { limit: 5 })),
  ask(
    'which firm gets the most from libraries?',
    about('suppliers', 'largest', buyer(town.LIBRARIES), { limit: 1 }),
  ),
  ask('typical (median) size of a direct award', median({ modality: [town.DIRECT] })),
  ask(
    'what proportion of highways money goes to Tarmouth',
    share({ ...buyer(town.HIGHWAYS), ...supplier(town.TARMOUTH) }, { whole: buyer(town.HIGHWAYS) }),
  ),
  ask('contracts running out in the next fortnight', list(ending('2025-02-24'))),
  ask('Education vs Housing in 2023', {
    ...versus(buyer(town.EDUCATION), buyer(town.HOUSING)),
    where: year(2023),
  }),
  ask('did cleaning costs go up from 2022 to 2024?', change(year(2022), year(2024), topic('cleaning'))),
  ask(
    'contracts with Sparkle except in housing',
    list({ ...supplier(town.SPARKLE), except: buyer(town.HOUSING) }),
  ),
  ask('any red flags at corporate services?', findings(buyer(town.CORPORATE))),
  ...chain(
    ask('how many contracts did Mediwell win?', count(supplier(town.MEDIWELL))),
    ask('and in 2023 alone?', count({ ...supplier(town.MEDIWELL), ...year(2023) })),
    ask('how much were they worth?', sum({ ...supplier(town.MEDIWELL), ...year(2023) })),
  ),
  ask('how much did we spend on fireworks in 2023', sum(year(2023)), { unused: ['fireworks'] }),
  ask('Stonebridge contracts in Wales', list(supplier(town.STONEBRIDGE)), { unused: ['wales'] }),
  ...talk('who should I vote for?', 'where do I report a bribe?'),
]
