/** Bins to a power of ten. */
const BINS = 50
const LOWEST_POWER = -3
const POWERS = 40

/** Watches amounts go by, in constant memory. */
export interface OutlierWatch {
  see(value: number, line: number): void
  /** The one amount that stands absurdly far above all others; null where there is none. */
  absurd(): { value: number; line: number; median: number } | null
}

/**
 * An amount is absurd over 10¹¹, or where it is more than 1,000 × the median of at least five and more than 20 × the
 * next largest.
 * The median is read from a histogram of logarithms, to about 5 %.
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
      const bin = Math.floor((Math.log10(value) - LOWEST_POWER) * BINS)
      const kept = Math.max(0, Math.min(counts.length - 1, bin))
      counts[kept] = (counts[kept] as number) + 1
      if (value > largest) {
        second = largest
        largest = value
        line = at
      } else if (value > second) second = value
    },
    absurd: () => {
      if (seen === 0) return null
      let below = 0
      let bin = 0
      while (below + (counts[bin] as number) < seen / 2) below += counts[bin++] as number
      const median = Number((10 ** ((bin + 0.5) / BINS + LOWEST_POWER)).toPrecision(2))
      const stands = seen >= 5 && largest > 1000 * median && largest > 20 * second
      return largest >= 1e11 || stands ? { value: largest, line, median } : null
    },
  }
}
