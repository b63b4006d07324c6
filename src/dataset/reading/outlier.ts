/** Histogram bins for each power of ten. */
const BINS = 50
const LOWEST_POWER = -3
const POWERS = 40

/** Watches amounts for an impossible one, in constant memory. */
export interface OutlierWatch {
  see(value: number, line: number): void
  /** Returns the one amount that is impossibly far above all others; null where there is none. */
  absurd(): { value: number; line: number; median: number } | null
}

/**
 * Makes a watch for the one amount that is impossible among the others: more than 20 × the next largest and, on
 * logarithms, with a modified z-score over 3.5 (Iglewicz and Hoaglin, 1993), or at least 10¹¹ where all others are
 * below 10⁹. Median and spread are read from a histogram, to about 5 %.
 */
export function outlierWatch(): OutlierWatch {
  const counts = new Uint32Array(BINS * POWERS)
  let seen = 0
  let largest = 0
  let second = 0
  let line = 0
  return {
    see: (value, at) => {
      if (!(value > 0)) return
      seen++
      const kept = binOf(value)
      counts[kept] = (counts[kept] as number) + 1
      if (value > largest) {
        second = largest
        largest = value
        line = at
      } else if (value > second) second = value
    },
    absurd: () => {
      if (seen === 0) return null
      const middle = binAt(counts, seen / 2)
      const apart = new Uint32Array(counts.length)
      counts.forEach((count, bin) => {
        const distance = Math.abs(bin - middle)
        apart[distance] = (apart[distance] as number) + count
      })
      const spread = Math.max(binAt(apart, seen / 2), 1)
      const z = (0.6745 * (binOf(largest) - middle)) / spread
      const stands = seen >= 5 && largest > 20 * second && z > 3.5
      if (!stands && !(largest >= 1e11 && second < 1e9)) return null
      return {
        value: largest,
        line,
        median: Number((10 ** ((middle + 0.5) / BINS + LOWEST_POWER)).toPrecision(2)),
      }
    },
  }
}

const binOf = (value: number): number =>
  Math.max(0, Math.min(BINS * POWERS - 1, Math.floor((Math.log10(value) - LOWEST_POWER) * BINS)))

/** Returns the first bin up to which `many` of the counted values lie. */
function binAt(counts: Uint32Array, many: number): number {
  let below = 0
  let bin = 0
  while (bin < counts.length - 1 && below + (counts[bin] as number) < many) below += counts[bin++] as number
  return bin
}
