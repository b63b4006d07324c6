/** Reads the text of events that differ in nothing else, without parsing them. */
export interface TextTemplate {
  /** Returns the text of an event that equals the learnt one but for its text; undefined for any other. */
  match(data: string): string | undefined
  /** Learns from an event that had a text under the key and nothing more. */
  learn(data: string): void
}

/**
 * Number of templates that served too few texts after which no more are learnt: this vendor's events differ in more
 * than their text.
 */
const MAX_USELESS = 4
/** Number of texts that a template must have served before it counts as useful. */
const USEFUL = 4
const PROBE = 'probe'
// A JSON string has no bare quote or control character.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the expression looks for them
const UNSAFE = /["\u0000-\u001f]/

/** Returns the same text in memory of its own, so that the read that it was cut from can be freed. */
const copied = (text: string): string => Buffer.from(text).toString()

/** Returns the value of the inside of a JSON string; undefined where it is none. */
const unescaped = (inside: string): string | undefined => {
  try {
    return JSON.parse(`"${inside}"`) as string
  } catch {
    return undefined
  }
}

/**
 * Makes a template that reads a vendor's chunks without parsing them. Chunks repeat some 200 bytes around each token,
 * and parsing those is most of the cost of a token. The template keeps and compares the bytes before and after the
 * text; an event that equals both and has a JSON string's inside between them parses to the same value with another
 * text, so the result is exact.
 * @param key of the text in the JSON
 * @param textOf returns the text of a parsed event
 */
export const textTemplate = (
  key: string,
  textOf: (event: Record<string, unknown>) => unknown,
): TextTemplate => {
  const opening = new RegExp(`"${key}": ?"`, 'g')
  let before = ''
  let behind = ''
  let served = 0
  let useless = 0

  /** Tells whether a text between the two halves is read as the event's text. */
  const holds = (head: string, tail: string): boolean => {
    try {
      return textOf(JSON.parse(`${head}${PROBE}${tail}`)) === PROBE
    } catch {
      return false
    }
  }

  return {
    match(data) {
      const end = data.length - behind.length
      if (before === '' || end < before.length) return undefined
      // `startsWith` goes through a sliced string one character at a time, which costs more than parsing it.
      if (data.slice(0, before.length) !== before || data.slice(end) !== behind) return undefined
      const text = data.slice(before.length, end)
      if (text === '') return undefined
      const read = text.includes('\\') ? unescaped(text) : UNSAFE.test(text) ? undefined : text
      if (read !== undefined) served += 1
      return read
    },
    learn(data) {
      if (useless >= MAX_USELESS) return
      if (before !== '' && served < USEFUL) useless += 1
      before = ''
      served = 0
      const found = [...data.matchAll(opening)]
      const start = found[0] ? found[0].index + found[0][0].length : -1
      const end = data.indexOf('"', start)
      if (found.length !== 1 || start === -1 || end === -1) return
      const [head, tail] = [data.slice(0, start), data.slice(end)]
      if (!holds(head, tail)) return
      before = copied(head)
      behind = copied(tail)
    },
  }
}
