/** Counts what is in the data, taken once per run while profiling. */
export interface Profile {
  rows: number
  /** Rows in which a canonical column is not null. */
  filled: Readonly<Record<string, number>>
  /** Rows with a value by currency (ISO 4217; `XXX` where none is known), the most frequent first. */
  currencies: Readonly<Record<string, number>>
}
