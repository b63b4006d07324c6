import { Markdown, useChatRoom, useClient } from '@tributary/client/react'
import { type FormEvent, type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useFormat } from '../parts/format.ts'
import { useLoad } from '../parts/load.ts'
import { Failure } from '../parts/parts.tsx'
import { useUser } from '../session.tsx'
import { useWords } from '../words/words.tsx'

interface Session {
  session_id: string
  title?: string | null
  created_at: string
  updated_at?: string
}

const draftOf = (session: string): string => sessionStorage.getItem(`draft.${session}`) ?? ''
const keepDraft = (session: string, text: string): void => {
  if (text === '') sessionStorage.removeItem(`draft.${session}`)
  else sessionStorage.setItem(`draft.${session}`, text)
}

const Conversations = ({ current, version }: { current: string | undefined; version: number }) => {
  const client = useClient()
  const { words } = useWords()
  const { moment } = useFormat()
  const [text, setText] = useState('')
  const { value, error, reload } = useLoad(
    'sessions',
    () => client.api.get('/api/v1/chat/sessions?limit=100') as Promise<{ items: Session[] }>,
  )
  useEffect(reload, [version, reload])
  const shown = value?.items.filter(({ title }) => (title ?? '').toLowerCase().includes(text.toLowerCase()))
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
      <ul>
        {shown?.map(({ session_id: id, title, updated_at, created_at }) => (
          <li key={id}>
            <Link href={`/chat/${encodeURIComponent(id)}`} aria-current={id === current ? 'page' : undefined}>
              <span>{title || words.chat.untitled}</span>
              <small>{moment(updated_at ?? created_at)}</small>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

const Conversation = ({
  session,
  onSaid,
  onAnswered,
}: {
  session: string
  onSaid(): void
  onAnswered(): void
}) => {
  const { words } = useWords()
  const { user } = useUser()
  const { messages, users, typing, error, send, setTyping, stop } = useChatRoom(session)
  const [text, setText] = useState(() => draftOf(session))
  const list = useRef<HTMLOListElement>(null)
  const isAtEnd = useRef(true)
  const running = messages.findLast(
    ({ role, state }) => role === 'assistant' && (state === 'pending' || state === 'streaming'),
  )
  const lastComplete = messages.findLast(({ role, state }) => role === 'assistant' && state === 'complete')
  const isEmpty = messages.length === 0

  const isAnswered = running === undefined
  // A conversation is named by its first message, which is in the list once it is answered.
  useEffect(() => {
    if (isAnswered && !isEmpty) onAnswered()
  }, [isAnswered, isEmpty])
  useEffect(() => keepDraft(session, text), [session, text])
  useEffect(() => {
    if (isAtEnd.current && list.current) list.current.scrollTop = list.current.scrollHeight
  }, [messages])

  const say = (content: string): void => {
    if (content.trim() === '' || !send(content)) return
    setText('')
    setTyping(false)
    isAtEnd.current = true
    onSaid()
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    say(text)
  }
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault()
      say(text)
    }
  }
  return (
    <section className="conversation">
      {users.length > 0 && <p className="presence">{words.chat.here(users.join(', '))}</p>}
      <ol
        className="messages"
        ref={list}
        onScroll={({ currentTarget: at }) => {
          isAtEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < 40
        }}
      >
        {isEmpty && (
          <li className="empty">
            <p>{words.chat.empty}</p>
            {words.chat.examples.map((example) => (
              <button key={example} type="button" onClick={() => say(example)}>
                {example}
              </button>
            ))}
          </li>
        )}
        {messages.map(({ message_id, role, content, state, user: author, agent_id }) => (
          <li key={message_id} data-role={role} data-state={state}>
            <small>
              {role === 'user' ? (author && author !== user.username ? author : words.chat.you) : agent_id}
            </small>
            {role === 'user' ? <p>{content}</p> : <Markdown text={content} />}
            {role === 'assistant' && (state === 'pending' || state === 'streaming') && (
              <span className="cursor" aria-hidden="true" />
            )}
            {state === 'error' && <p className="notice bad">{words.chat.broken}</p>}
            {state === 'cancelled' && <p className="muted">{words.chat.stopped}</p>}
            {role === 'assistant' && state !== 'pending' && state !== 'streaming' && (
              <p className="actions">
                <button
                  type="button"
                  className="quiet"
                  onClick={() => void navigator.clipboard.writeText(content)}
                >
                  {words.copy}
                </button>
              </p>
            )}
          </li>
        ))}
      </ol>
      <p className="announced" aria-live="polite">
        {lastComplete?.content}
      </p>
      <p className="typing" role="status">
        {typing.length > 0 && words.chat.typing(typing.join(', '))}
      </p>
      {error && (
        <p className="notice bad" role="alert">
          {error}
        </p>
      )}
      <form onSubmit={submit} className="composer">
        <textarea
          aria-label={words.chat.message}
          placeholder={words.chat.message}
          rows={2}
          maxLength={10_000}
          value={text}
          onKeyDown={press}
          onBlur={() => setTyping(false)}
          onChange={({ target }) => {
            setText(target.value)
            setTyping(target.value !== '')
          }}
        />
        {running ? (
          <button type="button" onClick={() => stop(running.stream_id ?? undefined)}>
            {words.chat.stop}
          </button>
        ) : (
          <button type="submit" className="primary">
            {words.chat.send}
          </button>
        )}
      </form>
    </section>
  )
}

/** Conversations, and the one that is open. */
export default function ChatPage({ session }: { session: string | undefined }) {
  const { words } = useWords()
  const [, navigate] = useLocation()
  const [version, setVersion] = useState(0)
  const fresh = useMemo(() => crypto.randomUUID(), [])
  const current = session ?? fresh
  return (
    <div className="page chat">
      <aside>
        <h1>{words.chat.title}</h1>
        <button type="button" className="primary" onClick={() => navigate(`/chat/${crypto.randomUUID()}`)}>
          {words.chat.new}
        </button>
        <Conversations current={session} version={version} />
      </aside>
      <Conversation
        key={current}
        session={current}
        onSaid={() => {
          if (session === undefined) navigate(`/chat/${current}`, { replace: true })
        }}
        onAnswered={() => setVersion((n) => n + 1)}
      />
    </div>
  )
}
