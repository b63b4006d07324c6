const NOT_ALNUM = /[^\p{L}\p{N}]+/gu
const ALNUM = /^[0-9A-Z]+$/
const WORD =
  '(?:A|TA|AD|ADT|ADIT|ADITIVO|TERMO ADITIVO|ADITAMENTO|AMD|AMEND|AMENDMENT|ADDENDUM|OTROSI|OTROSÍ|MOD|ADENDA|CM|APOST|APOSTILAMENTO)'
/** Matches the name of an amendment behind a number: `12/2020-A1`, `12/2020 TA 02`, `12/2020 (2º Aditivo)`. */
const BEHIND = new RegExp(
  `^(.*\\d.*?)[\\s\\-/._]*[\\s\\-/._(](?:${WORD}[\\s\\-.ºª°Nn]*(\\d{1,3})|(\\d{1,3})[ºª°]?[\\s.-]*${WORD})\\)?$`,
  'i',
)
/** Matches the name of an amendment before a number: `1º TA ao contrato 12/2020`. */
const BEFORE = new RegExp(
  `^(\\d{1,3})[ºª°oO]?[\\s.-]*(?:${WORD})(?:\\s+(?:AO|DO|DEL|AL|TO|OF))?[\\s.-]+(?:CONTRATO|CONTRACT|CT)?[\\s.Nnº°]*(.*\\d.*)$`,
  'i',
)
/**
 * Matches an abbreviation that is an amendment's only behind a contract's number: `CM-108` behind the code of a buyer is
 * a number of its own.
 */
const ABBREVIATED = /[^A-Z](?:A|TA|AD|ADT|AMD|MOD|CM)[\s\-.ºª°Nn]*\d{1,3}\)?$/i
const MOST_AMENDMENTS = 40
const MAY_AMEND =
  /[\s\-/._(]\(?(?:[ATOMC]|\d{1,3}[ºª°]?[\s.-]*[ATOMC])[A-Za-zÍí]*[\s\-.ºª°Nn]*\d{0,3}\)?$|^\d{1,3}[ºª°oO]?[\s.-]*(?:T|A)/i

/** A contract's number, and the amendment that the text names. */
export interface NumberParts {
  own: string
  /** The number of the amendment; null for the contract itself. */
  amendment: number | null
}

/** Splits a number that also names an amendment: `12/2020-A1` is the first of contract `12/2020`. */
export function numberParts(number: string): NumberParts {
  if (!MAY_AMEND.test(number)) return { own: number, amendment: null }
  const behind = BEHIND.exec(number)
  if (behind) {
    const own = behind[1] as string
    const amendment = Number(behind[2] ?? behind[3])
    if (!ABBREVIATED.test(number) || (/\d\W*$/.test(own) && amendment <= MOST_AMENDMENTS))
      return { own, amendment }
  }
  const before = BEFORE.exec(number)
  return before
    ? { own: before[2] as string, amendment: Number(before[1]) }
    : { own: number, amendment: null }
}

/**
 * Returns the key that all numbers of one contract share: without punctuation and without the name of an amendment,
 * in capitals. Returns an empty text where there is no number: zeros alone, `S/N`.
 */
export function contractKey(number: string): string {
  return partsKey(numberParts(number))
}

/** Returns the {@link contractKey} of a number that is split already. */
export function partsKey({ own }: NumberParts): string {
  const key = ALNUM.test(own) ? own : own.replace(NOT_ALNUM, '').toUpperCase()
  return /^(?:0+|SN|NA|ND|X+)$/.test(key) || !/\d/.test(key) ? '' : key
}
