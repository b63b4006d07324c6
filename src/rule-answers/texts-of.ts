import type { Language } from '../intent/understanding.ts'
import type { Texts } from './texts.ts'
import { en } from './texts-en.ts'
import { es } from './texts-es.ts'
import { pt } from './texts-pt.ts'

const TEXTS: Readonly<Record<Language, Texts>> = { pt, es, en }

/** Returns the texts of answers in one language. */
export const textsOf = (language: Language): Texts => TEXTS[language]
