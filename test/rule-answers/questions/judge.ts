import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ingest } from '../../../src/dataset/ingest.ts'
import { openAnalysis } from '../../../src/investigation/analysis.ts'
import type { Knowledge } from '../../../src/knowledge/fact.ts'
import { folded } from '../../../src/language/folding.ts'
import type { Plan } from '../../../src/protocol/plan.ts'
import type { Outcome } from '../../../src/question/outcome.ts'
import type { Reading } from '../../../src/question/reading.ts'
import { layOutDeals, type Register, readRegister } from '../../../src/question/register.ts'
import { run } from '../../../src/question/run.ts'
import { readDialogue } from '../../../src/rule-answers/dialogue.ts'
import { reckoned } from './answers.ts'
import { type Asked, TODAY } from './asked.ts'
import { SUITES, type Suite } from './questions.ts'
import { answered, LISTED } from './told.ts'
import { type TownRow, townCsv } from './town.ts'

/**
 * How a question was read: `understood` as it was meant; `near`, its figures but told another way; `told`, something
 * else with the words that were left out named; `silent`, not at all; `wrong`, something else without a word.
 */
export type Verdict = 'understood' | 'near' | 'told' | 'silent' | 'wrong'

export interface Judged {
  asked: Asked
  /** Undefined where the question was taken for none about the data. */
  plan: Plan | undefined
  /** Words that the answer tells as unused, or as taken for others. */
  said: readonly string[]
  verdict: Verdict
  /** First lines in which the answer to the wanted plan is not what arrays give, `got` beside `wanted`. */
  miscounted?: string
}

export interface Score {
  language: Suite['language']
  judged: Judged[]
}

const LIMITS = { threads: 1, memoryLimit: '256MB' }
const LISTS: readonly string[] = ['list', 'largest', 'smallest']
/** Measures whose answers all give the number of contracts, their total and some rows. */
const TOTALS: readonly string[] = ['count', 'sum', 'list', 'summary']

/** Measures whose answers give the sums of two or more periods. */
const SERIES: readonly string[] = ['sum', 'change', 'growth']

const sortedKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sortedKeys(one)]),
  )
}
const textOf = (plan: Plan): string => JSON.stringify(sortedKeys(plan))
const isWithin = (few: readonly string[], many: readonly string[]): boolean =>
  few.every((line) => many.includes(line))

type Query = (plan: Plan) => Promise<Outcome>

/** Returns whether two plans give the same, and whether they are told the same way. */
const likeness = async (
  wanted: Plan,
  got: Plan,
  query: Query,
): Promise<'understood' | 'near' | undefined> => {
  if (textOf(wanted) === textOf(got)) return 'understood'
  // One is the first of several, and several begin with the one.
  const isOne = (wanted.limit ?? 1) === 1 && (got.limit ?? 1) === 1 && wanted.measure !== 'share'
  const { limit: _limit, ...unlimited } = wanted
  const meant: Plan = !isOne ? wanted : got.limit === undefined ? unlimited : { ...wanted, limit: got.limit }
  const [ours, theirs] = [answered(meant, await query(meant)), answered(got, await query(got))]
  if (wanted.of !== got.of) return undefined
  if (wanted.measure === got.measure && ours.join('\n') === theirs.join('\n')) return 'understood'
  const isTotal = TOTALS.includes(wanted.measure) && TOTALS.includes(got.measure)
  const isList = LISTS.includes(wanted.measure) && LISTS.includes(got.measure)
  const isSeries = [wanted, got].every(({ measure }) => SERIES.includes(measure))
  // Rows stand beside every total, so that a list of all of them need not be asked for.
  const isBeside = isTotal && wanted.order === undefined && wanted.limit === undefined
  const needed = isBeside ? ours.filter((line) => !line.startsWith(LISTED)) : ours
  return (isTotal || isList || isSeries) && isWithin(needed, theirs) ? 'near' : undefined
}

const verdictOn = async (
  asked: Asked,
  plan: Plan | undefined,
  told: readonly string[],
  query: Query,
): Promise<Verdict> => {
  const unknown = plan ? (await query(plan)).unknown.map(({ text }) => text) : []
  const said = new Set([...told, ...unknown].flatMap((text) => folded(text).split(' ')))
  const orElse = said.size > 0 ? 'told' : 'wrong'
  if (asked.plan === undefined) return plan === undefined ? 'understood' : orElse
  if (asked.unused) {
    const isSaid = asked.unused.every((word) => said.has(word))
    if (plan === undefined) return isSaid ? 'understood' : 'silent'
    if (!isSaid) return orElse
    if (unknown.length > 0) return 'understood'
    return (await likeness(asked.plan, plan, query)) ?? 'told'
  }
  if (plan === undefined) return 'silent'
  let best: Verdict = orElse
  for (const wanted of [asked.plan, ...(asked.or ?? [])]) {
    const like = await likeness(wanted, plan, query)
    if (like === 'understood') return like
    best = like ?? best
  }
  return best
}

