import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { CATALOGUES, type Words } from './catalogue.ts'

export const LANGUAGES = { en: 'English', pt: 'Português', es: 'Español' } as const
export type Language = keyof typeof LANGUAGES

const KEPT = 'tributary.language'

const isLanguage = (text: string | null | undefined): text is Language =>
  text != null && Object.hasOwn(CATALOGUES, text)

/** The language of `?lang=`, else the one chosen before, else the first of the browser's that is spoken here. */
const firstLanguage = (): Language => {
  const asked = new URLSearchParams(location.search).get('lang')
  if (isLanguage(asked)) return asked
  const kept = localStorage.getItem(KEPT)
  if (isLanguage(kept)) return kept
  return navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en'
}

interface Spoken {
  language: Language
  words: Words
  speak(language: Language): void
}

const SpokenContext = createContext<Spoken | undefined>(undefined)

/** Gives all below it one language, and keeps the choice. */
export const WordsProvider = ({ children }: { children: ReactNode }) => {
  const [language, setLanguage] = useState(firstLanguage)
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  const spoken = useMemo(
    () => ({
      language,
      words: CATALOGUES[language],
      speak(next: Language) {
        localStorage.setItem(KEPT, next)
        setLanguage(next)
      },
    }),
    [language],
  )
  return <SpokenContext.Provider value={spoken}>{children}</SpokenContext.Provider>
}

/** The console's words in the reader's language. */
export const useWords = (): Spoken => {
  const spoken = useContext(SpokenContext)
  if (spoken === undefined) throw new Error('WordsProvider is missing')
  return spoken
}
