import type { Answered } from '../knowledge/fact.ts'
import type { Plan } from '../protocol/plan.ts'
import type { Unknown } from '../question/condition.ts'
import type { Reading, Refusal } from '../question/reading.ts'
import type { Answering } from './answering.ts'
import type { Chosen } from './dataset.ts'
import { paragraphs, plain } from './markdown.ts'
import { itemAt } from './place.ts'
import { explainFinding, findingsParts } from './telling/findings.ts'
import { contractsPath, datasetPage, investigationPage } from './telling/links.ts'
import { nextQuestion } from './telling/next.ts'
import { outcomeParts } from './telling/outcome.ts'
import type { Teller } from './telling/teller.ts'
import { planInWords, shortened, understood } from './telling/understood.ts'

/** Similar names that are offered in place of one that does not exist. */
const OFFERED = 5
/** Unused words that are written out. */
const UNUSED = 20

/** Tells which names and words of a plan the data does not have, with names that look alike. */
const unknownParts = async (
  unknown: readonly Unknown[],
  { knowledge, teller, signal }: Answering,
  datasetId: string,
): Promise<string[]> => {
  const parts: string[] = []
  for (const { field, text } of unknown) {
    const near: string[] = []
    for (const kind of field === 'buyer'
      ? (['unit', 'buyer'] as const)
      : field === 'supplier'
        ? (['supplier'] as const)
        : [])
      for (const { name } of await knowledge.names(datasetId, kind, text, OFFERED, { signal }))
        near.push(plain(name))
    parts.push(
      teller.figures.not_there({ field, text: plain(text), near: [...new Set(near)].slice(0, OFFERED) }),
    )
  }
  return parts
}

/** Tells that nothing was found, and what there is instead. */
const nothing = async (
  answered: Answered,
  { knowledge, teller, signal }: Answering,
  { dataset, register }: Chosen,
): Promise<string> => {
  const { plan } = answered
  const { figures } = teller
  const { min_value, max_value, topic, ...rest } = plan.where
  const bounded = min_value !== undefined || max_value !== undefined
  const ask = (where: Plan['where'], of: Plan['measure'] = 'count') =>
    knowledge.query(
      dataset.dataset_id,
      { measure: of, of: 'contracts', where },
      { signal, language: teller.language },
    )
  const without = bounded
    ? (await ask({ ...rest, ...(topic ? { topic } : {}) })).figures.amounts[0]
    : undefined
  return paragraphs(
    figures.no_contracts,
    without && figures.largest_there({ amount: without.largest, currency: without.currency }),
    register.firstDay !== null &&
      register.lastDay !== null &&
      figures.span({ from: register.firstDay, to: register.lastDay, contracts: register.contracts }),
  )
}

/** Names that one word of the question stood for, where there are several. */
const severalParts = (taken: Reading['taken'], teller: Teller): string[] =>
  taken.map((one) =>
    teller.understanding.taken({ asked: plain(one.asked), names: one.for.slice(0, OFFERED).map(plain) }),
  )

/** Runs a plan and tells what it gave: how it was understood, the figure, the rows, the unused words, what to ask next. */
export const dataAnswer = async (
  answering: Answering,
  chosen: Chosen,
  asked: Plan,
  { unused = [], introduction, taken = [] }: Partial<Reading> = {},
): Promise<string> => {
  const { knowledge, teller, texts, signal } = answering
  const { dataset, register } = chosen
  const id = dataset.dataset_id
  const currency = register.currencies[0]?.currency ?? 'XXX'
  const within = { signal, language: teller.language }
  let plan = asked
  const notes: string[] = []
  if (plan.place !== undefined && plan.of !== 'findings') {
    const found = await itemAt(plan, id, { knowledge, signal, language: teller.language })
    if (!found) {
      const { place: _place, ...list } = plan
      const { rankings, contracts } = await knowledge.query(id, list, within)
      notes.push(teller.figures.only({ count: rankings?.[0]?.items.length ?? contracts.length }))
      plan = list
    } else plan = found
  }
  const head = paragraphs(
    understood(plan, dataset, currency, teller),
    introduction &&
      introduction.words.length > 0 &&
      teller.understanding.introduced({ words: shortened(introduction.words, UNUSED) }),
    unused.length > 0 && teller.understanding.unused({ words: shortened(unused, UNUSED) }),
  )
  if (plan.of === 'findings') {
    const { place, ...list } = plan
    const answered = await knowledge.query(
      id,
      place === undefined ? plan : { ...list, measure: 'list', limit: 50 },
      within,
    )
    const { findings } = answered
    const item = place === undefined ? undefined : findings?.items.at(place === -1 ? -1 : place - 1)
    const body = item
      ? explainFinding(item, teller, texts)
      : paragraphs(
          place !== undefined &&
            (findings?.items.length ?? 0) > 0 &&
            teller.figures.only({ count: findings?.items.length ?? 0 }),
          findingsParts(place === undefined ? answered : { ...answered, plan: list }, teller, texts),
        )
    const run = findings?.investigation?.investigation_id
    const page = run === undefined ? datasetPage(id) : investigationPage(run)
    const api = run === undefined ? '/api/v1/investigations' : `/api/v1/investigations/${run}/anomalies`
    return paragraphs(
      head,
      ...severalParts(taken, teller),
      ...(await unknownParts(answered.unknown, answering, id)),
      body,
      !item && teller.figures.links({ page, api }),
      teller.understanding.next({
        question: nextQuestion({ ...answered, plan }, teller.language, dataset.name),
      }),
      `[${plain(dataset.name)}](${datasetPage(id)})`,
    )
  }
  const answered = await knowledge.query(id, plan, within)
  const empty = answered.figures.contracts === 0 && !answered.sides
  return paragraphs(
    head,
    ...severalParts(taken, teller),
    ...notes,
    ...(await unknownParts(answered.unknown, answering, id)),
    empty ? await nothing(answered, answering, chosen) : outcomeParts(answered, teller),
    (register.merged > 0 || register.commitments > 0) &&
      teller.figures.left_out({ merged: register.merged, commitments: register.commitments }),
    teller.figures.links({ page: datasetPage(id), api: contractsPath(id, plan) }),
    teller.understanding.next({ question: nextQuestion(answered, teller.language, dataset.name) }),
  )
}

/** Tells which words of a question could not be taken in, and the nearest question that can be answered. */
const refusal = (
  { teller }: Answering,
  { dataset, register }: Chosen,
  { words, nearest }: Refusal,
  unused: readonly string[],
): string => {
  const { understanding } = teller
  return paragraphs(
    understanding.refused({ words: shortened(words, UNUSED) }),
    unused.length > 0 && understanding.unused({ words: shortened(unused, UNUSED) }),
    understanding.nearest(planInWords(nearest, dataset, register.currencies[0]?.currency ?? 'XXX', teller)),
    `[${plain(dataset.name)}](${datasetPage(dataset.dataset_id)})`,
  )
}

/** Answers one question as it was read. */
export const readingAnswer = async (
  answering: Answering,
  chosen: Chosen,
  reading: Reading,
): Promise<string> =>
  reading.plan
    ? dataAnswer(answering, chosen, reading.plan, reading)
    : reading.refused
      ? refusal(answering, chosen, reading.refused, reading.unused)
      : ''
