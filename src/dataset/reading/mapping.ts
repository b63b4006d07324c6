import { badFields, type FieldError } from '../../errors.ts'
import { type Sentence, say } from '../../language/sentence.ts'
import { MAPPABLE_COLUMNS } from '../../protocol/contract.ts'
import { amendTotals } from '../totals.ts'
import { type Canonical, CONTENT_KINDS } from './canonical.ts'
import { type Content, contentFit, describeColumns } from './content.ts'
import { fold } from './header-name.ts'
import { meanings } from './lexicon.ts'
import { currencyOfHeader } from './money-unit.ts'
import { shareColumns } from './shared-columns.ts'
import { hintFor, toldHint, unusableTable } from './unusable.ts'

/** The source column of each canonical one. */
export interface Mapping {
  columns: Map<Canonical, number>
  /** Notices about the file for its uploader. */
  warnings: Sentence[]
  /** Counts of the cells of each source column. */
  contents: Content[]
}

interface Claim {
  canonical: Canonical
  column: number
  score: number
  /** The column with the name, where the values are in the one beside it. */
  namedAt?: number
}

/** Lowest score of a name; lower ones are too vague. */
const LEAST_SCORE = 25
/** Score of a column of commitments' numbers, above that of any name: where each row is one, its number tells it apart. */
const COMMITMENTS_SCORE = 120
/** Text columns that must have words. */
const WORDS: ReadonlySet<Canonical> = new Set(['supplier_name', 'buyer_name', 'object', 'item', 'unit_name'])
const AMOUNTS: readonly Canonical[] = ['final_value', 'updated_initial_value', 'initial_value']
const SUBJECTS: readonly Canonical[] = [
  'supplier_id',
  'supplier_name',
  'buyer_name',
  'object',
  'item',
  'contract_number',
  'contract_id',
]

/**
 * Assigns to each canonical column at most one source column, by name and by content; the caller's mapping comes
 * first. Where a file names only units, they are also the buyers.
 * @param asked canonical column → source column name
 * @throws {Problem} `VALIDATION_FAILED` for a mapping that cannot be applied, `UNUSABLE_DATASET` where no contracts
 *   can be read
 */
export function mapColumns(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  asked: Readonly<Record<string, string>> = {},
): Mapping {
  const contents = describeColumns(rows, names.length)
  const chosen = askedColumns(names, asked)
  const columns = new Map(chosen)
  const taken = new Set(columns.values())
  const warnings: Sentence[] = []
  const claims = claimsOf(names, contents).sort((a, b) => b.score - a.score || a.column - b.column)
  for (const claim of claims) {
    if (columns.has(claim.canonical) || taken.has(claim.column)) continue
    columns.set(claim.canonical, claim.column)
    taken.add(claim.column)
    if (claim.namedAt !== undefined) {
      const side = claim.column < claim.namedAt ? 'left' : 'right'
      warnings.push(say('dataset.column_moved', { column: names[claim.namedAt] as string, side }))
    }
  }
  shareColumns({ names, contents, rows, columns, chosen })
  warnings.push(...amendTotals({ names, contents, rows, columns, chosen }))
  warnings.push(...rivals(names, claims, columns, rows))
  if (!chosen.has('currency')) dropConverted(names, columns)
  requireUsable(names, columns, contents)
  return { columns, warnings, contents }
}

function askedColumns(
  names: readonly string[],
  asked: Readonly<Record<string, string>>,
): Map<Canonical, number> {
  const known = new Set<string>(MAPPABLE_COLUMNS)
  const errors: FieldError[] = []
  const columns = new Map<Canonical, number>()
  for (const [canonical, name] of Object.entries(asked)) {
    if (!known.has(canonical)) {
      errors.push({
        field: '?mapping',
        reason: say('field.mapping_column', { column: JSON.stringify(canonical), allowed: MAPPABLE_COLUMNS }),
      })
      continue
    }
    const exact = names.indexOf(name)
    const column =
      exact >= 0 ? exact : names.findIndex((candidate) => fold(candidate) === fold(name) && name !== '')
    if (column < 0) {
      const headers = seenHeaders(names)
      errors.push({ field: '?mapping', reason: say('unusable.mapping_missing', { column: name, headers }) })
    } else columns.set(canonical as Canonical, column)
  }
  if (errors.length > 0) throw badFields(errors)
  return columns
}

/** As many of a file's headers as a sentence names. */
const seenHeaders = (names: readonly string[]): string[] => names.filter((name) => name !== '').slice(0, 40)

