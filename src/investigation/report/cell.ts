/** Removes control and bidirectional-override characters from data: they could reorder or hide text. */
const visible = (data: string): string =>
  data.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, '')

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Escapes data as HTML text or attribute value. */
export const html = (data: string): string =>
  visible(data).replace(/[&<>"']/g, (sign) => ENTITIES[sign] as string)

/**
 * Escapes data as Markdown text of one line: without markup, table border, link or HTML of its own.
 * @see https://spec.commonmark.org/0.31.2/#backslash-escapes
 */
export const markdown = (data: string): string =>
  visible(data)
    .trim()
    .replace(/[\\`*_{}[\]()#|!~@]/g, '\\$&')
    .replace(/[&<>]/g, (sign) => ENTITIES[sign] as string)
    .replaceAll('://', ':\\//')
    .replace(/www\./gi, (prefix) => `${prefix.slice(0, 3)}\\.`)
    .replace(/^([-+=])/, '\\$1')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
