/** Counts of the data, taken once in each run. */
export interface Profile {
  rows: number
  /** Rows in which a canonical column is not null, by column. */
  filled: Readonly<Record<string, number>>
  /** Rows with a value, by currency (ISO 4217; `XXX` where none is known), the most frequent first. */
  currencies: Readonly<Record<string, number>>
  /** Whether the rows are payments, and nothing tells of the contracts behind them. */
  payments: boolean
}
