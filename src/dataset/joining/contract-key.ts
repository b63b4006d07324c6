const NOT_ALNUM = /[^\p{L}\p{N}]+/gu
const ALNUM = /^[0-9A-Z]+$/
const WORD =
  '(?:A|TA|AD|ADT|ADIT|ADITIVO|TERMO ADITIVO|ADITAMENTO|AMD|AMEND|AMENDMENT|ADDENDUM|OTROSI|OTROSÍ|MOD|ADENDA|CM|APOST|APOSTILAMENTO)'
/** `12/2020-A1`, `12/2020 TA 02`, `12/2020 (2º Aditivo)`. */
const BEHIND = new RegExp(
  `^(.*\\d.*?)[\\s\\-/._]*[\\s\\-/._(](?:${WORD}[\\s\\-.ºª°Nn]*(\\d{1,3})|(\\d{1,3})[ºª°]?[\\s.-]*${WORD})\\)?$`,
  'i',
)
/** `1º TA ao contrato 12/2020`. */
const BEFORE = new RegExp(
  `^(\\d{1,3})[ºª°oO]?[\\s.-]*(?:${WORD})(?:\\s+(?:AO|DO|DEL|AL|TO|OF))?[\\s.-]+(?:CONTRATO|CONTRACT|CT)?[\\s.Nnº°]*(.*\\d.*)$`,
  'i',
)
const MAY_AMEND =
  /[\s\-/._(]\(?(?:[ATOMC]|\d{1,3}[ºª°]?[\s.-]*[ATOMC])[A-Za-zÍí]*[\s\-.ºª°Nn]*\d{0,3}\)?$|^\d{1,3}[ºª°oO]?[\s.-]*(?:T|A)/i

/** A contract's own number, and which of its amendments a number names. */
export interface NumberParts {
  own: string
  /** Null where the number is the contract's own. */
  amendment: number | null
}

/** Parts a number that also names an amendment: `12/2020-A1` is the first of contract `12/2020`. */
export function numberParts(number: string): NumberParts {
  if (!MAY_AMEND.test(number)) return { own: number, amendment: null }
  const behind = BEHIND.exec(number)
  if (behind) return { own: behind[1] as string, amendment: Number(behind[2] ?? behind[3]) }
  const before = BEFORE.exec(number)
  return before
    ? { own: before[2] as string, amendment: Number(before[1]) }
    : { own: number, amendment: null }
}

/**
 * Returns the key under which the numbers of one contract are the same: without punctuation and without the name of an
 * amendment, in capitals. Empty for a number that is none: zeros alone, `S/N`.
 */
export function contractKey(number: string): string {
  const { own } = numberParts(number)
  const key = ALNUM.test(own) ? own : own.replace(NOT_ALNUM, '').toUpperCase()
  return /^(?:0+|SN|NA|ND|X+)$/.test(key) || !/\d/.test(key) ? '' : key
}
