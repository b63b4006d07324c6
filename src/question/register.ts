import type { DuckDBConnection } from '@duckdb/node-api'
import { all, execute } from '../investigation/duckdb-rows.ts'
import { folded, foldedSql } from '../language/folding.ts'
import { stem, wordsOf } from './stem.ts'

export const NAMED_KINDS = ['supplier', 'buyer', 'unit', 'category', 'modality', 'status'] as const
export type NamedKind = (typeof NAMED_KINDS)[number]

/** One spelling of a supplier, buyer, unit, category or way of contracting. */
export interface KnownName {
  readonly kind: NamedKind
  /** As the file writes it. */
  readonly name: string
  /** Value of the kind's key in the table `deals`; several spellings may share one. */
  readonly key: string
  /** CNPJ, CPF or another number; null where the file has none. */
  readonly id: string | null
  readonly contracts: number
  /** Words of the name, folded, without those that all names have. */
  readonly words: readonly string[]
  /** Their stems, by {@link stem}. */
  readonly stems: readonly string[]
}

/** The names and words of one dataset, by which a question's words are recognised. */
export interface Register {
  readonly contracts: number
  /** Rows that are items of contracts beside their first row. */
  readonly merged: number
  /** Budget commitments that are left out, since their contract is in the file too. */
  readonly commitments: number
  /** Number of contracts by currency, most first. */
  readonly currencies: readonly { currency: string; contracts: number }[]
  /** First and last day of the contracts, `YYYY-MM-DD`. */
  readonly firstDay: string | null
  readonly lastDay: string | null
  readonly names: readonly KnownName[]
  /** Names by the stem of each of their words. */
  readonly namesByStem: ReadonlyMap<string, readonly KnownName[]>
  /** Number of names in which a word stands as it is. */
  readonly namesWithWord: ReadonlyMap<string, number>
  /** Names by {@link folded} of what they are. */
  readonly namesByName: ReadonlyMap<string, readonly KnownName[]>
  /** Names of two words or more by their initials. */
  readonly namesByInitials: ReadonlyMap<string, readonly KnownName[]>
  /** Number of contracts in whose object, item or category a word stands. */
  readonly words: ReadonlyMap<string, number>
  /** Those words by what {@link stem} makes of them. */
  readonly wordsByStem: ReadonlyMap<string, readonly string[]>
}

/** Words that tell the form of a company and distinguish none from another. */
const LEGAL: ReadonlySet<string> = new Set(
  'ltda me epp eireli mei sa s cia lda sl srl inc llc ltd gmbh unipessoal limitada'.split(' '),
)

/** Names of one kind, and words, that are kept, the most frequent first. */
const MOST_NAMES = 100_000
const MOST_WORDS = 200_000

/** Columns of `deals` by kind: the key, the name to show, the number. */
export const KIND_COLUMNS = {
  supplier: { key: 'supplier_key', name: 'coalesce(supplier_name, supplier_id)', id: 'supplier_id' },
  buyer: { key: 'buyer_key', name: 'buyer', id: 'buyer_id' },
  unit: { key: 'unit_key', name: 'unit_name', id: 'unit_id' },
  category: { key: 'category_key', name: 'category', id: 'CAST(NULL AS VARCHAR)' },
  modality: { key: 'modality_key', name: 'modality', id: 'CAST(NULL AS VARCHAR)' },
  status: { key: 'status_key', name: 'status', id: 'CAST(NULL AS VARCHAR)' },
} as const satisfies Readonly<Record<NamedKind, object>>

/** The words of object, item and category, folded, each between spaces. */
const TEXT = `' ' || ${foldedSql(
  `concat_ws(' ', object, item, category, array_to_string(list_transform(items, x -> x.item), ' '))`,
)} || ' '`

/** Columns of `deals` that are the same in all rows of one contract, or whose first counts. */
const FIRST = [
  'contract_id',
  'contract_number',
  'process_number',
  'kind',
  'modality',
  'modality_key',
  'status',
  'status_key',
  'supplier_id',
  'supplier_name',
  'buyer_id',
  'buyer_name',
  'unit_id',
  'unit_name',
  'unit_key',
  'buyer',
  'object',
  'category',
  'category_key',
  'item',
  'day',
  'start_at',
  'end_at',
]

/** Columns that `contracts` does not have: keys of names without a number, and the words of what is bought. */
export const KEYED = `nullif(fold(category), '') AS category_key, nullif(fold(modality), '') AS modality_key,
  nullif(fold(status), '') AS status_key, ${TEXT} AS text`

const ONE_CONTRACT = 'contract_key, supplier_key, buyer_key, money'

/**
 * Makes `deals` out of the table `contracts` that investigation/analysis.ts describes: one row for each contract of a
 * supplier with a buyer, also where the file has a row for each item. Its `cents` is the contract's value, null where
 * none is positive, `initial` its first one; budget commitments whose contract is in the file too are left out.
 */
