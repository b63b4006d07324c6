import { useEffect, useState } from 'react'

const keyOf = (session: string): string => `tributary.draft.${session}`

/** Keeps what somebody has begun to write in a conversation, until it is said. */
export const useDraft = (session: string): [string, (text: string) => void] => {
  const [text, setText] = useState(() => localStorage.getItem(keyOf(session)) ?? '')
  useEffect(() => {
    if (text === '') localStorage.removeItem(keyOf(session))
    else localStorage.setItem(keyOf(session), text)
  }, [session, text])
  return [text, setText]
}
