import { listsPayments } from '../joining/join-columns.ts'
import type { Canonical } from './canonical.ts'
import type { Content } from './content.ts'
import { fold, headerWords } from './header-name.ts'

/** A table whose columns are mapped by their names. */
interface NamedTable {
  names: readonly string[]
  contents: readonly Content[]
  rows: readonly (readonly string[])[]
  /** The mapping, which is amended in place. */
  columns: Map<Canonical, number>
  /** The caller's own mapping, which stays. */
  chosen: ReadonlyMap<Canonical, number>
}

/** Gives columns whose content says more than their names, or something else, the meanings that they have. */
export function shareColumns(table: NamedTable): void {
  dropEchoes(table)
  shareJoinedParties(table.columns, table.contents, table.chosen)
  nameSuppliers(table)
  numberContracts(table)
  shareOthers(table.columns, table.contents, table.names, table.chosen)
  classPayments(table)
  dropCounts(table)
}

/** Least rows that show that a column repeats the supplier. */
const ECHOED = 3
/** Part of a column's cells that are then the supplier's. */
const ECHOES = 0.9

/** Drops a buyer that is the supplier again in nearly every row that has one, such as the leader of a grouping. */
function dropEchoes({ rows, columns, chosen }: NamedTable): void {
  const [buyer, supplier] = [columns.get('buyer_name'), columns.get('supplier_name')]
  if (buyer === undefined || supplier === undefined || buyer === supplier || chosen.has('buyer_name')) return
  const named = rows.filter((row) => (row[buyer] ?? '').trim() !== '')
  const same = named.filter((row) => fold(row[buyer] as string) === fold(row[supplier] ?? ''))
  if (same.length >= ECHOED && same.length >= ECHOES * named.length) columns.delete('buyer_name')
}

/** Share of different texts up to which a column of many rows names classes. */
const CLASSES = 0.1
/** Filled cells from which that share is a proof. */
const MANY = 50

/** Takes what describes payments for their category where it names the account, which many payments share. */
function classPayments({ names, contents, columns, chosen }: NamedTable): void {
  const object = columns.get('object')
  if (object === undefined || chosen.has('object') || !listsPayments(names, columns)) return
  const { filled, different } = contents[object] as Content
  if (filled < MANY || different > CLASSES * filled) return
  columns.delete('object')
  if (!columns.has('category')) columns.set('category', object)
}

/** Drops a quantity that is the number of a contract's items, where no item has a price. */
function dropCounts({ names, columns, chosen }: NamedTable): void {
  const quantity = columns.get('quantity')
  if (quantity === undefined || chosen.has('quantity') || columns.has('unit_price')) return
  if (/\b(?:itens|items|renglones|lineas|linhas|lines)\b/.test(fold(names[quantity] as string)))
    columns.delete('quantity')
}

/**
 * Takes the contracts' own ids for their numbers where no other column has these: a bare `id` beside them is of something
 * else, such as a project of several contracts.
 */
function numberContracts({ names, columns, chosen }: NamedTable): void {
  const id = columns.get('contract_id')
  const number = columns.get('contract_number')
  if (id === undefined || id === number || chosen.has('contract_id') || chosen.has('contract_number')) return
  if (number !== undefined && fold(names[number] as string) !== 'id') return
  columns.delete('contract_id')
  columns.set('contract_number', id)
}

/** Takes a column that is named as the suppliers' numbers for their names, where it has these. */
function nameSuppliers({ contents, columns, chosen }: NamedTable): void {
  const id = columns.get('supplier_id')
  if (id === undefined || chosen.has('supplier_id') || columns.has('supplier_name')) return
  const { filled, lettered, numbered, joined } = contents[id] as Content
  if (filled === 0 || joined > 0 || lettered < 0.9 * filled || numbered > 0.2 * filled) return
  columns.delete('supplier_id')
  columns.set('supplier_name', id)
}

/** Maps both canonical columns to one source column whose cells have a party and its tax number. */
function shareJoinedParties(
  columns: Map<Canonical, number>,
  contents: readonly Content[],
  chosen: ReadonlyMap<Canonical, number>,
): void {
  const holdsBoth = (column: number | undefined): column is number => {
    const content = column === undefined ? undefined : contents[column]
    return content !== undefined && content.joined > 0 && content.joined >= 0.3 * content.filled
  }
  for (const party of ['supplier', 'buyer'] as const) {
    const name = columns.get(`${party}_name`)
    const id = columns.get(`${party}_id`)
    if (id === undefined && holdsBoth(name) && !chosen.has(`${party}_id`)) columns.set(`${party}_id`, name)
    if (name === undefined && holdsBoth(id) && !chosen.has(`${party}_name`)) columns.set(`${party}_name`, id)
  }
}

/**
 * Maps columns with two meanings: units where no buyer is named, a term of two days in one cell, and, where rows
 * are items, their plain description.
 */
function shareOthers(
  columns: Map<Canonical, number>,
  contents: readonly Content[],
  names: readonly string[],
  chosen: ReadonlyMap<Canonical, number>,
): void {
  const unit = columns.get('unit_name')
  const buyer = columns.get('buyer_name')
  const town =
    buyer !== undefined &&
    !chosen.has('buyer_name') &&
    /\bmunicipio$/.test(headerWords(names[buyer] as string))
  if (unit !== undefined && (town || (buyer === undefined && !columns.has('buyer_id'))))
    columns.set('buyer_name', unit)
  const start = columns.get('start_at')
  const term = start === undefined ? undefined : contents[start]
  if (
    start !== undefined &&
    term &&
    !columns.has('end_at') &&
    term.terms > 0 &&
    term.terms >= 0.5 * term.filled
  ) {
    columns.set('end_at', start)
  }
  if (
    start !== undefined &&
    term &&
    !columns.has('end_at') &&
    !chosen.has('start_at') &&
    term.terms === 0 &&
    /^(?:prazo )?vigencia(?: contrato)?$/.test(headerWords(names[start] as string))
  ) {
    columns.set('end_at', start)
    columns.delete('start_at')
  }
  const object = columns.get('object')
  const itemised = columns.has('quantity') || columns.has('unit_price')
  if (
    object !== undefined &&
    itemised &&
    !columns.has('item') &&
    headerWords(names[object] as string) === 'descricao'
  ) {
    columns.set('item', object)
  }
}
