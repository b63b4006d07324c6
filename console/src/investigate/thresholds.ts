import type { Finding } from './shapes.ts'

/** One limit of a rule as a finding passed it. */
export interface Passed {
  /** The threshold's name in its rule, or `legal_limit`. */
  name: string
  limit: number
  found: number
  unit: 'money' | 'percent' | 'number'
}

type Limits = Readonly<Record<string, number>>

const given = (
  name: string,
  found: number | undefined,
  limit: number | undefined,
  unit: Passed['unit'],
): Passed[] => (found === undefined || limit === undefined ? [] : [{ name, found, limit, unit }])

/** The limits that a finding passed, as far as its evidence has what was compared. Pure. */
export const passedBy = ({ anomaly_type, evidence }: Finding, limits: Limits): Passed[] => {
  const { observed, expected, ratio, share, hhi, limit, z, median } = evidence
  switch (anomaly_type) {
    case 'payment_pattern': {
      const most =
        limit !== undefined && expected ? Math.round((limit / expected - 1) * 1e4) / 1e4 : undefined
      const isRenovation = most !== undefined && most !== limits.growth && most === limits.renovation_growth
      return [
        ...given(
          isRenovation ? 'renovation_growth' : 'growth',
          ratio === undefined ? undefined : ratio - 1,
          most,
          'percent',
        ),
        ...given('legal_limit', observed, limit, 'money'),
      ]
    }
    case 'price_deviation':
      return median === undefined
        ? given(
            'reference_rise',
            ratio === undefined ? undefined : ratio - 1,
            limits.reference_rise,
            'percent',
          )
        : [
            ...given('median_ratio', ratio, limits.median_ratio, 'number'),
            ...given('z', z, limits.z, 'number'),
          ]
    case 'vendor_concentration':
      return [...given('share', share, limits.share, 'percent'), ...given('hhi', hhi, limits.hhi, 'number')]
    case 'temporal_pattern':
      return [
        ...given('count', observed, limits.count, 'number'),
        ...given('ratio', ratio, limits.ratio, 'number'),
      ]
    case 'split_purchase':
      return given('legal_limit', observed, limit, 'money')
    case 'benford_deviation':
      return given('z', z === undefined ? undefined : Math.abs(z), limits.z, 'number')
    default:
      return []
  }
}
