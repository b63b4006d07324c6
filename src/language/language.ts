/** The languages that every sentence of the service exists in. */
export const LANGUAGES = ['en', 'pt', 'es'] as const
export type Language = (typeof LANGUAGES)[number]

/**
 * Returns the supported language that a tag names, whatever its region or case: `pt-BR` and `PT_pt` are `pt`.
 * Undefined for every other language.
 * @see https://www.rfc-editor.org/rfc/rfc5646
 */
export const languageOf = (tag: string): Language | undefined => {
  const primary = tag.trim().toLowerCase().split(/[-_]/, 1)[0]
  return LANGUAGES.find((language) => language === primary)
}

/** A quality of RFC 9110 §12.4.2; anything else counts as 1, as if it had not been given. */
const QUALITY = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i

/** Longest header that is read; a browser's is under 100 characters. */
const MOST_HEADER = 1000

/**
 * Returns the supported language that an `Accept-Language` header wants most: the highest quality, then the first.
 * Undefined where it wants none of them; `*` says nothing about which.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4
 */
const accepted = (header: string): Language | undefined => {
  let best: Language | undefined
  let most = 0
  for (const range of header.slice(0, MOST_HEADER).split(',')) {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim())
    const quality = parameters.map((parameter) => QUALITY.exec(parameter)?.[1]).find((found) => found)
    const wanted = quality === undefined ? 1 : Number(quality)
    const language = languageOf(tag)
    if (language === undefined || wanted <= most) continue
    best = language
    most = wanted
  }
  return best
}

/** A caller's wishes about the language of an answer. */
export interface LanguageWish {
  /** `?lang=` or a field of the body, as it came; the first of several that is supported counts. */
  asked?: unknown
  acceptLanguage?: string | undefined
  /** The service's own, where the caller says nothing that is supported. */
  fallback: Language
}

/** Chooses the language to answer in: the one asked for, else of `Accept-Language`, else the fallback. */
export const chooseLanguage = ({ asked, acceptLanguage, fallback }: LanguageWish): Language => {
  for (const tag of Array.isArray(asked) ? asked : [asked]) {
    const language = typeof tag === 'string' ? languageOf(tag) : undefined
    if (language) return language
  }
  return accepted(acceptLanguage ?? '') ?? fallback
}
