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
  findings,
  largest,
  list,
  mean,
  median,
  most,
  placed,
  placedOf,
  pounds,
  share,
  smallest,
  sum,
  summary,
  supplier,
  TODAY,
  topic,
  versus,
  year,
} from './asked.ts'
import * as town from './town-en.ts'

/** Questions of all kinds, written by another hand that had not read the reading. */
export const UNREHEARSED: readonly Asked[] = [
  ask(
    "Hi there, I'm a local reporter looking into school transport. How much has gone to Northline since January 2023?",
    sum({ ...supplier(town.NORTHLINE), start_date: '2023-01-01' }),
  ),
  ask(
    'Under the Freedom of Information Act, please provide the total value of contracts awarded to Mediwell Pharma plc in the 2023/24 financial year.',
    // A financial year begins on another day in each country.
    sum({ ...supplier(town.MEDIWELL), ...days('2023-04-01', '2024-03-31') }),
    { unused: ['financial', 'year'] },
  ),
  ask(
    'biggest contract that is not construction works',
    largest({ except: { category: [town.WORKS] } }, { limit: 1 }),
    { or: [largest({ except: topic('construction works') }, { limit: 1 })] },
  ),
  ask(
    'contracts that are neither open procedure nor framework',
    list({ except: { modality: [town.OPEN, town.FRAMEWORK] } }),
  ),
  placed("what's the third largest housing contract", buyer(town.HOUSING), 3),
  pounds('how many contracts top half a million pounds?', count({ min_value: 500_000.01 })),
  ask('pls list contrcts w/ Pageboy Stationers', list(supplier(town.PAGEBOY))),
  ask(
    'leaving out the hospital trust, what did everyone else spend in 2024?',
    sum({ ...year(2024), except: buyer(town.TRUST) }),
  ),
  ask(
    'did we spend more on fuel in 2022 or 2023?',
    { ...versus(year(2022), year(2023)), where: topic('fuel') },
    { or: [change(year(2022), year(2023), topic('fuel'))] },
  ),
  ask('what are the mean and median contract for corporate services', mean(buyer(town.CORPORATE)), {
    or: [median(buyer(town.CORPORATE)), summary(buyer(town.CORPORATE))],
  }),
  ask(
    'which month of 2024 saw the most contracts signed',
    count(year(2024), { group: 'month', ...most, limit: 1 }),
    { or: [{ measure: 'largest', of: 'contracts', where: year(2024), group: 'month', ...most, limit: 1 }] },
  ),
  ask(
    'what slice of 2023 spend went through direct awards?',
    share({ modality: [town.DIRECT], ...year(2023) }),
  ),
  ask(
    'how many contracts run out between April and June 2025',
    count({ ends_from: '2025-04-01', ends_to: '2025-06-30' }),
  ),
  ask("what's the story of contract 044/2024?", summary({ contract: '044/2024' })),
  ask('how much per resident do we spend on cleaning', sum(topic('cleaning')), { unused: ['resident'] }),
  ask('was the pothole contract legal?', list(topic('pothole')), { unused: ['legal'] }),
  ask('spending on Christmas lights', sum(), { unused: ['christmas', 'lights'] }),
  ...chain(
    ask(
      'how much did Libraries and Museums spend in 2024?',
      sum({ ...buyer(town.LIBRARIES), ...year(2024) }),
    ),
    ask('and the previous year?', sum({ ...buyer(town.LIBRARIES), ...year(2023) })),
    ask('swap in Highways', sum({ ...buyer(town.HIGHWAYS), ...year(2023) })),
  ),
  ask(
    "As a ratepayer I'm curious: what did we fork out on diesel for the gritters in 2023?",
    sum({ ...topic('diesel gritters'), ...year(2023) }),
  ),
  ask(
    'total paid to Stonebridge, excluding roof repairs',
    sum({ ...supplier(town.STONEBRIDGE), except: topic('roof repairs') }),
  ),
  ask(
    'what did gloves and laptops cost together in 2024?',
    sum({ ...topic('gloves', 'laptops'), ...year(2024) }),
  ),
  ask(
    'Bytecraft and Iron Sentry combined, how much since July 2023?',
    sum({ ...supplier(town.BYTECRAFT, town.SENTRY), start_date: '2023-07-01' }),
  ),
  ask(
    'is the average housing contract bigger than the average highways one?',
    mean({}, { compare: [buyer(town.HOUSING), buyer(town.HIGHWAYS)] }),
    { or: [versus(buyer(town.HOUSING), buyer(town.HIGHWAYS))] },
  ),
  ask('half a dozen cheapest contracts signed in 2023', smallest(year(2023), { limit: 6 })),
  placedOf('second biggest supplier in 2022', 'suppliers', year(2022), 2),
  ask(
    'contracts between a quarter of a million and half a million',
    list({ min_value: 250_000, max_value: 500_000 }),
  ),
  ask(
    'how many cleaning contracts does Sparkle hold outside Housing?',
    count({ ...supplier(town.SPARKLE), ...topic('cleaning'), except: buyer(town.HOUSING) }),
  ),
  pounds(
    'does the hospital trust have any contract worth no more than £25,000?',
    list({ ...buyer(town.TRUST), max_value: 25_000 }),
    [count({ ...buyer(town.TRUST), max_value: 25_000 })],
  ),
  ask(
    'month-by-month spend of corporate services for 2022',
    by('month', { ...buyer(town.CORPORATE), ...year(2022) }),
  ),
  ask(
    'what percentage of all the money do the top 4 suppliers take?',
    about('suppliers', 'share', {}, { limit: 4 }),
  ),
  ask(
    'which contracts expired in the second half of 2024?',
    list({ ends_from: '2024-07-01', ends_to: '2024-12-31' }),
  ),
  ask(
    'Education contracts in force on 1 April 2024',
    list({ ...buyer(town.EDUCATION), in_force_on: '2024-04-01' }),
  ),
  ask(
    'any contract whose value grew too much by amendments?',
    findings({ anomaly_type: ['payment_pattern'] }),
  ),
  ask(
    'how many critical or high alerts are there',
    about('findings', 'count', { severity: ['high', 'critical'] }),
  ),
  ask('who authorised contract 026/2022?', summary({ contract: '026/2022' }), { unused: ['authorised'] }),
  ask('how many staff does Tarmouth have?', count(supplier(town.TARMOUTH)), { unused: ['staff'] }),
  ...chain(
    pounds('contracts below fifty thousand pounds in 2024', list({ max_value: 49_999.99, ...year(2024) })),
    pounds('and the ones above that?', list({ min_value: 50_000.01, ...year(2024) }), [
      list({ min_value: 50_000, ...year(2024) }),
    ]),
  ),
  ask(
    'Dear Sir or Madam, could you let me have a list of every direct award made by Libraries and Museums in 2023? Many thanks.',
    list({ modality: [town.DIRECT], ...buyer(town.LIBRARIES), ...year(2023) }),
  ),
  ask('hw much dosh went on school meals in 2022', sum({ ...topic('school meals'), ...year(2022) })),
  ask(
    "what's been spent by Corporate Services on anything but cleaning?",
    sum({ ...buyer(town.CORPORATE), except: topic('cleaning') }),
    { or: [sum({ ...buyer(town.CORPORATE), except: { category: [town.CLEANING] } })] },
  ),
  ask(
    'which suppliers other than Tarmouth does Highways use?',
    about('suppliers', 'list', { ...buyer(town.HIGHWAYS), except: supplier(town.TARMOUTH) }),
    { or: [about('suppliers', 'largest', { ...buyer(town.HIGHWAYS), except: supplier(town.TARMOUTH) })] },
  ),
  ask(
    'how many contracts involve neither Mediwell nor Sparkle?',
    count({ except: supplier(town.MEDIWELL, town.SPARKLE) }),
  ),
  placed('fourth most expensive contract of 2024', year(2024), 4),
  pounds('contracts worth more than one and a half million pounds', list({ min_value: 1_500_000.01 })),
  ask('how many contracts come to twenty thousand or less?', count({ max_value: 20_000 })),
  ask(
    'in the last eighteen months, what did the hospital trust spend?',
    sum({ ...buyer(town.TRUST), ...days('2023-08-10', TODAY) }),
  ),
  ask('by how much did Education outspend Housing in 2022?', {
    ...versus(buyer(town.EDUCATION), buyer(town.HOUSING)),
    where: year(2022),
  }),
  ask('count of contracts per procurement method, 2023', count(year(2023), { group: 'modality' })),
  ask(
    'out of every hundred pounds spent in 2024, how many went to Stonebridge?',
    share({ ...supplier(town.STONEBRIDGE), ...year(2024) }),
  ),
  ask(
    'which supplier’s income went up the most from 2023 to 2024?',
    about('suppliers', 'growth', {}, { compare: [year(2023), year(2024)], limit: 1 }),
  ),
  ask('Bytecraft contracts still running', list({ ...supplier(town.BYTECRAFT), in_force_on: TODAY })),
  ask(
    'are any purchases split up to dodge tendering at Highways?',
    findings({
      anomaly_type: ['split_purchase'],
      ...buyer(town.HIGHWAYS),
    }),
  ),
  ask('who owns Hillside Fuels?', about('suppliers', 'summary', supplier(town.HILLSIDE)), {
    unused: ['owns'],
  }),
  ask('what did the skate park cost?', sum(topic('park')), { unused: ['skate'] }),
  ...chain(
    ask(
      'top three suppliers of the Department of Housing',
      about('suppliers', 'largest', buyer(town.HOUSING), { limit: 3 }),
    ),
    ask('same for Education please', about('suppliers', 'largest', buyer(town.EDUCATION), { limit: 3 })),
    ask(
      'now just 2023',
      about('suppliers', 'largest', { ...buyer(town.EDUCATION), ...year(2023) }, { limit: 3 }),
    ),
  ),
]
