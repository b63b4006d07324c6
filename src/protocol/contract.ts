import { type Static, Type } from 'typebox'

const Text = Type.Union([Type.String(), Type.Null()])
const Amount = Type.Union([Type.Number(), Type.Null()])
/** A calendar day, `YYYY-MM-DD`. */
const Day = Type.Union([Type.String(), Type.Null()])

/**
 * One of the things bought under a contract that is a single row: its unit price is comparable, and its amounts are
 * included in the row's value.
 */
export const ContractItem = Type.Object({
  item: Text,
  item_code: Text,
  unit_of_measure: Text,
  quantity: Amount,
  unit_price: Amount,
  reference_price: Amount,
})
export type ContractItem = Static<typeof ContractItem>

/**
 * One row of a dataset, in canonical columns, whatever the portal called them: one contract, however often the file
 * lists it. Amounts are in the row's `currency`, as numbers exact to the cent below 9e13; days are `YYYY-MM-DD`;
 * a column that the file does not have is null in every row.
 */
export const Contract = Type.Object({
  /**
   * 1-based line of the source file on which the record begins, its first where several were joined; for JSON
   * sources, its 1-based position.
   */
  line: Type.Integer({ minimum: 1 }),
  /** Unique in its dataset: the number in the file where that is unique, else `<number>#<line>`, or `#<line>`. */
  contract_id: Type.String(),
  contract_number: Text,
  process_number: Text,
  /** The kind of row as the file names it: contract, budget commitment (`Empenho`), minutes of price registration… */
  kind: Text,
  modality: Text,
  /** Legal ground as the file says it, e.g. `Lei 14.133/2021 art. 75 II`. */
  legal_basis: Text,
  status: Text,
  /** CNPJ (14 digits) or CPF (11 digits) without punctuation; a foreign or masked id as the file has it. */
  supplier_id: Text,
  supplier_name: Text,
  buyer_id: Text,
  buyer_name: Text,
  /** The managing unit inside the buyer (UASG, unidade gestora, unidade de compra). */
  unit_id: Text,
  unit_name: Text,
  /** Description of the purchase. */
  object: Text,
  category: Text,
  /** Description of the one item of this row, where rows are items; never a line of supply or a class. */
  item: Text,
  item_code: Text,
  unit_of_measure: Text,
  signed_at: Day,
  start_at: Day,
  end_at: Day,
  initial_value: Amount,
  /** The initial value brought up to date by the file itself (`valor inicial atualizado`). */
  updated_initial_value: Amount,
  /** The contract's current total; where a file has one total only, it is this one. */
  final_value: Amount,
  unit_price: Amount,
  reference_price: Amount,
  quantity: Amount,
  /**
   * ISO 4217 code of every amount of the row; `XXX` where it is unknown. Amounts of two currencies are never added.
   */
  currency: Type.String(),
  /** The amount to add up: final, else updated initial, else initial, else unit price × quantity. */
  value: Amount,
  /** Lines of the source file that were joined into this row, ascending; `[line]` where it is one line's. */
  source_lines: Type.Array(Type.Integer({ minimum: 1 })),
  /** The things bought, where the row has several; null where it has one, which its own columns describe. */
  items: Type.Union([Type.Array(ContractItem), Type.Null()]),
})
export type Contract = Static<typeof Contract>

/** Columns that reading makes and no file has. */
export type DerivedColumn = 'line' | 'value' | 'source_lines' | 'items'
const DERIVED: ReadonlySet<string> = new Set<DerivedColumn>(['line', 'value', 'source_lines', 'items'])

/** Columns that a file's own columns can be mapped to. */
export const MAPPABLE_COLUMNS = Object.keys(Contract.properties).filter(
  (name) => !DERIVED.has(name),
) as readonly Exclude<keyof Contract, DerivedColumn>[]

/** The DuckDB type of {@link ContractItem}. */
const ITEM_SQL_TYPE =
  'STRUCT(item VARCHAR, item_code VARCHAR, unit_of_measure VARCHAR, quantity DOUBLE, unit_price DOUBLE, reference_price DOUBLE)'

/** The DuckDB and Parquet type of each canonical column, in file order. */
export const CONTRACT_SQL_TYPES: Readonly<Record<keyof Contract, string>> = {
  line: 'BIGINT',
  contract_id: 'VARCHAR',
  contract_number: 'VARCHAR',
  process_number: 'VARCHAR',
  kind: 'VARCHAR',
  modality: 'VARCHAR',
  legal_basis: 'VARCHAR',
  status: 'VARCHAR',
  supplier_id: 'VARCHAR',
  supplier_name: 'VARCHAR',
  buyer_id: 'VARCHAR',
  buyer_name: 'VARCHAR',
  unit_id: 'VARCHAR',
  unit_name: 'VARCHAR',
  object: 'VARCHAR',
  category: 'VARCHAR',
  item: 'VARCHAR',
  item_code: 'VARCHAR',
  unit_of_measure: 'VARCHAR',
  signed_at: 'DATE',
  start_at: 'DATE',
  end_at: 'DATE',
  initial_value: 'DOUBLE',
  updated_initial_value: 'DOUBLE',
  final_value: 'DOUBLE',
  unit_price: 'DOUBLE',
  reference_price: 'DOUBLE',
  quantity: 'DOUBLE',
  currency: 'VARCHAR',
  value: 'DOUBLE',
  source_lines: 'BIGINT[]',
  items: `${ITEM_SQL_TYPE}[]`,
}
