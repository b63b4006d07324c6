import { type Sentence, say } from '../../language/sentence.ts'
import type { Placed } from '../joining/ocds-history.ts'
import { byDate, lastVersions, mergeReleases, type Node, node, nodes } from '../joining/ocds-merge.ts'
import type { Canonical } from './canonical.ts'
import { scalar } from './flat.ts'

/** Columns of the table of an OCDS process: the paths of canonical ones, and those that reading derives. */
export const OCDS_COLUMNS: readonly (readonly [Canonical | 'source_lines' | 'items', string])[] = [
  ['contract_number', 'contracts/id'],
  ['process_number', 'ocid'],
  ['kind', 'tag'],
  ['modality', 'tender/procurementMethodDetails'],
  ['legal_basis', 'tender/procurementMethodRationale'],
  ['status', 'contracts/status'],
  ['supplier_id', 'awards/suppliers/id'],
  ['supplier_name', 'awards/suppliers/name'],
  ['buyer_id', 'buyer/id'],
  ['buyer_name', 'buyer/name'],
  ['unit_id', 'tender/procuringEntity/id'],
  ['unit_name', 'tender/procuringEntity/name'],
  ['object', 'contracts/description'],
  ['category', 'tender/mainProcurementCategory'],
  ['item', 'contracts/items/description'],
  ['item_code', 'contracts/items/classification/id'],
  ['unit_of_measure', 'contracts/items/unit/name'],
  ['signed_at', 'contracts/dateSigned'],
  ['start_at', 'contracts/period/startDate'],
  ['end_at', 'contracts/period/endDate'],
  ['initial_value', 'contracts/amendments/initial'],
  ['final_value', 'contracts/value/amount'],
  ['unit_price', 'contracts/items/unit/value/amount'],
  ['quantity', 'contracts/items/quantity'],
  ['currency', 'contracts/value/currency'],
  ['source_lines', ''],
  ['items', ''],
]

const first = (...values: unknown[]): unknown =>
  values.find((value) => value !== undefined && value !== null && value !== '')

/** Tells whether an element is an OCDS release, or a record with releases. */
export function isOcds(element: unknown): boolean {
  const { ocid, compiledRelease, versionedRelease, releases, contracts, awards, tender } = node(element)
  if (compiledRelease !== undefined || versionedRelease !== undefined) return true
  if (typeof ocid !== 'string') return false
  return [releases, contracts, awards].some(Array.isArray) || typeof tender === 'object'
}

/**
 * Returns the releases in an element: itself, or a record's compiled release, else its embedded or versioned ones.
 */
export function releasesOf(element: unknown): Node[] {
  const record = node(element)
  if (record.compiledRelease !== undefined) return [withOcid(node(record.compiledRelease), record)]
  const embedded = nodes(record.releases).filter(
    (release) => release.contracts ?? release.awards ?? release.tender,
  )
  if (embedded.length > 0) return embedded.map((release) => withOcid(release, record))
  if (record.versionedRelease !== undefined)
    return [withOcid(node(lastVersions(record.versionedRelease)), record)]
  return [record]
}

const withOcid = (release: Node, record: Node): Node =>
  release.ocid === undefined && record.ocid !== undefined ? { ...release, ocid: record.ocid } : release

/** Returns the number of contracts and awards in a release. */
export const entriesOf = (release: Node): number =>
  nodes(release.contracts).length + nodes(release.awards).length

/** A row for a contract of an OCDS process. */
export interface OcdsRow {
  /** Cells in the order of {@link OCDS_COLUMNS}. */
  cells: string[]
  /** Positions, among all contracts and awards of the file, of those that describe it; its own first. */
  lines: number[]
  /** Why it is no contract. */
  rejected?: Sentence
  /** A note for the reader. */
  note?: string
}

/**
 * Returns a row for each contract of a process, and one for each award without a contract. A contract has its
 * award's suppliers, and its value where it has none of its own; an award without a value has its items' sum.
 * @param placed the releases of the process, which are merged
 * @see https://standard.open-contracting.org/latest/en/schema/release/
 */
