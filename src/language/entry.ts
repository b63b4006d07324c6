import type { Format } from './format.ts'
import type { Language } from './language.ts'

/** A value that JSON keeps as it is. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json | undefined }

/**
 * A sentence by the key of its entry and the values it speaks of, without any language: plain JSON that can be stored
 * and told later. Values are data: nothing in them is read as markup or as a place for another value.
 */
export type Phrase = {
  readonly key: string
  readonly params?: { readonly [name: string]: Json | undefined }
}

/** A {@link Format} that can also tell a phrase inside another one. */
export interface Voice extends Format {
  tell(phrase: Phrase): string
}

/** One sentence in every language, out of its values. */
export type Entry<Params> = Readonly<Record<Language, (params: Params, voice: Voice) => string>>

/** Sentences of one area by their names: texts as they are, or entries with values. */
export type Area = Readonly<Record<string, Readonly<Record<Language, string>> | Entry<never>>>

/**
 * Returns an entry whose sentence speaks of values.
 * @example
 * rows_without_value: entry<{ count: number; rows: number }>({
 *   en: ({ count, rows }, { number }) => `${number(count)} of ${number(rows)} rows have no value`,
 *   pt: …, es: …
 * })
 */
export const entry = <Params extends NonNullable<Phrase['params']>>(texts: Entry<Params>): Entry<Params> =>
  texts
