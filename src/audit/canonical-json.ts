/** A value that JSON can represent. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/**
 * Returns the canonical JSON text of a value: keys in the order of their UTF-16 code units, numbers as ECMAScript
 * writes them, no white space.
 * @throws {TypeError} for a number that is not finite and for text with half a surrogate pair
 * @see https://www.rfc-editor.org/rfc/rfc8785
 * @example
 * canonicalJson({ b: 1, a: [true] }) // '{"a":[true],"b":1}'
 */
export const canonicalJson = (value: Json): string => {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`JSON has no ${value}`)
    return JSON.stringify(value)
  }
  if (typeof value === 'string') {
    if (LONE_SURROGATE.test(value)) throw new TypeError('The text holds half a surrogate pair')
    return JSON.stringify(value)
  }
  if (value === null || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const object = value as { readonly [key: string]: Json }
  const members = Object.keys(object)
    .sort()
    .map((key) => `${canonicalJson(key)}:${canonicalJson(object[key] as Json)}`)
  return `{${members.join(',')}}`
}

const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * Returns a copy of a value that both databases store and every JSON reader reads alike: NUL and halves of
 * surrogate pairs become U+FFFD; values that JSON cannot represent become null or are left out.
 */
export const storableJson = (value: unknown): Json => {
  const text = JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'bigint' ? member.toString() : member,
  )
  return text === undefined ? null : clean(JSON.parse(text) as Json)
}

export const storableText = (text: string): string => text.replace(/\0|\p{Surrogate}/gu, '\uFFFD')

const clean = (value: Json): Json => {
  if (typeof value === 'string') return storableText(value)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(clean)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [storableText(key), clean(member)]))
}
