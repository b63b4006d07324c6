import { isBlank } from '../reading/blank.ts'
import type { Canonical } from '../reading/canonical.ts'
import { trimmed } from '../reading/cell-text.ts'
import { fold, headerWords } from '../reading/header-name.ts'
import { listsMembers } from '../reading/lexicon-dialects.ts'
import { readEntry } from './commitment-entry.ts'
import { numberParts } from './contract-key.ts'

/** Columns that show which rows belong to one contract; they are read beside the canonical ones, and not stored. */
export const JOIN_COLUMNS = [
  'entry',
  'entry_kind',
  'year',
  'amendment',
  'percent',
  'refers_to',
  'item_number',
  'part_of',
] as const
export type JoinColumn = (typeof JOIN_COLUMNS)[number]

export const isJoinColumn = (name: string): name is JoinColumn =>
  (JOIN_COLUMNS as readonly string[]).includes(name)

/** The rule by which rows of a file are joined into contracts. */
export interface JoinPlan {
  /**
   * `stages`: rows are entries of commitments. `items`: rows are items; where the total of all is repeated beside each,
   * it counts once. `amendments`: a number that comes again is the same contract at a later time. `either`: as items where
   * the number has a unit price in some row, else as amendments. `none`: numbers are those of payments or documents.
   */
  by: 'stages' | 'items' | 'amendments' | 'either' | 'none'
  columns: ReadonlyMap<JoinColumn, number>
  /** Whether each row's amount is a change of the total. */
  additive: boolean
  /** Whether the total's name says that it is the whole contract's, also beside each item. */
  whole: boolean
  /** True where rows of one number, day and amount are the suppliers of one contract. */
  members: boolean
}

/** The rule for a file with one row for each contract. */
export const NO_JOINS: JoinPlan = {
  by: 'none',
  columns: new Map(),
  additive: false,
  whole: false,
  members: false,
}

const YEAR =
  /^(?:ano|exercicio|anio|ejercicio|year|fiscal year|gestion|vigencia fiscal|numero ano)(?: (?:contrato|empenho|exercicio|instrumento|ajuste|emissao|fiscal|compromiso|financeiro))?$/
const AMENDMENT_NAME =
  /\b(?:aditivo|aditamento|apostilamento|otrosi|modificatorio|adenda|amendment|addendum|modification numero|numero modification)\b/
const AMENDMENT_COUNT = /\b(?:valor|quantidade|total|percentual|data|prazo|aditivos|adiciones|link|url)\b/
const AMENDMENT =
  /\baditiv|\baditament|\bt a \d|\bta \d|\bapostil|\botrosi\b|\bmodificatori|\badendas?\b|\bamend|\baddend|\bprorrogac|\brerratific/
const NO_AMENDMENT =
  /^(?:0+|nao|no|n|false|falso|original|contrato|contrato original|principal|inicial|sem aditivos?|sin adenda|none|contract|p00000)$/
const PERCENT_NAME = /percent|porcent/
const PERCENT_WORDS =
  /^(?:1|0|sim|nao|si|no|s|n|yes|y|true|false|verdadeiro|falso|percentual|percentagem|porcentagem|porcentaje|percentage|percent|valor|value|monto|importe|absoluto|r|fijo|fixo|)$/
const IS_PERCENT =
  /^(?:1|sim|si|s|yes|y|true|verdadeiro|percentual|percentagem|porcentagem|porcentaje|percentage|percent|)$/
const REFERS =
  /^(?:(?:numero|nr|n|id|codigo|number)(?: d[oae]l?)? )?(?:(?:empenho|contrato|documento|compromiso|contract|document|commitment|invoice|factura)(?: (?:number|no|numero))? (?:original|origem|de origem|de origen|origen|principal|referencia|de referencia|referenciado|anulado|estornado|reversed|cancelado|pai)|(?:original|parent|reversed|referenced) (?:contract|document|commitment|invoice|transaction)(?: (?:number|no|id))?|reverses|refers to|reversal of)$/
/** Matches names of columns whose numbers are those of payments or documents. */
const DOCUMENT =
  /transac|transaction|\btrans\b|invoice|voucher|docno|\bdoc\b|document|nota fiscal|factura|fatura|recibo|payment|pagamento|\bpago\b|comprobante|txtnumero|ocid|journal/
