import { useEffect } from 'react'
import { useWords } from '../words/words.tsx'

/** Names the window, its tab and its bookmark after what the page shows. */
export const useTitle = (title: string | undefined): void => {
  const { words } = useWords()
  useEffect(() => {
    document.title = title ? `${title} · ${words.brand}` : words.brand
  }, [title, words.brand])
}
