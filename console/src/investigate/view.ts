import type { FindingFilter } from '../../../src/protocol/finding-filter.ts'
import type { Verdict } from './shapes.ts'

/** Columns that the findings can be sorted by. */
export const COLUMNS = ['severity', 'type', 'contract', 'supplier', 'amount', 'review'] as const
export type Column = (typeof COLUMNS)[number]

/** Filters and order of a list of findings; all of them stand in the page's address. */
export interface View {
  text: string
  type: string
  severity: string
  buyer: string
  supplier: string
  /** Least and most amount at stake; undefined for no bound. */
  from: number | undefined
  to: number | undefined
  /** A verdict, `none` for findings that nobody reviewed, or empty for all. */
  review: Verdict | 'none' | ''
  sort: Column
  order: 'ascending' | 'descending'
}

/** The address's fields of the filters. */
const FILTERS = ['q', 'type', 'severity', 'buyer', 'supplier', 'from', 'to', 'review'] as const

/** The change of the address that takes all filters away. */
export const CLEARED: Readonly<Record<string, string>> = Object.fromEntries(FILTERS.map((name) => [name, '']))

const amountIn = (text: string | null): number | undefined => {
  const amount = Number(text)
  return text === null || text === '' || Number.isNaN(amount) ? undefined : amount
}

/** Reads a view from the address. */
export const viewOf = (query: URLSearchParams): View => ({
  text: query.get('q') ?? '',
  type: query.get('type') ?? '',
  severity: query.get('severity') ?? '',
  buyer: query.get('buyer') ?? '',
  supplier: query.get('supplier') ?? '',
  from: amountIn(query.get('from')),
  to: amountIn(query.get('to')),
  review: (query.get('review') as View['review'] | null) ?? '',
  sort: COLUMNS.find((column) => column === query.get('sort')) ?? 'severity',
  order: query.get('order') === 'ascending' ? 'ascending' : 'descending',
})

/** Tells whether a view leaves findings out. */
export const isFiltered = ({ text, type, severity, buyer, supplier, from, to, review }: View): boolean =>
  [text, type, severity, buyer, supplier, review].some((value) => value !== '') ||
  from !== undefined ||
  to !== undefined

/** The filter of a view, as the service's lists, files and reports take it. */
export const filterOf = ({
  text,
  type,
  severity,
  buyer,
  supplier,
  from,
  to,
  review,
}: View): FindingFilter => ({
  q: text,
  type: (type || undefined) as FindingFilter['type'],
  severity: (severity || undefined) as FindingFilter['severity'],
  buyer: buyer || undefined,
  supplier: supplier || undefined,
  min_value: from,
  max_value: to,
  review: review || undefined,
})