/** Matches names of days on which something is paid or booked, over their words. */
const PAID_DAY = /\bpag[oa]\b|\bpag(?:amento|ado)\b|\bpay(?:ment)?\b|\bpaid\b|\bclearing\b|\bposting\b|\bgl\b/
const ADDITIVE = /\baction obligation\b|^valor (?:aditivo|modificacao|alteracao)$/
/** Matches names of columns that number the items of one contract. */
const ITEM_NUMBER =
  /^(?:(?:numero|id|n) )?(?:item|renglon|linha|linea|line|sequencial)(?: (?:numero|item|no))?$/
/** Matches names of columns that number projects, of which one contract may have several. */
const PROJECT =
  /^(?:(?:numero|id|codigo) (?:projeto|proyecto|project|obra)|(?:projeto|proyecto|project|obra) (?:numero|id|codigo))$/
const WHOLE = /\b(?:contrato|processo|compra|licitacao|empenho)\b/
const STAGE_NAME = /fase|etapa|estagio|stage|phase|empenh|compromis|commitment/

/**
 * Tells whether the rows of a table are payments: their number is that of a payment or a document, their day that of a
 * payment, or their amount one that was paid. A payment that comes again is no later state of the one before.
 */
export function listsPayments(names: readonly string[], columns: ReadonlyMap<Canonical, number>): boolean {
  const named = (canonical: Canonical): string => {
    const column = columns.get(canonical)
    return column === undefined
      ? ''
      : `${fold(names[column] as string)} ${headerWords(names[column] as string)}`
  }
  const number = columns.has('contract_number') ? named('contract_number') : named('contract_id')
  if (DOCUMENT.test(number) && !/contrat|contract|empenho/.test(number)) return true
  return PAID_DAY.test(named('signed_at')) || /\bpag[oa]|\bpaid\b|liquidad/.test(named('final_value'))
}

/** Columns that contracts and purchases have and payments have not. */
const OF_CONTRACTS: readonly Canonical[] = ['start_at', 'end_at', 'modality', 'legal_basis', 'process_number']

/**
 * Tells whether a dataset lists payments and nothing of the contracts behind them.
 * @param mapped canonical column → source column's name
 */
export function isPaymentList(mapped: Readonly<Record<string, string>>): boolean {
  const names = Object.values(mapped)
  const columns = new Map(Object.keys(mapped).map((canonical, at) => [canonical as Canonical, at]))
  return listsPayments(names, columns) && !OF_CONTRACTS.some((canonical) => columns.has(canonical))
}

interface Table {
  names: readonly string[]
  rows: readonly (readonly string[])[]
  columns: ReadonlyMap<Canonical, number>
}

/** Chooses the rule by which rows become contracts, from the headers of a file and a sample of its rows. */
export function planJoins({ names, rows, columns }: Table): JoinPlan {
  const found = new Map<JoinColumn, number>()
  const number = columns.get('contract_number') ?? columns.get('contract_id')
  const total = columns.get('final_value')
  const plain = { columns: found, additive: false, whole: false, members: false }
  const none: JoinPlan = { by: 'none', ...plain }
  const entries = entryColumns({ names, rows, columns })
  entries.forEach((column, at) => {
    found.set(at === 0 ? 'entry' : 'entry_kind', column)
  })
  if (number === undefined) return none
  const folded = names.map(fold)
  const words = names.map(headerWords)
  const used = new Set(columns.values())
  const free = (column: number): boolean => !used.has(column)
  const year = words.findIndex((name, at) => YEAR.test(name) && free(at) && isYear(rows, at))
  if (year >= 0) found.set('year', year)
  const refers = folded.findIndex((name, at) => REFERS.test(name) && free(at))
  if (refers >= 0) found.set('refers_to', refers)
  const item = words.findIndex((name, at) => ITEM_NUMBER.test(name) && at !== number)
  if (item >= 0) found.set('item_number', item)
  const project = words.findIndex((name, at) => PROJECT.test(name) && free(at))
  if (project >= 0) found.set('part_of', project)
  if (found.has('entry')) return { by: 'stages', ...plain }
  const itemised = columns.has('unit_price') && columns.has('quantity')
  if (listsPayments(names, columns)) return itemised ? { by: 'items', ...plain } : none
  const amendment = amendmentColumn(names, words, rows, columns)
  if (amendment !== undefined) found.set('amendment', amendment)
  const percent = folded.findIndex(
    (name, at) =>
      free(at) &&
      (PERCENT_NAME.test(name) || (names[at] as string).includes('%') || isPercentWords(rows, at)) &&
      rows.every((row) => PERCENT_WORDS.test(fold(row[at] ?? ''))),
  )
  if (percent >= 0) found.set('percent', percent)
  return {
    by: itemised ? 'either' : 'amendments',
    columns: found,
    additive: total !== undefined && ADDITIVE.test(words[total] as string),
    whole: total !== undefined && WHOLE.test(words[total] as string),
    members: listsMembers(names),
  }
}

