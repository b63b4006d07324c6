import type { FoundContract, Overview, Party, Ranking, Share, Slice } from '../knowledge/fact.ts'
import { bar, plain, table } from './format.ts'
import { type Answering, type Scope, scopeOf } from './scope.ts'

/** Rows of a table in an answer. */
const LISTED = 10
/** Longest ranking that can be read. */
const MOST_RANKED = 50

/** Joins texts as paragraphs; false and undefined are left out. */
export const paragraphs = (...parts: (string | false | undefined)[]): string =>
  parts.filter((part): part is string => Boolean(part)).join('\n\n')

/** Returns an answer as paragraphs: the scope's notes, the given parts, the scope's source. */
export const sourced = (scope: Scope, ...parts: (string | false | undefined)[]): string =>
  paragraphs(...scope.notes, ...parts, scope.source)

/** Writes an answer about the scope of a question; where there is no such dataset, returns the text that says so. */
const within = async (
  answering: Answering,
  names: { buyer: boolean; supplier: boolean },
  write: (scope: Scope) => Promise<string>,
): Promise<string> => {
  const scope = await scopeOf(answering, names)
  if (typeof scope === 'string') return scope
  return sourced(scope, await write(scope))
}

/** Lists the caller's datasets. */
export const datasetsAnswer = async ({ knowledge, texts, format }: Answering): Promise<string> => {
  const datasets = await knowledge.datasets()
  if (datasets.length === 0) return texts.noDatasets
  const rows = datasets
    .slice(0, LISTED)
    .map((one) => [
      `**${plain(one.name)}**`,
      format.number(one.rows),
      format.day(one.created_at.slice(0, 10)),
    ])
  return paragraphs(
    table(texts.datasetsHead, rows),
    datasets.length > LISTED && texts.andMore(format.number(datasets.length - LISTED)),
    datasets.some((one) => one.synthetic) && `**sample**: ${texts.synthetic}`,
    datasets.some((one) => !one.synthetic) && texts.uploaded,
  )
}

const yearTable = ({ texts, format }: Answering, { years }: Overview): string =>
  table(
    texts.yearsHead,
    years.map(({ year, contracts, total_value }) => [
      String(year),
      format.number(contracts),
      format.money(total_value),
    ]),
  )

/** Describes the year of the largest value and the average of all years. Rows without a day belong to no year. */
const describeYears = ({ texts, format }: Answering, { years }: Overview): string => {
  const sum = years.reduce((total, one) => total + one.total_value, 0)
  const largest = years.reduce((most, one) => (one.total_value > most.total_value ? one : most))
  return texts.largestYear(
    String(largest.year),
    format.money(largest.total_value),
    format.money(sum / years.length),
  )
}

/** Answers that a slice is empty, and names the period that the data covers. */
export const nothingThere = async (
  { knowledge, texts, format, signal }: Answering,
  id: string,
): Promise<string> => {
  const { first_day, last_day } = await knowledge.overview(id, {}, { signal })
  return [
    texts.noContracts,
    first_day && last_day && texts.daysThere(format.day(first_day), format.day(last_day)),
  ]
    .filter(Boolean)
    .join(' ')
}

/** Answers with the figures of a dataset, or of a slice of it. */
export const statisticsAnswer = (answering: Answering): Promise<string> =>
  within(answering, { buyer: true, supplier: true }, async ({ dataset, slice }) => {
    const { knowledge, texts, format, signal } = answering
    const overview = await knowledge.overview(dataset.dataset_id, slice, { signal })
    const { rows, counted_rows, contracts, total_value, years } = overview
    const { median_value, largest_value, first_day, last_day } = overview
    if (rows === 0) return nothingThere(answering, dataset.dataset_id)
    const lines = [
      texts.rows(format.number(rows)),
      counted_rows < rows && texts.counted(format.number(counted_rows)),
      texts.contracts(format.number(contracts)),
      texts.total(format.money(total_value)),
      contracts > 0 && texts.mean(format.money(total_value / contracts)),
      median_value !== null &&
        largest_value !== null &&
        texts.median(format.money(median_value), format.money(largest_value)),
      first_day && last_day && texts.days(format.day(first_day), format.day(last_day)),
      texts.parties(format.number(overview.buyers), format.number(overview.suppliers)),
    ]
    return paragraphs(
      texts.statisticsHead(plain(dataset.name)),
      lines
        .filter(Boolean)
        .map((line) => `- ${line}`)
        .join('\n'),
      years.length > 1 && yearTable(answering, overview),
      years.length > 1 && describeYears(answering, overview),
    )
  })

