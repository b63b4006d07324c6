import type { Canonical } from './canonical.ts'
import { scalar } from './flat.ts'

/** Where each canonical column stands in an OCDS release, one row for each of its `contracts[]`. */
export const OCDS_COLUMNS: readonly (readonly [Canonical, string])[] = [
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
]

type Node = Record<string, unknown>

const node = (value: unknown): Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {}
const nodes = (value: unknown): Node[] => (Array.isArray(value) ? value.map(node) : [])
const first = (...values: unknown[]): unknown =>
  values.find((value) => value !== undefined && value !== null && value !== '')

/** Whether an element is an OCDS release, or a record that holds some. */
export function isOcds(element: unknown): boolean {
  const { ocid, compiledRelease, releases, contracts, awards, tender } = node(element)
  if (compiledRelease !== undefined) return true
  if (typeof ocid !== 'string') return false
  return [releases, contracts, awards].some(Array.isArray) || typeof tender === 'object'
}

/** The releases in an element: itself, or a record's compiled release, else its last embedded one. */
export function releasesOf(element: unknown): Node[] {
  const record = node(element)
  if (record.compiledRelease !== undefined) return [node(record.compiledRelease)]
  const embedded = nodes(record.releases).filter((release) => release.ocid !== undefined)
  return embedded.length > 0 ? embedded.slice(-1) : [record]
}

/**
 * One row of cells, in the order of {@link OCDS_COLUMNS}, for each contract of a release; a contract has its award's
 * suppliers and value where it has none of its own. A release with awards and no contracts gives a row per award.
 * @see https://standard.open-contracting.org/latest/en/schema/release/
 */
export function contractCells(release: Node): string[][] {
  const contracts = nodes(release.contracts)
  const awards = nodes(release.awards)
  if (contracts.length > 0) {
    return contracts.map((contract) => {
      const own = awards.find((award) => award.id !== undefined && award.id === contract.awardID)
      return cellsOf(release, contract, own ?? (awards.length === 1 ? (awards[0] as Node) : {}))
    })
  }
  return awards
    .filter(({ status }) => status !== 'cancelled' && status !== 'unsuccessful')
    .map((award) => cellsOf(release, {}, award))
}

function cellsOf(release: Node, contract: Node, award: Node): string[] {
  const tender = node(release.tender)
  const parties = nodes(release.parties)
  const supplier = partyOf(parties, nodes(first(contract.suppliers, award.suppliers))[0] ?? {})
  const buyer = partyOf(parties, { ...(parties.find(hasRole('buyer')) ?? {}), ...node(release.buyer) })
  const entity = partyOf(parties, node(tender.procuringEntity))
  const period = node(first(contract.period, award.contractPeriod))
  const items = nodes(first(contract.items, award.items))
  const item = items.length === 1 ? (items[0] as Node) : {}
  const unit = node(item.unit)
  const cells: Partial<Record<Canonical, unknown>> = {
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
    initial_value: initialAmount(contract),
    final_value: first(node(contract.value).amount, node(award.value).amount),
    unit_price: node(unit.value).amount,
    quantity: item.quantity,
    currency: first(node(contract.value).currency, node(award.value).currency, node(unit.value).currency),
  }
  return OCDS_COLUMNS.map(([canonical]) => scalar(cells[canonical]))
}

const hasRole =
  (role: string) =>
  ({ roles }: Node): boolean =>
    Array.isArray(roles) && roles.includes(role)

/** A reference's id and name, from the list of parties where that knows its tax number or name. */
function partyOf(parties: readonly Node[], reference: Node): { id: unknown; name: unknown } {
  const party = parties.find(({ id }) => id !== undefined && id === reference.id) ?? {}
  const identifier = node(first(party.identifier, reference.identifier))
  return {
    id: first(identifier.id, reference.id),
    name: first(reference.name, party.name, identifier.legalName),
  }
}

/** The amount before the first amendment, where an amendment tells it. */
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