export const layOutDeals = async (connection: DuckDBConnection, signal: AbortSignal): Promise<void> => {
  const run = (sql: string) => execute(connection, sql, {}, signal)
  await run(
    `CREATE VIEW single AS SELECT * REPLACE (CASE WHEN cents > 0 THEN cents END AS cents),
       CASE WHEN cents > 0 AND initial_value > 0 AND initial_value < 9e13
         THEN CAST(round(initial_value * 100) AS BIGINT) END AS initial, ${KEYED}
     FROM contracts WHERE NOT own_commitment`,
  )
  const [rows] = await all<{ several: boolean }>(
    connection,
    `SELECT count(*) > count(DISTINCT hash(${ONE_CONTRACT})) AS several FROM single`,
    {},
    signal,
  )
  await run(
    `CREATE TABLE deals AS ${
      rows?.several
        ? `SELECT ${ONE_CONTRACT}, min(line) AS line,
             ${FIRST.map((column) => `arg_min(${column}, line) AS ${column}`).join(', ')},
             CAST(sum(cents) AS BIGINT) AS cents, CAST(sum(initial) AS BIGINT) AS initial, string_agg(text, '') AS text
           FROM single GROUP BY ${ONE_CONTRACT}`
        : `SELECT ${ONE_CONTRACT}, line, ${FIRST.join(', ')}, cents, initial, text FROM single`
    }`,
  )
}

const readNames = async (
  connection: DuckDBConnection,
  kind: NamedKind,
  signal: AbortSignal,
): Promise<KnownName[]> => {
  const { key, name, id } = KIND_COLUMNS[kind]
  const found = await all<Omit<KnownName, 'kind' | 'words'>>(
    connection,
    `SELECT ${key} AS key, ${name} AS name, min(${id}) AS id, CAST(count(*) AS DOUBLE) AS contracts
     FROM deals WHERE ${key} IS NOT NULL AND ${name} IS NOT NULL
     GROUP BY 1, 2 ORDER BY count(*) DESC, 2 LIMIT ${MOST_NAMES}`,
    {},
    signal,
  )
  return found.map((one) => {
    const words = [...new Set(wordsOf(one.name))].filter(
      (word, _at, all) => all.length === 1 || !LEGAL.has(word),
    )
    return { ...one, kind, words, stems: words.map(stem) }
  })
}

const listed = <K, V>(entries: Iterable<readonly [K, V]>): Map<K, V[]> => {
  const lists = new Map<K, V[]>()
  for (const [key, value] of entries) {
    const list = lists.get(key)
    if (list) list.push(value)
    else lists.set(key, [value])
  }
  return lists
}

const counted = (words: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

/** Reads the names and words of a dataset, of its table `deals`. */
export const readRegister = async (connection: DuckDBConnection, signal: AbortSignal): Promise<Register> => {
  const names: KnownName[] = []
  for (const kind of NAMED_KINDS) names.push(...(await readNames(connection, kind, signal)))
  const found = await all<{ word: string; contracts: number }>(
    connection,
    `SELECT word, CAST(count(*) AS DOUBLE) AS contracts
     FROM (SELECT unnest(list_distinct(string_split(trim(text), ' '))) AS word FROM deals)
     WHERE word <> '' GROUP BY word ORDER BY count(*) DESC LIMIT ${MOST_WORDS}`,
    {},
    signal,
  )
  const currencies = await all<{ currency: string; contracts: number }>(
    connection,
    `SELECT money AS currency, CAST(count(*) AS DOUBLE) AS contracts FROM deals WHERE cents IS NOT NULL
     GROUP BY money ORDER BY count(*) DESC, money`,
    {},
    signal,
  )
  const [span] = await all<{ contracts: number; first: string | null; last: string | null }>(
    connection,
    `SELECT CAST(count(*) AS DOUBLE) AS contracts, CAST(min(day) AS VARCHAR) AS first, CAST(max(day) AS VARCHAR) AS last
     FROM deals`,
    {},
    signal,
  )
  const [left] = await all<{ rows: number; commitments: number }>(
    connection,
    `SELECT CAST(count(*) AS DOUBLE) AS rows, CAST(count(*) FILTER (own_commitment) AS DOUBLE) AS commitments
     FROM contracts`,
    {},
    signal,
  )
  const { rows = 0, commitments = 0 } = left ?? {}
  return {
    contracts: span?.contracts ?? 0,
    merged: rows - commitments - (span?.contracts ?? 0),
    commitments,
    currencies,
    firstDay: span?.first ?? null,
    lastDay: span?.last ?? null,
    names,
    namesByStem: listed(names.flatMap((one) => one.stems.map((part) => [part, one] as const))),
    namesWithWord: counted(names.flatMap(({ words }) => words)),
    namesByName: listed(names.map((one) => [folded(one.name), one] as const)),
    namesByInitials: listed(
      names
        .filter((one) => one.words.length >= 2)
        .map((one) => [one.words.map((word) => word[0]).join(''), one] as const),
    ),
    words: new Map(found.map(({ word, contracts }) => [word, contracts])),
    wordsByStem: listed(found.map(({ word }) => [stem(word), word] as const)),
  }
}

const digitsOf = (text: string): string | undefined => {
  const digits = text.replace(/[\s./-]/g, '')
  return /^\d{8,14}$/.test(digits) ? digits : undefined
}

/**
 * Finds the names of a kind that a text stands for: those that are it; else whose number begins with its digits; else
 * those that have all of its words. Empty where the dataset has none.
 */
export const namesCalled = (register: Register, kind: NamedKind, text: string): KnownName[] => {
  const wanted = folded(text)
  const stems = wordsOf(text)
    .filter((word, _at, all) => all.length === 1 || !LEGAL.has(word))
    .map(stem)
  const same = (register.namesByName.get(wanted) ?? []).filter((one) => one.kind === kind)
  if (same.length > 0) return same
  const digits = digitsOf(text)
  if (digits !== undefined) {
    const numbered = register.names.filter((one) => one.kind === kind && one.id?.startsWith(digits))
    if (numbered.length > 0) return numbered
  }
  const having = register.namesByStem.get(stems[0] ?? '') ?? []
  return having.filter((one) => one.kind === kind && stems.every((part) => one.stems.includes(part)))
}