/** Draws the value of each year as bars of text. */
export const chartAnswer = (answering: Answering): Promise<string> =>
  within(answering, { buyer: true, supplier: true }, async ({ dataset, slice }) => {
    const { knowledge, texts, format, signal } = answering
    const { years } = await knowledge.overview(dataset.dataset_id, slice, { signal })
    const largest = Math.max(...years.map((one) => one.total_value))
    if (years.length === 0) return texts.noContracts
    const rows = years.map(({ year, contracts, total_value }) => [
      `${year}`,
      format.number(contracts),
      `${bar(total_value / largest)} ${format.money(total_value)}`,
    ])
    return paragraphs(texts.chartHead(plain(dataset.name)), table(texts.yearsHead, rows))
  })

export const shareRows = ({ format }: Answering, items: readonly Share[], before = 0): string[][] =>
  items.map(({ name, contracts, total_value, share }, at) => [
    String(before + at + 1),
    plain(name),
    format.number(contracts),
    format.money(total_value),
    format.share(share),
  ])

const describeRanking = (answering: Answering, ranking: Ranking, before: number): string => {
  const { texts, format } = answering
  if (before > 0)
    return paragraphs(
      table(texts.rankingColumns, shareRows(answering, ranking.items.slice(before), before)),
      ranking.of > ranking.items.length && texts.andMore(format.number(ranking.of - ranking.items.length)),
    )
  const first = ranking.items[0] as Share
  const three = ranking.items.slice(0, 3).reduce((sum, { share }) => sum + share, 0)
  return paragraphs(
    table(texts.rankingColumns, shareRows(answering, ranking.items)),
    [
      texts.leads(plain(first.name), format.share(first.share), format.money(ranking.total_value)),
      ranking.of > 3 && texts.firstThree(format.share(three)),
      ranking.of > ranking.items.length && texts.andMore(format.number(ranking.of - ranking.items.length)),
    ]
      .filter(Boolean)
      .join(' '),
  )
}

/** Reads the largest suppliers or buyers of a slice, as many as the question asks for. */
export const largestOf = (
  { knowledge, asked, signal }: Answering,
  { dataset }: Scope,
  kind: Party,
  slice: Slice,
) =>
  knowledge.ranking(
    dataset.dataset_id,
    kind,
    slice,
    Math.min((asked.entities.count ?? LISTED) * (asked.page + 1), MOST_RANKED),
    { signal },
  )

/** Answers with a ranking of suppliers or buyers. */
export const rankingAnswer = (answering: Answering, kind: Party): Promise<string> =>
  within(answering, { buyer: kind === 'supplier', supplier: kind === 'buyer' }, async (scope) => {
    const { texts, asked } = answering
    const ranking = await largestOf(answering, scope, kind, scope.slice)
    const before = asked.page * (asked.entities.count ?? LISTED)
    if (ranking.items.length === 0) return nothingThere(answering, scope.dataset.dataset_id)
    if (before >= ranking.items.length) return texts.thatIsAll
    return paragraphs(
      texts.rankingHead(kind, plain(scope.dataset.name)),
      describeRanking(answering, ranking, before),
    )
  })

/** Returns the index in a list of an ordinal from 1, or −1 for the last; undefined beyond its end. */
export const placeIn = (ordinal: number, length: number): number | undefined => {
  const at = ordinal === -1 ? length - 1 : ordinal - 1
  return at >= 0 && at < length ? at : undefined
}

type ListedContract = Pick<FoundContract, 'contract_id' | 'contract_number' | 'date' | 'object' | 'value'>

/** Returns the cells of a contract in a table: number, day, object, amount. */
export const contractCells = (
  { format }: Answering,
  { contract_id, contract_number, date, object, value }: ListedContract,
): [number: string, day: string, object: string, amount: string] => [
  plain(contract_number ?? contract_id),
  date ? format.day(date) : '—',
  plain(object ?? '—'),
  value === null ? '—' : format.money(value),
]

export const contractTable = (answering: Answering, items: readonly FoundContract[]): string =>
  table(
    answering.texts.contractColumns,
    items.map((one) =>
      contractCells(answering, one).toSpliced(3, 0, plain(one.supplier_name ?? one.supplier_id ?? '—')),
    ),
  )

/** Returns a sentence with the number of items that are shown where there are more. */
export const moreThan = ({ texts, format }: Answering, shown: number, total: number): string | undefined =>
  total > shown ? texts.more(format.number(shown), format.number(total)) : undefined