function claimsOf(names: readonly string[], contents: readonly Content[]): Claim[] {
  const claims: Claim[] = []
  const itemised = names.some((name) =>
    meanings(name).some(([canonical]) => canonical === 'quantity' || canonical === 'unit_price'),
  )
  names.forEach((name, column) => {
    const { filled, commitments } = contents[column] as Content
    if (filled > 0 && commitments >= 0.9 * filled)
      claims.push({ canonical: 'contract_number', column, score: COMMITMENTS_SCORE })
    for (const [canonical, named] of meanings(name)) {
      const score =
        itemised && canonical === 'unit_of_measure' ? 100 : named + nearness(canonical, names, column)
      const content = contents[column] as Content
      const fit = fitOf(canonical, content, name)
      const fill = content.rows === 0 ? 1 : 0.55 + 0.45 * (content.filled / content.rows)
      if (fit > 0 && score * fit * fill >= LEAST_SCORE)
        claims.push({ canonical, column, score: score * fit * fill })
      if (content.rows === 0 || (fit === 1 && content.filled > 0)) continue
      for (const beside of [column - 1, column + 1]) {
        if (mayStandBeside(canonical, names, contents, beside)) {
          claims.push({ canonical, column: beside, score: score * 0.9, namedAt: column })
        }
      }
    }
  })
  return claims
}

/**
 * Returns a bonus for a column beside the other half of the supplier, and a penalty for a tax number behind the
 * buyer's name: a bare `CNPJ` is rather the supplier's than the buyer's. An officer is no buyer.
 */
function nearness(canonical: Canonical, names: readonly string[], column: number): number {
  if (canonical === 'buyer_name') return isOfficer(names, column) ? -Infinity : 0
  if (canonical !== 'supplier_id' && canonical !== 'supplier_name') return 0
  const isNamed = (beside: number, party: Canonical, least = 88): boolean =>
    meanings(names[beside] ?? '').some(([meant, score]) => meant === party && score >= least)
  if (canonical === 'supplier_name') return isNamed(column - 1, 'supplier_id', 50) ? 8 : 0
  if (isNamed(column + 1, 'supplier_name') || isNamed(column - 1, 'supplier_name')) return 4
  return isNamed(column - 1, 'buyer_name') ? -8 : 0
}

const REACHED = /^(?:buyer|comprador) (?:e ?mail|phone|telefon[eo])\b/

/** Tells whether a column called `Buyer Name` names an officer: it has an address beside, and a division buys. */
const isOfficer = (names: readonly string[], column: number): boolean =>
  /^(?:buyer|comprador)(?: name| nome)?$/.test(fold(names[column] as string)) &&
  names.some((name) => REACHED.test(fold(name))) &&
  names.some((name) => meanings(name).some(([meant]) => meant === 'unit_name'))

/** Matches names of counts over their folded text: `Número de contratos`, `Qtd. processos`, `contract count`. */
const COUNTED =
  /^(?:n|no|nr|nro|num|numero|number|qtd|qtde|qt|quantidade|cantidad|cant|total|count|conteo|contagem)(?: (?:de|of|d[oa]s))? \p{L}+s\b|\b(?:count|counts|quantidade|qtde?|cantidad|conteo|contagem)\b/u
const NUMBERS: ReadonlySet<Canonical> = new Set([
  'contract_id',
  'contract_number',
  'process_number',
  'item_code',
])

/**
 * Tells whether a column that is named as a number holds a count: whole numbers, small and mostly one or two, or coming
 * again under the name of a count. A number tells its row from others, a count does not.
 */
const isCount = (content: Content, name: string): boolean =>
  content.filled > 1 &&
  content.integers === content.filled &&
  ((content.filled >= 10 &&
    content.fewest >= 0.5 * content.filled &&
    content.different < content.filled / 2) ||
    (COUNTED.test(fold(name)) && (content.different < content.filled || content.filled < 10)))

/** Matches names that a commitment's number has, and its amount too. */
const COMMITTED = /^(?:compromiso|commitment)$/
const hasDecimals = ({ amountTally }: Content): boolean => amountTally.comma + amountTally.dot > 0

/**
 * Tells whether content is of another kind: a year or a count is no number of a contract, and a state of a federation
 * no state of a contract.
 */
const isOther = (canonical: Canonical, content: Content, name: string): boolean =>
  (canonical === 'contract_number' && content.filled > 1 && content.years === content.filled) ||
  (canonical === 'contract_number' && COMMITTED.test(fold(name)) && hasDecimals(content)) ||
  (NUMBERS.has(canonical) && isCount(content, name)) ||
  (canonical === 'status' && content.filled > 0 && content.states + content.codes >= 0.8 * content.filled)

