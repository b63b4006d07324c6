/** A tax number in a cell. */
export interface TaxNumber {
  /** CNPJ (14) or CPF (11) without punctuation; masked, foreign and invalid ones unchanged. */
  id: string
  /** false where it has the form of a CNPJ or CPF and its check digits are wrong. */
  valid: boolean
}

const CNPJ_FIRST = [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]
const CNPJ_SECOND = [6, ...CNPJ_FIRST]

/** Verifies the check digits of a CNPJ, numeric or alphanumeric (IN RFB 2.229/2024, in force from July 2026). */
export function isCnpj(id: string): boolean {
  if (id.length !== 14 || !/^[0-9A-Z]{12}\d{2}$/.test(id) || /^(.)\1{13}$/.test(id)) return false
  return (
    cnpjDigit(id, CNPJ_FIRST) === id.charCodeAt(12) - 48 &&
    cnpjDigit(id, CNPJ_SECOND) === id.charCodeAt(13) - 48
  )
}

function cnpjDigit(id: string, weights: readonly number[]): number {
  let sum = 0
  for (let at = 0; at < weights.length; at++) sum += (id.charCodeAt(at) - 48) * (weights[at] as number)
  const rest = sum % 11
  return rest < 2 ? 0 : 11 - rest
}

/** Verifies the check digits of a CPF. */
export function isCpf(id: string): boolean {
  if (!/^\d{11}$/.test(id) || /^(.)\1{10}$/.test(id)) return false
  return cpfDigit(id, 9) === id.charCodeAt(9) - 48 && cpfDigit(id, 10) === id.charCodeAt(10) - 48
}

function cpfDigit(id: string, length: number): number {
  let sum = 0
  for (let at = 0; at < length; at++) sum += (id.charCodeAt(at) - 48) * (length + 1 - at)
  const rest = (sum * 10) % 11
  return rest === 10 ? 0 : rest
}

/**
 * Reads a cell with one tax number.
 * @param brazilian whether the column has CNPJs and CPFs, so that lost leading zeros are restored and wrong check
 *   digits are reported; elsewhere a number is foreign and stays unchanged
 */