export function processRows(placed: readonly Placed[]): OcdsRow[] {
  const linesOf = positions(placed)
  const single = placed.length === 1 ? placed[0]?.release : undefined
  const initial = firstValues(placed)
  const release = single ?? mergeReleases(placed.map(({ release }) => release))
  const contracts = unique(nodes(release.contracts))
  const awards = unique(nodes(release.awards))
  const taken = new Map<Node, Node>()
  for (const contract of contracts) {
    const award = awardOf(contract, contracts, awards)
    if (award) taken.set(contract, award)
  }
  const given = new Set<Node>()
  const rows = contracts.map((contract): OcdsRow => {
    const award = taken.get(contract)
    const sole = award !== undefined && [...taken.values()].filter((other) => other === award).length === 1
    const awarded = award === undefined || given.has(award) ? [] : linesOf('awards', award)
    if (award) given.add(award)
    const own = [...linesOf('contracts', contract), ...awarded]
    return rowOf(release, contract, award ?? {}, { own, sole, initial: initial.get(String(contract.id)) })
  })
  for (const award of awards) {
    if (given.has(award)) continue
    const row = rowOf(release, {}, award, { own: linesOf('awards', award), sole: true, initial: undefined })
    const ended = award.status === 'cancelled' || award.status === 'unsuccessful'
    rows.push(
      ended ? { ...row, rejected: say('reject.award_ended', { status: award.status as string }) } : row,
    )
  }
  return rows
}

/** Returns the award of a contract: the one that it names, else the only one there is. */
function awardOf(contract: Node, contracts: readonly Node[], awards: readonly Node[]): Node | undefined {
  const named = awards.find(({ id }) => id !== undefined && String(id) === String(contract.awardID))
  if (named) return named
  if (awards.length === 1) return awards[0]
  if (contract.awardID !== undefined) return undefined
  const same = awards.filter(({ id }) => id !== undefined && String(id) === String(contract.id))
  if (same.length === 1) return same[0]
  return contracts.length === awards.length ? awards[contracts.indexOf(contract)] : undefined
}

/** Removes repetitions of an id from a list, which a single release may have. */
function unique(list: readonly Node[]): Node[] {
  const seen = new Set<string>()
  return list.filter(({ id }) => {
    if (id === undefined) return true
    const known = seen.has(String(id))
    seen.add(String(id))
    return !known
  })
}

/**
 * Numbers the contracts, then the awards, of each release from its position on; returns the function that looks up
 * the numbers of one of them.
 */
function positions(placed: readonly Placed[]): (list: 'contracts' | 'awards', entry: Node) => number[] {
  const byId = new Map<string, number[]>()
  const unnamed = new Map<Node, number>()
  for (const { release, position } of placed) {
    let next = position
    for (const list of ['contracts', 'awards'] as const) {
      for (const entry of nodes(release[list])) {
        const key = `${list} ${String(entry.id)}`
        const known = byId.get(key)
        if (entry.id === undefined) unnamed.set(entry, next)
        else if (known) known.push(next)
        else byId.set(key, [next])
        next++
      }
    }
  }
  return (list, entry) =>
    entry.id === undefined
      ? [unnamed.get(entry) ?? placed[0]?.position ?? 1]
      : (byId.get(`${list} ${String(entry.id)}`) ?? [])
}

/**
 * Returns the value of each contract in the first release that has the contract; none for a single release that does
 * not say that the contract was signed in it.
 */
function firstValues(placed: readonly Placed[]): Map<string, unknown> {
  const values = new Map<string, unknown>()
  const tags = placed.flatMap(({ release }) => release.tag)
  if (placed.length === 1 && !tags.includes('contract')) return values
  for (const release of byDate(placed.map((one) => one.release)))
    for (const { id, value } of nodes(release.contracts)) {
      const amount = node(value).amount
      if (!values.has(String(id)) && typeof amount === 'number') values.set(String(id), amount)
    }
  return values
}

interface RowOptions {
  own: number[]
  /** Whether the contract is the only one of its award. */
  sole: boolean
  /** The value of the contract in the first release that has it. */
  initial: unknown
}

