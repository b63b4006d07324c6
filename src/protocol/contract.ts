import { type Static, Type } from 'typebox'

const Text = Type.Union([Type.String(), Type.Null()])
const Amount = Type.Union([Type.Number(), Type.Null()])
/** A calendar day, `YYYY-MM-DD`. */
const Day = Type.Union([Type.String(), Type.Null()])

/**
 * One row of a dataset, in canonical columns, whatever the portal called them.
 * Amounts are in the file's currency (reais), as numbers exact to the cent below 9e13; days are `YYYY-MM-DD`;
 * a column that the file does not have is null in every row.
 */
export const Contract = Type.Object({
  /** 1-based line of the source file on which the record begins; for JSON sources, its 1-based position. */
  line: Type.Integer({ minimum: 1 }),
  /** Unique in its dataset: the file's own number where that is unique, else `<number>#<line>`, or `#<line>`. */
  contract_id: Type.String(),
  contract_number: Text,
  process_number: Text,
  /** What the row is: contract, budget commitment (`Empenho`), minutes of price registration… as the file says. */
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
  /** What was bought, in words. */
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
  /** The total the contract stands at; where a file has one total only, it is this one. */
  final_value: Amount,
  unit_price: Amount,
  reference_price: Amount,
  quantity: Amount,
  /** The amount to add up: final, else updated initial, else initial, else unit price × quantity. */
  value: Amount,
})
export type Contract = Static<typeof Contract>

/** Columns that a file's own columns can be mapped to (all but the derived `line` and `value`). */
export const MAPPABLE_COLUMNS = Object.keys(Contract.properties).filter(
  (name) => name !== 'line' && name !== 'value',
) as readonly Exclude<keyof Contract, 'line' | 'value'>[]

/** The DuckDB and Parquet type of each canonical column, in file order. */
export const CONTRACT_SQL_TYPES: Readonly<Record<keyof Contract, 'BIGINT' | 'VARCHAR' | 'DATE' | 'DOUBLE'>> =
  {
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
    value: 'DOUBLE',
  }
