import { useClient } from '@tributary/client/react'
import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import { useFormat } from '../parts/format.ts'
import { useLoad } from '../parts/load.ts'
import { Failure, Loading } from '../parts/parts.tsx'
import { RemoveButton, useRemoval } from '../parts/removal.tsx'
import { useReturn } from '../parts/return.ts'
import { useWords } from '../words/words.tsx'

/** The pause in typing after which the service is asked. */
const PAUSE_MS = 200

/** A text once it has stood still for a moment. */
const useSettled = (text: string): string => {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

/** The conversations, newest first, and a search through their titles and messages. */
export const Conversations = ({
  current,
  version,
  onRemove,
}: {
  current: string | undefined
  /** Another number asks for the list again. */
  version: number
  onRemove(session: string): void
}) => {
  const client = useClient()
  const { words } = useWords()
  const { moment } = useFormat()
  const { hidden, remove } = useRemoval()
  const [text, setText] = useState('')
  const sought = useSettled(text.trim())
  const query = new URLSearchParams({ limit: '1000', ...(sought && { q: sought }) })
  const { value, error, isLoading, reload } = useLoad(`sessions?${query}`, () =>
    client.api.get(`/api/v1/chat/sessions?${query}`),
  )
  useEffect(reload, [version, reload])
  useReturn(reload)
  // One that was only looked into has no name, and nothing to come back to.
  const shown = value?.items.filter(
    ({ session_id, title }) => !hidden.has(session_id) && (title || session_id === current),
  )
  return (
    <nav className="conversations" aria-label={words.chat.conversations}>
      <input
        type="search"
        aria-label={words.chat.searchConversations}
        placeholder={words.chat.searchConversations}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      {error && <Failure error={error} retry={reload} />}
      {isLoading && <Loading />}
      {shown?.length === 0 && <p className="empty">{words.chat.noConversations}</p>}
      <ul>
        {shown?.map(({ session_id: id, title, updated_at, excerpt }) => (
          <li key={id}>
            <Link href={`/chat/${encodeURIComponent(id)}`} aria-current={id === current ? 'page' : undefined}>
              <span title={title ?? undefined}>{title || words.chat.untitled}</span>
              {excerpt && <span className="muted">{excerpt}</span>}
              <small>{moment(updated_at)}</small>
            </Link>
            <RemoveButton
              name={title || words.chat.untitled}
              onClick={() => {
                remove(id, title || words.chat.untitled, () =>
                  client.api.delete(`/api/v1/chat/sessions/${encodeURIComponent(id)}`),
                )
                onRemove(id)
              }}
            />
          </li>
        ))}
      </ul>
    </nav>
  )
}