function rowOf(release: Node, contract: Node, award: Node, { own, sole, initial }: RowOptions): OcdsRow {
  const tender = node(release.tender)
  const parties = nodes(release.parties)
  const supplier = partyOf(parties, nodes(first(contract.suppliers, award.suppliers))[0] ?? {})
  const buyer = partyOf(parties, { ...(parties.find(hasRole('buyer')) ?? {}), ...node(release.buyer) })
  const entity = partyOf(parties, node(tender.procuringEntity))
  const period = node(first(contract.period, award.contractPeriod))
  const items = nodes(nodes(contract.items).length > 0 ? contract.items : sole ? award.items : [])
  const item = items.length === 1 ? (items[0] as Node) : {}
  const unit = node(item.unit)
  const valued = [node(contract.value), sole ? node(award.value) : {}].find(({ amount }) => isAmount(amount))
  const summed = valued ? undefined : sumOf(items)
  const value = valued?.amount ?? summed?.amount
  const cells: Partial<Record<(typeof OCDS_COLUMNS)[number][0], unknown>> = {
    contract_number: first(contract.id, award.id),
    process_number: release.ocid,
    kind: contract.id === undefined ? 'award' : 'contract',
    modality: first(tender.procurementMethodDetails, tender.procurementMethod),
    legal_basis: tender.procurementMethodRationale,
    status: first(contract.status, award.status),
    supplier_id: supplier.id,
    supplier_name: supplier.name,
    buyer_id: buyer.id,
    buyer_name: buyer.name,
    unit_id: entity.id,
    unit_name: entity.name,
    object: first(
      contract.description,
      contract.title,
      award.description,
      award.title,
      tender.description,
      tender.title,
    ),
    category: first(tender.mainProcurementCategory, node(item.classification).description),
    item: item.description,
    item_code: node(item.classification).id,
    unit_of_measure: unit.name,
    signed_at: first(contract.dateSigned, award.date),
    start_at: period.startDate,
    end_at: period.endDate,
    initial_value: first(initialAmount(contract), initial),
    final_value: value,
    unit_price: node(unit.value).amount,
    quantity: item.quantity,
    currency: first(valued?.currency, summed?.currency, node(unit.value).currency),
    source_lines: `[${[...own].sort((a, b) => a - b).join(',')}]`,
    items: items.length > 1 ? JSON.stringify(items.map(itemOf)) : undefined,
  }
  return {
    cells: OCDS_COLUMNS.map(([column]) => scalar(cells[column])),
    lines: own,
    ...(summed?.note ? { note: summed.note } : {}),
  }
}

const isAmount = (amount: unknown): boolean => amount !== undefined && amount !== null && amount !== ''

const itemOf = ({ description, classification, unit, quantity }: Node) => ({
  item: first(description, node(classification).description) ?? null,
  item_code: node(classification).id ?? null,
  unit_of_measure: node(unit).name ?? null,
  quantity: Number.isFinite(Number(quantity ?? Number.NaN)) ? Number(quantity) : null,
  unit_price: Number.isFinite(Number(node(node(unit).value).amount ?? Number.NaN))
    ? Number(node(node(unit).value).amount)
    : null,
  reference_price: null,
})

/** Returns the sum of the costs of items, in their one currency. */
function sumOf(items: readonly Node[]): { amount?: number; currency?: string; note?: string } | undefined {
  let sum = 0
  const currencies = new Set<string>()
  for (const { quantity, unit } of items) {
    const { amount, currency } = node(node(unit).value)
    const cost = Number(quantity ?? Number.NaN) * Number(amount ?? Number.NaN)
    if (!Number.isFinite(cost)) return undefined
    sum += Math.round(cost * 10_000)
    if (typeof currency === 'string') currencies.add(currency)
  }
  if (items.length === 0) return undefined
  const [currency] = currencies
  if (currencies.size > 1) return { note: [...currencies].join(', ') }
  return { amount: Math.round(sum / 100) / 100, currency }
}

const hasRole =
  (role: string) =>
  ({ roles }: Node): boolean =>
    Array.isArray(roles) && roles.includes(role)

/** Returns the id and the name of a reference; those in the list of parties where that has a tax number or a name. */
function partyOf(parties: readonly Node[], reference: Node): { id: unknown; name: unknown } {
  const party = parties.find(({ id }) => id !== undefined && id === reference.id) ?? {}
  const identifier = node(first(party.identifier, reference.identifier))
  return {
    id: first(identifier.id, reference.id),
    name: first(reference.name, party.name, identifier.legalName),
  }
}

/** Returns the amount before the first amendment, where an amendment has it. */
function initialAmount(contract: Node): unknown {
  for (const amendment of [...nodes(contract.amendments), node(contract.amendment)]) {
    for (const { property, former_value: former } of nodes(amendment.changes)) {
      if (property === 'value.amount' || property === 'value/amount') return former
      if (property === 'value') return node(former).amount
    }
    const before = node(
      node(amendment.previousValue).amount === undefined ? amendment.originalValue : amendment.previousValue,
    )
    if (before.amount !== undefined) return before.amount
  }
  return undefined
}
