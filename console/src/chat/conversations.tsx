import { useClient } from '@tributary/client/react'
import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import { useFormat } from '../parts/format.ts'
import { useLoad } from '../parts/load.ts'
import { Failure, Loading } from '../parts/parts.tsx'
import { RemoveButton, useRemoval } from '../parts/removal.tsx'
import { useReturn } from '../parts/return.ts'
import { useWords } from '../words/words.tsx'

interface Session {
  session_id: string
  title?: string | null
  created_at: string
  updated_at?: string
}

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** The conversations, newest first, and a search through their titles. */
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
  const { value, error, isLoading, reload } = useLoad(
    'sessions',
    async () => (await client.api.get('/api/v1/chat/sessions?limit=1000')) as { items: Session[] },
  )
  useEffect(reload, [version, reload])
  useReturn(reload)
  const shown = value?.items.filter(
    ({ session_id, title }) => !hidden.has(session_id) && fold(title ?? '').includes(fold(text)),
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
        {shown?.map(({ session_id: id, title, updated_at, created_at }) => (
          <li key={id}>
            <Link href={`/chat/${encodeURIComponent(id)}`} aria-current={id === current ? 'page' : undefined}>
              <span title={title ?? undefined}>{title || words.chat.untitled}</span>
              <small>{moment(updated_at ?? created_at)}</small>
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
