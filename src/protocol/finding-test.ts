import { unaccented } from '../language/folding.ts'
import type { FindingFilter } from './finding-filter.ts'
import type { ReviewedAnomaly, Verdict } from './investigation.ts'

type Told = Pick<ReviewedAnomaly, 'title' | 'explanation' | 'contract_id' | 'evidence'>

/** Returns the number by which the file knows a finding's contract. */
export const contractNumberOf = ({ contract_id, evidence }: Told): string =>
  evidence.contracts?.find((one) => one.contract_id === contract_id)?.contract_number ??
  evidence.contracts?.[0]?.contract_number ??
  contract_id ??
  ''

/** Returns the supplier of a finding, by name, else by tax number; empty where it has none. */
export const supplierOf = ({ evidence }: Pick<ReviewedAnomaly, 'evidence'>): string =>
  evidence.supplier_name ?? evidence.supplier_id ?? ''

/** Returns the buyer of a finding; empty where it has none. */
export const buyerOf = ({ evidence }: Pick<ReviewedAnomaly, 'evidence'>): string => evidence.buyer ?? ''

/** Returns the amount at stake, zero where none can be computed. */
export const amountOf = ({ financial_impact }: Pick<ReviewedAnomaly, 'financial_impact'>): number =>
  financial_impact ?? 0

/** The text of each finding that a search looks through: made once, since a search goes letter by letter. */
const searched = new WeakMap<object, string>()
const textOf = (finding: Told): string => {
  const known = searched.get(finding)
  if (known !== undefined) return known
  const { title, explanation, evidence } = finding
  const parts = [
    title,
    explanation,
    contractNumberOf(finding),
    supplierOf(finding),
    evidence.buyer,
    evidence.group,
  ]
  const text = unaccented(parts.join(' '))
  searched.set(finding, text)
  return text
}

/** Returns the test by which a filter chooses findings; `verdict` is that of a finding's review. Pure. */
export const findingTest = ({
  type,
  severity,
  q = '',
  buyer,
  supplier,
  min_value,
  max_value,
  review,
}: FindingFilter): ((finding: Omit<ReviewedAnomaly, 'review'>, verdict: Verdict | undefined) => boolean) => {
  const words = unaccented(q).split(/\s+/).filter(Boolean)
  return (finding, verdict) =>
    (type === undefined || finding.anomaly_type === type) &&
    (severity === undefined || finding.severity === severity) &&
    (buyer === undefined || buyerOf(finding) === buyer) &&
    (supplier === undefined || supplierOf(finding) === supplier) &&
    (min_value === undefined || amountOf(finding) >= min_value) &&
    (max_value === undefined || amountOf(finding) <= max_value) &&
    (review === undefined || (verdict ?? 'none') === review) &&
    words.every((word) => textOf(finding).includes(word))
}

/** Tells whether a filter looks at more than the columns by which findings are stored. */
export const looksInside = ({ type: _, severity: __, ...rest }: FindingFilter): boolean =>
  Object.values(rest).some((value) => value !== undefined && value !== '')
