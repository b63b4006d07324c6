import { LRUCache } from 'lru-cache'
import { fold } from './header-name.ts'

const BLANK = new Set(
  (
    'na|n a|nd|n d|nan|null|none|nil|nulo|nulos|vazio|nao informado|nao informada|sem informacao|nao se aplica|' +
    'nao disponivel|nao consta|no aplica|no definido|no definida|no registra|sin informacion|sin descripcion|' +
    'not available|not applicable|not provided'
  ).split('|'),
)

/** Longest text, in characters, that is compared with the blank words. */
const LONGEST = 18

/** Longest text, in characters, of dashes or asterisks alone: a tax number of which every character is masked. */
const LONGEST_MASK = 30
const DASHES = /^[-–—._*'"\s]+$/
const FIRST = new Set('nNvVsS#')
const remembered = new LRUCache<string, boolean>({ max: 2000 })

/**
 * Tells whether a trimmed cell has no value: empty, dashes, dots, `NA`, `N/D`, `null`, `Não informado`… A column of
 * codes may have `NA` as a value: for such columns use {@link isDash}.
 */
export function isBlank(text: string): boolean {
  if (isDash(text)) return true
  if (text.length > LONGEST || !FIRST.has(text[0] as string)) return false
  const known = remembered.get(text)
  if (known !== undefined) return known
  const blank = BLANK.has(fold(text))
  remembered.set(text, blank)
  return blank
}

/** Tells whether a trimmed cell is empty or has only dashes, dots, asterisks or underscores. */
export function isDash(text: string): boolean {
  if (text === '') return true
  const first = text.charCodeAt(0)
  if ((first > 47 && first < 95) || (first > 95 && first < 8000)) return false
  return text.length <= LONGEST_MASK && DASHES.test(text)
}

/** Matches words for no amount, and beginnings of such phrases. */
const WORDED =
  /^(?:sem |sin |without |no |nao |not |none\b|nil|isent[oa]|exent[oa]|gratis|gratuit[oa]|free\b|(?:a|por|to be|ser|sera|pendente|pendiente|pending|under|sob|bajo|upon|conforme|segundo|segun|ver|vide|see|as per|per) |pendente$|pendiente$|pending$|tb[acd]$|various$|varios$|vari[ao]vel$|variable$|indefinid[oa]|indeterminad[oa]|sigilos[oa]|reservad[oa]|confidencial|confidential|redacted|withheld|ilimitad[oa])/
/** Matches a sign of a currency without an amount: `R$ --`. */
const SIGN_ALONE = /^(?:[A-Z]{0,3}\$|[€£]|S\/\.?|[A-Z]{3})[\s\-–—.,_*/]*$/

/**
 * Tells whether a trimmed cell of a column of amounts states that there is none: `sem custo`, `a definir`, `nil`,
 * `R$ --`. Texts with a digit, and words that do not refer to amounts, do not count.
 */
export const saysNoAmount = (text: string): boolean =>
  text.length < 60 && !/\d/.test(text) && (isBlank(text) || SIGN_ALONE.test(text) || WORDED.test(fold(text)))
