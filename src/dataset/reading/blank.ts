import { LRUCache } from 'lru-cache'
import { fold } from './header-name.ts'

const BLANK = new Set(
  (
    'na|n a|nd|n d|nan|null|none|nil|nulo|nulos|vazio|nao informado|nao informada|sem informacao|nao se aplica|' +
    'nao disponivel|nao consta|no aplica|no definido|no definida|no registra|sin informacion|sin descripcion|' +
    'not available|not applicable|not provided'
  ).split('|'),
)

/** Longest text looked up among the blank words. */
const LONGEST = 18

const DASHES = /^[-–—._*'"\s]+$/
const FIRST = new Set('nNvVsS#')
const remembered = new LRUCache<string, boolean>({ max: 2000 })

/**
 * Whether a trimmed cell says "no value": empty, dashes, dots, `NA`, `N/D`, `null`, `Não informado`…
 * A column of codes may hold `NA` as a value: its reader asks {@link isDash} instead.
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

/** Whether a trimmed cell is empty or holds only dashes, dots, asterisks or underscores. */
export function isDash(text: string): boolean {
  if (text === '') return true
  const first = text.charCodeAt(0)
  if ((first > 47 && first < 95) || (first > 95 && first < 8000)) return false
  return text.length < 12 && DASHES.test(text)
}
