import type { Detector } from './detector.ts'
import { benfordDeviation } from './detectors/benford-deviation.ts'
import { duplicateContract } from './detectors/duplicate-contract.ts'
import { paymentPattern } from './detectors/payment-pattern.ts'
import { priceDeviation } from './detectors/price-deviation.ts'
import { splitPurchase } from './detectors/split-purchase.ts'
import { temporalPattern } from './detectors/temporal-pattern.ts'
import { vendorConcentration } from './detectors/vendor-concentration.ts'

/** Every rule, in the order in which a run applies them: what points at single contracts first. */
export const DETECTORS: readonly Detector[] = [
  priceDeviation,
  paymentPattern,
  duplicateContract,
  splitPurchase,
  vendorConcentration,
  temporalPattern,
  benfordDeviation,
]

/** A detector's thresholds with `given` over their defaults. */
export const thresholdsOf = (
  detector: Detector,
  given: Readonly<Record<string, number>> = {},
): Readonly<Record<string, number>> => ({
  ...Object.fromEntries(
    Object.entries(detector.thresholds).map(([name, threshold]) => [name, threshold.default]),
  ),
  ...given,
})
