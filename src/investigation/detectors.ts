import type { AnomalyType } from '../protocol/investigation.ts'
import type { Detector } from './detector.ts'
import { benfordDeviation } from './detectors/benford-deviation.ts'
import { duplicateContract } from './detectors/duplicate-contract.ts'
import { paymentPattern } from './detectors/payment-pattern.ts'
import { priceDeviation } from './detectors/price-deviation.ts'
import { splitPurchase } from './detectors/split-purchase.ts'
import { temporalPattern } from './detectors/temporal-pattern.ts'
import { vendorConcentration } from './detectors/vendor-concentration.ts'

/** A table of anomaly types. The code that lists, runs, names or reports them receives one. */
export type AnomalyRules = Readonly<Record<AnomalyType, Detector>>

/**
 * Every anomaly type, in the order of a run: those about single contracts first. A new type is its descriptor's
 * file, its name in `ANOMALY_TYPES` of the protocol, and its line here; without one of them the code does not
 * compile.
 */
export const ANOMALY_RULES: AnomalyRules = {
  price_deviation: priceDeviation,
  payment_pattern: paymentPattern,
  duplicate_contract: duplicateContract,
  split_purchase: splitPurchase,
  vendor_concentration: vendorConcentration,
  temporal_pattern: temporalPattern,
  benford_deviation: benfordDeviation,
}

/** Returns a detector's thresholds: those of `given`, and defaults for the others. */
export const thresholdsOf = (
  detector: Detector,
  given: Readonly<Record<string, number>> = {},
): Readonly<Record<string, number>> => ({
  ...Object.fromEntries(
    Object.entries(detector.thresholds).map(([name, threshold]) => [name, threshold.default]),
  ),
  ...given,
})