const differing = (got: readonly string[], wanted: readonly string[]): string | undefined => {
  const at = Array.from({ length: Math.max(got.length, wanted.length) }, (_, line) => line).find(
    (line) => got[line] !== wanted[line],
  )
  return at === undefined ? undefined : `got    ${got[at]}\nwanted ${wanted[at]}`
}

const opened = async <T>(
  rows: readonly TownRow[],
  use: (register: Register, query: Query) => Promise<T>,
): Promise<T> => {
  const { signal } = new AbortController()
  const directory = await mkdtemp(join(tmpdir(), 'questions-'))
  try {
    const path = join(directory, 'town.csv')
    await writeFile(path, townCsv(rows))
    const file = {
      path,
      contentType: 'text/csv' as const,
      gzip: false,
      workDir: directory,
      maxInflatedBytes: 1e7,
    }
    const { parts } = await ingest({ ...file, ...LIMITS }, { signal })
    const analysis = await openAnalysis({ parts, filters: {}, tempDirectory: directory, ...LIMITS }, signal)
    try {
      await layOutDeals(analysis.connection, signal)
      const register = await readRegister(analysis.connection, signal)
      const outcomes = new Map<string, Promise<Outcome>>()
      return await use(register, ({ place: _place, ...plan }) => {
        const key = textOf(plan)
        const outcome = outcomes.get(key) ?? run(plan, register)(analysis.connection, signal)
        outcomes.set(key, outcome)
        return outcome
      })
    } finally {
      analysis.close()
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Knows one dataset, as far as reading a conversation needs it. */
const knowing = (register: Register, query: Query): Knowledge => {
  const dataset = {
    dataset_id: 'town',
    name: 'town.csv',
    synthetic: false,
    own: true,
    rows: 0,
    created_at: '',
  }
  const known: Partial<Knowledge> = {
    datasets: async () => [dataset],
    register: async () => register,
    query: (_id, plan) => query(plan),
  }
  return known as Knowledge
}

/** Returns a question behind those that it follows, the first of them first. */
const conversation = (one: Asked, suite: readonly Asked[]): string[] => {
  const before = suite.find(({ question }) => question === one.after)
  return [...(before ? conversation(before, suite) : []), one.question]
}

const saidOf = ({ unused, introduction, taken, refused }: Reading): string[] => [
  ...(introduction?.words ?? []),
  ...unused,
  ...(refused?.words ?? []),
  ...taken.map((one) => one.asked),
]

/** Reads every question of the suites, runs its plan over its town, and judges both. */
export const judgeQuestions = async (suites: readonly Suite[] = SUITES): Promise<Score[]> => {
  const { signal } = new AbortController()
  const scores: Score[] = []
  for (const { language, rows, asked } of suites)
    scores.push({
      language,
      judged: await opened(rows, async (register, query) => {
        const judged: Judged[] = []
        const knowledge = knowing(register, query)
        for (const one of asked) {
          const messages = conversation(one, asked).map((content) => ({ role: 'user' as const, content }))
          const read = await readDialogue({ knowledge, messages, today: TODAY, language, signal })
          const plan = read.isData ? read.reading?.plan : undefined
          const said = read.reading ? saidOf(read.reading) : []
          const miscounted =
            one.plan && differing(answered(one.plan, await query(one.plan)), reckoned(one.plan, rows))
          judged.push({
            asked: one,
            plan,
            said,
            verdict: await verdictOn(one, plan, said, query),
            ...(miscounted === undefined ? {} : { miscounted }),
          })
        }
        return judged
      }),
    })
  return scores
}

/** Returns the share of a score's questions that have each verdict. */
export const sharesOf = ({ judged }: Score): Record<Verdict, number> => {
  const share = (wanted: Verdict) => judged.filter(({ verdict }) => verdict === wanted).length / judged.length
  return {
    understood: share('understood'),
    near: share('near'),
    told: share('told'),
    silent: share('silent'),
    wrong: share('wrong'),
  }
}

/** Writes a question with the plan that was wanted and the one that was read. */
export const shown = ({ asked, plan, said, verdict }: Judged): string =>
  [
    `${verdict}: ${asked.after ? `(${asked.after}) ` : ''}${asked.question}`,
    `  wanted ${JSON.stringify(asked.plan)} ${asked.unused ?? ''}`,
    `  got    ${JSON.stringify(plan)} ${said}`,
  ].join('\n')
