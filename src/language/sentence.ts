import { CATALOGUE } from './catalogue.ts'
import type { Area, Entry, Phrase, Voice } from './entry.ts'
import { formatOf } from './format.ts'
import { LANGUAGES, type Language } from './language.ts'

type Catalogue = typeof CATALOGUE

/** The key of a sentence: its area and its name, `identity.sign_in`. */
export type SentenceKey = {
  [Room in keyof Catalogue]: `${Room}.${keyof Catalogue[Room] & string}`
}[keyof Catalogue]

type EntryOf<Key extends SentenceKey> = Key extends `${infer Room extends keyof Catalogue}.${infer Name}`
  ? Catalogue[Room][Name & keyof Catalogue[Room]]
  : never

/** The values that a sentence speaks of; never for one that speaks of none. */
export type ParamsOf<Key extends SentenceKey> = EntryOf<Key> extends Entry<infer Params> ? Params : never

/** A sentence of the catalogue with its values: plain JSON, in no language yet. */
export type Sentence = {
  [Key in SentenceKey]: [ParamsOf<Key>] extends [never]
    ? { readonly key: Key }
    : { readonly key: Key; readonly params: ParamsOf<Key> }
}[SentenceKey]

/**
 * Makes a sentence of the catalogue.
 * @example say('identity.sign_in')
 * @example say('dataset.rows_without_value', { count: 3, rows: 120 })
 */
export const say = <Key extends SentenceKey>(
  key: Key,
  ...[params]: [ParamsOf<Key>] extends [never] ? [] : [params: ParamsOf<Key>]
): Sentence => (params === undefined ? { key } : { key, params }) as unknown as Sentence

const ENTRIES: ReadonlyMap<string, Entry<never> | Readonly<Record<Language, string>>> = new Map(
  Object.entries(CATALOGUE).flatMap(([room, area]) =>
    Object.entries(area).map(([name, entry]) => [`${room}.${name}`, entry] as const),
  ),
)

/** Returns the keys of all sentences. */
export const sentenceKeys = (): SentenceKey[] => [...ENTRIES.keys()] as SentenceKey[]

const VOICES: ReadonlyMap<Language, Voice> = new Map(
  LANGUAGES.map((language) => [
    language,
    { ...formatOf(language), tell: (phrase: Phrase) => tellPhrase(phrase, language) },
  ]),
)

const tellPhrase = ({ key, params }: Phrase, language: Language): string => {
  const text = ENTRIES.get(key)?.[language]
  // A sentence that was stored by another version of the service, whose catalogue had it.
  if (text === undefined) return key
  return typeof text === 'string' ? text : text((params ?? {}) as never, VOICES.get(language) as Voice)
}

/**
 * Tells a sentence in a language. Its values stand in it as they are: who shows the text as HTML or Markdown escapes
 * the whole of it. A key of another version's catalogue is returned as it is.
 */
export const tell = (sentence: Sentence, language: Language): string =>
  tellPhrase(sentence as Phrase, language)

/** The sentences of an area in one language: texts as they are, and functions of the values they speak of. */
export type Told<A extends Area> = {
  readonly [Name in keyof A]: A[Name] extends Entry<infer Params> ? (params: Params) => string : string
}

/**
 * Returns the sentences of an area that is no part of the catalogue, since they are told at once and never stored.
 * @example areaIn(figures, 'pt').contracts({ count: 3, unvalued: 0 })
 */
export const areaIn = <A extends Area>(area: A, language: Language): Told<A> =>
  Object.fromEntries(
    Object.entries(area).map(([name, entry]) => {
      const text = entry[language]
      const voice = VOICES.get(language) as Voice
      return [name, typeof text === 'string' ? text : (params: never) => text(params, voice)]
    }),
  ) as Told<A>