export function readTaxNumber(text: string, brazilian: boolean): TaxNumber {
  if (/[*xX•]{2,}/.test(text)) return { id: text, valid: true }
  const bare = text
    .replace(/^'/, '')
    .replace(
      /^(?:CNPJ|CPF|CNPJ\/CPF|CPF\/CNPJ|NIT|RUT|RFC|RUC|NIF|CIF|CUIT)\s*(?:n[º°.]?)?\s*[:.-]?\s*(?=[0-9A-Z])/i,
      '',
    )
    .replace(/^(\d{9,})[.,]0+$/, '$1')
    .replace(/[.\-/\s\u00a0]/g, '')
    .toUpperCase()
  if (bare.length === 14) {
    if (isCnpj(bare)) return { id: bare, valid: true }
    if (bare.startsWith('000') && isCpf(bare.slice(3))) return { id: bare.slice(3), valid: true }
  }
  if (bare.length === 11 && isCpf(bare)) return { id: bare, valid: true }
  if (!brazilian) return { id: text, valid: true }
  const whole = !text.includes('/') || /\/\d{4}-?\d{2}$/.test(text)
  if (whole && /^\d{3,13}$/.test(bare)) {
    const cpf = bare.padStart(11, '0')
    if (bare.length < 11 && isCpf(cpf)) return { id: cpf, valid: true }
    const cnpj = bare.padStart(14, '0')
    if (bare.length >= 7 && isCnpj(cnpj)) return { id: cnpj, valid: true }
  }
  if (/^\d{11}$|^[0-9A-Z]{12}\d{2}$/.test(bare)) return { id: bare, valid: false }
  return { id: text, valid: !/^\d+$/.test(bare) && !/^\d+[.,]\d+E\+?\d+$/i.test(text) }
}

/** Matches an identifier of an organisation list (org-id.guide) of another country than Brazil: `IT-CF-01831780497`. */
const LISTED_ABROAD = /^(?!BR-)[A-Z]{2,3}-[A-Z]{2,10}-[A-Z0-9.-]+$/

/** Matches codes of a list before what programs write for no number, or before one digit written over and over. */
const FILLED_IN = /^(?:[A-Z]{1,8}[-_:/])+(?:nan|null|none|undefined|(\d)\1{8,})$/i

/** Tells whether a trimmed cell names a list of numbers and no number of it: `IT-CF-NAN`, `IT-CF-99999999999`. */
export const standsInForNumber = (text: string): boolean => FILLED_IN.test(text)

const INSIDE =
  /\d{2}\.?\d{3}\.?\d{3}\/\d{4}-?\d{2}|\d{3}\.\d{3}\.\d{3}-\d{2}|[*\d]{3}\.[*\d]{3}\.[*\d]{3}-[*\d]{2}|(?<![\dA-Z])(?:\d{14}|\d{11})(?!\d)|[0-9A-Z]{2}\.[0-9A-Z]{3}\.[0-9A-Z]{3}\/[0-9A-Z]{4}-\d{2}/

/**
 * Splits a cell that has a supplier and its tax number, in either order: `27.433.790/0001-55 - FULANO LTDA`,
 * `FULANO LTDA (CNPJ: 27.433.790/0001-55)`.
 * @returns null where the cell does not have both
 */
export function partSupplier(text: string): { number: string; name: string } | null {
  if (text.length > 400 || LISTED_ABROAD.test(text)) return null
  const found = INSIDE.exec(text)
  if (found) return parted(text, found[0], found.index)
  const foreign = FOREIGN_FIRST.exec(text) ?? FOREIGN_LAST.exec(text)
  const number = foreign?.[1]
  if (!number) return null
  const [one] = text.split(/\s*[|\n]\s*|;\s+(?=\d{8})/, 1) as [string]
  return parted(
    one.includes(number) ? one : text,
    number,
    (one.includes(number) ? one : text).indexOf(number),
  )
}

/** Matches the forms of the tax numbers of Portugal, Spain, Colombia, Chile, Peru, Mexico, Argentina and Uruguay. */
const FOREIGN =
  '(?:\\d{1,3}(?:\\.\\d{3}){2}-[\\dkK]|\\d{7,12}-[\\dkK]|\\d{9,12}|\\d{8}-?[A-Z]|[A-ZÑ&]{3,4}-?\\d{6}-?[A-Z\\d]{3}|[A-HJ-NP-SUVW]-?\\d{7}-?[\\dA-J]|[XYZ]\\d{7}[A-Z])'
const FOREIGN_LABEL = '(?:(?:NIF|NIPC|NIT|RUC|RUT|RFC|CIF|CUIT|DNI|VAT)\\b[\\s.:nNº°-]*)'
const FOREIGN_FIRST = new RegExp(
  `^\\W*${FOREIGN_LABEL}?(${FOREIGN})(?:\\s*[-–—:,;|/)]\\s*|\\s+)(?=\\p{L}{2})`,
  'u',
)
const FOREIGN_LAST = new RegExp(
  `\\p{L}.*?(?:\\s*[-–—:,;|/([]\\s*|\\s${FOREIGN_LABEL})${FOREIGN_LABEL}?(${FOREIGN})\\W*$`,
  'u',
)

/** Matches a number about as long as a tax number, with too few or too many digits, at either end of the cell. */
const ROUGH_FIRST = /^\W*(?:(?:CNPJ|CPF)\b[^\d]{0,12})?(\d[\d.\-/]{6,20}\d)(?![\p{L}\d])/iu
const ROUGH_LAST = /(?<![\p{L}\d])(\d[\d.\-/]{6,20}\d)\W*$/u

/**
 * Splits a cell as {@link partSupplier} does, where the number has lost or gained digits: for columns known to have
 * both.
 */
export function partRoughly(text: string): { number: string; name: string } | null {
  if (text.length > 400 || LISTED_ABROAD.test(text)) return null
  const found = ROUGH_FIRST.exec(text) ?? ROUGH_LAST.exec(text)
  const number = found?.[1]
  if (!number || number.replace(/\D/g, '').length < 8) return null
  return parted(text, number, text.indexOf(number, found.index))
}

/** Splits a text at the number at `index`; the rest is the name. */
function parted(text: string, number: string, index: number): { number: string; name: string } | null {
  const before = text.slice(0, index)
  const after = text.slice(index + number.length)
  const name = `${before} ${after}`
    .replace(
      /\b(?:CNPJ\/CPF|CPF\/CNPJ|CNPJ|CPF|NIF|NIPC|NIT|RUC|RUT|RFC|CIF|CUIT)(?:\/MF)?\b\s*(?:\(MF\))?\s*(?:n[º°.]?)?\s*:?/gi,
      ' ',
    )
    .replace(/\(\s*\)|\[\s*\]/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s\-–—:,;|/]+|[\s\-–—:,;|/(]+$/g, '')
  return /\p{L}{2}/u.test(name) ? { number, name } : null
}

const SPANISH_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE'

/**
 * Tells whether a cell has, by its check digit, the tax number of a company or person of Portugal (NIF) or Spain
 * (NIF, CIF).
 */
export function isEuropeanTaxNumber(text: string): boolean {
  const found =
    /(?<![\dA-Za-z])(?:(?:PT|ES)?[ -]?)((?:[1235689]\d{8})|[A-HJNP-SUVW]-?\d{7}[0-9A-J]|[XYZ\d]\d{7}-?[A-Z])(?![\dA-Za-z])/i.exec(
      text,
    )
  const id = found?.[1]?.replace('-', '').toUpperCase()
  if (!id) return false
  if (/^\d{9}$/.test(id)) {
    let sum = 0
    for (let at = 0; at < 8; at++) sum += Number(id[at]) * (9 - at)
    const digit = 11 - (sum % 11)
    return (digit > 9 ? 0 : digit) === Number(id[8])
  }
  if (/[A-Z]$/.test(id) && /^[XYZ\d]/.test(id)) {
    const number = Number(id.slice(0, 8).replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter))))
    return SPANISH_LETTERS[number % 23] === id[8]
  }
  let sum = 0
  for (let at = 1; at < 8; at++) {
    const doubled = Number(id[at]) * (at % 2 === 1 ? 2 : 1)
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  const digit = (10 - (sum % 10)) % 10
  return id[8] === String(digit) || id[8] === 'JABCDEFGHI'[digit]
}
