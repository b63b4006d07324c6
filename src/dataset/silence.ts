import { type Sentence, say } from '../language/sentence.ts'
import type { Plan } from './reading/column-plan.ts'
import type { Values } from './reading/record.ts'

/** Watches the rows of a file for suspicious values that are no errors. */
export interface SilenceWatch {
  see(values: Values, value: number | null, line: number): void
  /** Each of them once, with its count and first line. */
  warnings(): Sentence[]
}

interface Seen {
  count: number
  line: number
}

const DAYS = new Set(['signed_at', 'start_at'])
const AMOUNTS = new Set(['final_value', 'initial_value', 'updated_initial_value'])
/** Difference of cents, by binary rounding, up to which a number has two decimals. */
const TOLERANCE = 1e-6

/**
 * Makes the watch for rows without a value, values that are all zero, amounts with more than two decimals, and days
 * of signature or start in the future.
 * @param today `YYYY-MM-DD`
 */
export function silenceWatch(plan: Plan, today = new Date().toISOString().slice(0, 10)): SilenceWatch {
  const at = (names: ReadonlySet<string>): number[] =>
    plan.columns.flatMap(({ canonical }, index) => (names.has(canonical) ? [index] : []))
  const days = at(DAYS)
  const amounts = at(AMOUNTS)
  const empty: Seen = { count: 0, line: 0 }
  const fine: Seen = { count: 0, line: 0 }
  const future: Seen = { count: 0, line: 0 }
  let rows = 0
  let zeros = 0
  const count = (seen: Seen, line: number): void => {
    if (seen.count++ === 0) seen.line = line
  }
  return {
    see: (values, value, line) => {
      rows++
      if (value === null) count(empty, line)
      else if (value === 0) zeros++
      for (const index of amounts) {
        const cents = ((values[index] as number | null) ?? 0) * 100
        if (Math.abs(cents - Math.round(cents)) > TOLERANCE * Math.max(1, Math.abs(cents) * 1e-6)) {
          count(fine, line)
          break
        }
      }
      for (const index of days) {
        const day = values[index]
        if (typeof day === 'string' && day > today && day < '2100') {
          count(future, line)
          break
        }
      }
    },
    warnings: () => {
      const warnings: Sentence[] = []
      const told = (
        key: 'rows_without_value' | 'rows_with_fractions' | 'rows_in_future',
        seen: Seen,
      ): void => {
        if (seen.count > 0) warnings.push(say(`dataset.${key}`, { ...seen, rows }))
      }
      told('rows_without_value', empty)
      if (rows > 0 && zeros > 0 && zeros + empty.count === rows) warnings.push(say('dataset.all_zero'))
      told('rows_with_fractions', fine)
      told('rows_in_future', future)
      return warnings
    },
  }
}
