import { fold } from '../reading/header-name.ts'

/** A stage of public spending: committed (empenhado), verified (liquidado, devengado), paid (pago). */
export type Stage = 'committed' | 'verified' | 'paid'

/** An entry in the account of a commitment. */
export interface Entry {
  /** The stage; null where the words name only the kind. */
  stage: Stage | null
  /** The kind; null where the words name only the stage. */
  kind: 'original' | 'reinforcement' | 'annulment' | 'carried' | null
}

const STAGES: readonly (readonly [Stage, RegExp])[] = [
  ['committed', /empenh|compromet|compromiso|\bcommit|\bobligat|\bobligad|\bencumb/],
  ['verified', /liquid|\bverif|deveng|\baccru|\breceipted/],
  ['paid', /\bpago\b|\bpaga(?:d[oa]|ment[oa]s?)?\b|\bpagos\b|\bpaid\b|\bpayments?\b|\bgirad[oa]\b/],
]
const ANNULMENT =
  /anula|estorn|cancel|\brevers|\brevert|\brevoc|\bannul|\bvoid|\breduc|\bdevolu|\bsupress|\bstorno\b|\bdisminu|\bdecreas/
const REINFORCEMENT =
  /reforc|refuerzo|\breinforc|complement|suplement|\bampliac|\badicion|\bincre|\btop up\b|\baument/
const ORIGINAL =
  /\boriginal|\bordinari|\bglobal|\bestimativ|\binicial|\binitial|\bnormal\b|\bnew\b|\bnuev[oa]\b|\binclus/
/** Matches what is carried into another year, and is no new money. */
const CARRIED = /\binscric|\brestos a pagar\b|\bcarried\b|\bremanente\b/
const LONGEST = 48

/**
 * Reads the words of one entry in a file of commitments: `Empenhado`, `Valor Liquidado`, `Anulação de Empenho`,
 * `Reforço`, `Compromiso`, `Reversal`.
 * @returns null where the words name no entry
 */
export function readEntry(text: string): Entry | null {
  if (text.length > LONGEST) return null
  const words = fold(text)
  const stage = STAGES.find(([, pattern]) => pattern.test(words))?.[0] ?? null
  const kind = ANNULMENT.test(words)
    ? 'annulment'
    : REINFORCEMENT.test(words)
      ? 'reinforcement'
      : ORIGINAL.test(words)
        ? 'original'
        : CARRIED.test(words)
          ? 'carried'
          : null
  return stage || kind ? { stage, kind } : null
}