/** Returns the columns, at most two, whose cells name entries of a commitment's account. */
function entryColumns({ names, rows, columns }: Table): number[] {
  const values = new Set(
    (['final_value', 'supplier_name', 'supplier_id', 'object', 'buyer_name'] as const).map((name) =>
      columns.get(name),
    ),
  )
  const found: { column: number; staged: boolean }[] = []
  for (let column = 0; column < names.length; column++) {
    if (values.has(column)) continue
    let filled = 0
    let known = 0
    const entries = new Set<string>()
    for (const row of rows) {
      const text = trimmed(row[column] ?? '')
      if (text === '' || isBlank(text)) continue
      filled++
      const entry = readEntry(text)
      if (!entry) continue
      known++
      entries.add(`${entry.stage ?? ''} ${entry.kind ?? ''}`)
    }
    if (filled === 0 || known < 0.9 * filled) continue
    const all = [...entries].join()
    const staged = /committed|verified|paid/.test(all)
    const changes = /annulment|reinforcement/.test(all) && (/original/.test(all) || staged)
    if (
      (staged && entries.size > 1) ||
      changes ||
      (staged && STAGE_NAME.test(fold(names[column] as string)) && /committed/.test(all))
    )
      found.push({ column, staged })
  }
  return found
    .sort((a, b) => Number(b.staged) - Number(a.staged))
    .slice(0, 2)
    .map(({ column }) => column)
}

function amendmentColumn(
  names: readonly string[],
  words: readonly string[],
  rows: readonly (readonly string[])[],
  columns: ReadonlyMap<Canonical, number>,
): number | undefined {
  const own = words.findIndex((name, at) => {
    if (!AMENDMENT_NAME.test(name) || AMENDMENT_COUNT.test(name)) return false
    return rows.every((row) => !/\d{4,}[.,]|[.,]\d{2}$/.test(row[at] ?? ''))
  })
  if (own >= 0) return own
  const worded = (column: number): boolean =>
    rows.some((row) => (row[column] ?? '').length < 60 && AMENDMENT.test(fold(row[column] ?? '')))
  const likely = (['modality', 'kind', 'contract_number'] as const).flatMap((name) => columns.get(name) ?? [])
  const other = names
    .map((_, at) => at)
    .filter((at) => /\b(?:tipo|instrumento|especie|natureza|termo|evento)\b/.test(words[at] as string))
  return [...likely, ...other].find(worded)
}

const isYear = (rows: readonly (readonly string[])[], column: number): boolean =>
  rows.every((row) => /^(?:(?:19|20)\d\d)?$/.test((row[column] ?? '').trim()))

const isPercentWords = (rows: readonly (readonly string[])[], column: number): boolean =>
  rows.some((row) => /^(?:percentual|porcentagem|porcentaje|percentage|%)$/i.test((row[column] ?? '').trim()))

/** Converts a cell of a join column into the form that joining compares; returns null where it has no meaning. */
export function readJoinCell(column: JoinColumn, cell: string): string | null {
  const text = trimmed(cell)
  if (text === '') return null
  switch (column) {
    case 'entry':
    case 'entry_kind': {
      const entry = readEntry(text)
      return entry ? `${entry.stage ?? ''}/${entry.kind ?? ''}` : null
    }
    case 'amendment': {
      const words = fold(text)
      const { amendment } = numberParts(text)
      if (amendment !== null) return String(amendment)
      if (NO_AMENDMENT.test(words) || isBlank(text)) return null
      const isAmendment = AMENDMENT.test(words)
      const ordinal = /\d{1,3}(?!\d)/.exec(words)?.[0]
      if (isAmendment) return ordinal ? String(Number(ordinal)) : '1'
      return /^(?:\d{1,3}|p\d{5})(?: ?[oa])?$/.test(words) ? String(Number(words.replace(/\D/g, ''))) : null
    }
    case 'percent':
      return IS_PERCENT.test(fold(text)) && text !== '0' ? '1' : null
    default:
      return isBlank(text) ? null : text.slice(0, 200)
  }
}
