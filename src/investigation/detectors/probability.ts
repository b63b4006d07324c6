const TINY = 1e-300
const STEPS = 10_000

/** Computes ln Γ(x) for x > 0: Lanczos with g = 7 and nine terms (relative error below 1e-14). */
const logGamma = (x: number): number => {
  const terms = [
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ]
  const y = x - 1
  const sum = terms.reduce((total, term, i) => total + term / (y + i + 1), 0.99999999999980993)
  const t = y + terms.length - 0.5
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum)
}

/** Computes P(a, x) by its series, for x < a + 1. */
const lowerGamma = (a: number, x: number): number => {
  if (x <= 0) return 0
  let term = 1 / a
  let sum = term
  for (let n = 1; n < STEPS && term > sum * 1e-16; n++) {
    term *= x / (a + n)
    sum += term
  }
  return sum * Math.exp(a * Math.log(x) - x - logGamma(a))
}

/** Computes Q(a, x) by its continued fraction (Lentz), for x ≥ a + 1: stays exact where 1 − P would be 0. */
const upperGamma = (a: number, x: number): number => {
  let b = x + 1 - a
  let c = 1 / TINY
  let d = 1 / b
  let fraction = d
  for (let i = 1; i < STEPS; i++) {
    const an = -i * (i - a)
    b += 2
    d = 1 / (Math.abs(an * d + b) < TINY ? TINY : an * d + b)
    c = Math.abs(b + an / c) < TINY ? TINY : b + an / c
    fraction *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return fraction * Math.exp(a * Math.log(x) - x - logGamma(a))
}

/** Computes P(χ² > `x`) with `freedom` degrees of freedom. */
export const chiSquareTail = (x: number, freedom: number): number => {
  const a = freedom / 2
  return x / 2 < a + 1 ? 1 - lowerGamma(a, x / 2) : upperGamma(a, x / 2)
}

/** Computes P(X ≥ `count`) where X is Poisson with mean `mean`. */
export const poissonTail = (count: number, mean: number): number => {
  if (count <= 0) return 1
  return mean < count + 1 ? lowerGamma(count, mean) : 1 - upperGamma(count, mean)
}