/** Returns how well content fits a column. Codes must have digits: a unit in words is a unit's name. */
const fitOf = (canonical: Canonical, content: Content, name: string): number =>
  isOther(canonical, content, name)
    ? 0
    : (canonical === 'unit_id' && content.filled > 0 && content.numbered < 0.5 * content.filled ? 0.5 : 1) *
      contentFit(content, CONTENT_KINDS[canonical], WORDS.has(canonical))

/**
 * Tells whether a column without a name, or with a name that its content contradicts, has the content for which its
 * neighbour is named.
 */
function mayStandBeside(
  canonical: Canonical,
  names: readonly string[],
  contents: readonly Content[],
  column: number,
): boolean {
  const content = contents[column]
  if (!content || content.filled < Math.max(1, 0.2 * content.rows)) return false
  const name = names[column] as string
  if (name !== '') {
    const own = meanings(name)
    if (own.length === 0 || own.some(([meant]) => fitOf(meant, content, name) === 1)) return false
  }
  const kind = CONTENT_KINDS[canonical]
  if (kind === 'amount')
    return content.amounts >= 0.9 * content.filled && content.taxNumbers < 0.3 * content.filled
  if (kind === 'day') return content.days >= 0.9 * content.filled
  if (kind === 'tax') return content.taxNumbers >= 0.5 * content.filled
  if (canonical === 'process_number')
    return (
      content.numbered >= 0.9 * content.filled && content.days + content.amounts + content.taxNumbers === 0
    )
  return (
    WORDS.has(canonical) && content.lettered >= 0.8 * content.filled && content.days + content.amounts === 0
  )
}

/** Drops the column of currencies where the total's own name has a currency: the total was converted. */
function dropConverted(names: readonly string[], columns: Map<Canonical, number>): void {
  const total = columns.get('final_value')
  if (total !== undefined && currencyOfHeader(names[total] as string)) columns.delete('currency')
}

/** Canonical columns for which a warning names a second fitting column. */
const RIVALLED = [
  'final_value',
  'initial_value',
  'unit_price',
  'supplier_name',
  'supplier_id',
  'buyer_name',
  'signed_at',
] as const
/** Part of the first column's score from which a second one counts as fitting. */
const NEAR = 0.9

/** Tells whether two columns have one name with different numbers: `valorcontrato1` and `valorcontrato2`. */
function areNumbered(names: readonly string[], column: number, other: number): boolean {
  const bare = (at: number): string => fold(names[at] as string).replace(/\d+/g, '')
  return bare(column) === bare(other) && /\d/.test(names[column] as string)
}

/** Returns the ignored columns that fitted as well as the chosen one and have other content. */
function rivals(
  names: readonly string[],
  claims: readonly Claim[],
  columns: ReadonlyMap<Canonical, number>,
  rows: readonly (readonly string[])[],
): Sentence[] {
  const used = new Set(columns.values())
  const isSame = (column: number, other: number | undefined): boolean =>
    other !== undefined && rows.every((row) => row[column]?.trim() === row[other]?.trim())
  return RIVALLED.flatMap((canonical) => {
    const taken = columns.get(canonical)
    const best = claims.find((claim) => claim.canonical === canonical && claim.column === taken)
    if (taken === undefined || !best) return []
    return claims
      .filter(
        (claim) =>
          claim.canonical === canonical &&
          !used.has(claim.column) &&
          (claim.score >= NEAR * best.score || areNumbered(names, claim.column, taken)),
      )
      .filter(({ column }) => !isSame(column, taken) && !isSame(column, columns.get('initial_value')))
      .map(({ column }) =>
        say('dataset.two_columns', {
          meant: canonical,
          taken: names[taken] as string,
          left: names[column] as string,
        }),
      )
  })
}

function requireUsable(
  names: readonly string[],
  columns: ReadonlyMap<Canonical, number>,
  contents: readonly Content[],
): void {
  const headers = seenHeaders(names)
  if (headers.length === 0) throw unusableTable(say('unusable.json_values'), { names, columns, contents })
  const hasAmount =
    AMOUNTS.some((amount) => columns.has(amount)) || (columns.has('unit_price') && columns.has('quantity'))
  const table = { names, columns, contents }
  const hint = hintFor(table)
  if (!hasAmount) {
    const told = { headers, ...toldHint(hint, 'final_value') }
    throw unusableTable(say('unusable.no_amount_column', told), table, hint)
  }
  if (!SUBJECTS.some((subject) => columns.has(subject))) {
    const told = { headers, ...toldHint(hint, 'supplier_name') }
    throw unusableTable(say('unusable.no_subject_column', told), table, hint)
  }
}
