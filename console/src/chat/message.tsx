import type { RoomMessage } from '@tributary/client'
import { Markdown } from '@tributary/client/react'
import { useEffect, useRef } from 'react'
import { Link } from 'wouter'
import { useFormat } from '../parts/format.ts'
import { useUndo } from '../parts/undo.tsx'
import { useUser } from '../session.tsx'
import { useWords } from '../words/words.tsx'

/** Says quietly who answers, and what happened on the way. */
const Attribution = ({ message }: { message: RoomMessage }) => {
  const { words } = useWords()
  const { number } = useFormat()
  const { agent_id, provider, model, usage, fallback, isRestarted } = message
  const tokens = usage ? usage.prompt_tokens + usage.completion_tokens : 0
  const parts = [
    agent_id,
    [provider, model].filter(Boolean).join(' '),
    fallback && words.chat.fallback(fallback.from, fallback.to),
    isRestarted && words.chat.restarted,
    tokens > 0 && words.chat.tokens(number(tokens)),
  ]
  return <small>{parts.filter(Boolean).join(' · ')}</small>
}

/** One message, and what can be done with it. */
export const Message = ({
  message,
  mayRevise,
  onEdit,
  onAgain,
}: {
  message: RoomMessage
  /** False while an answer comes. */
  mayRevise: boolean
  onEdit(message: RoomMessage): void
  onAgain(message: RoomMessage): void
}) => {
  const { words } = useWords()
  const { user } = useUser()
  const { offer } = useUndo()
  const body = useRef<HTMLDivElement>(null)
  const { role, content, state, user: author, failure, investigation_id: started } = message
  const isMine = author === undefined || author === user.username
  const isOver = state !== 'pending' && state !== 'streaming'
  // A table wider than its message scrolls, which the keyboard has to reach.
  useEffect(() => {
    const { current } = body
    if (!current) return undefined
    const observer = new ResizeObserver(() => {
      for (const table of current.querySelectorAll('table'))
        if (table.scrollWidth > table.clientWidth) table.tabIndex = 0
        else table.removeAttribute('tabindex')
    })
    observer.observe(current)
    return () => observer.disconnect()
  }, [content])
  const copy = (text: string): void => {
    void navigator.clipboard.writeText(text).then(() => offer(words.copied))
  }
  if (role === 'user')
    return (
      <li data-role={role} data-state={state}>
        <small>{isMine ? words.chat.you : author}</small>
        <p>{content}</p>
        {mayRevise && isMine && (
          <p className="actions">
            <button type="button" className="quiet" onClick={() => onEdit(message)}>
              {words.chat.edit}
            </button>
          </p>
        )}
      </li>
    )
  return (
    <li data-role={role} data-state={state}>
      <Attribution message={message} />
      <div ref={body}>
        <Markdown text={content} />
      </div>
      {!isOver && <span className="cursor" aria-hidden="true" />}
      {started && (
        <p>
          <Link href={`/investigations/${started}`}>{words.chat.toInvestigation}</Link>
        </p>
      )}
      {state === 'error' && (
        <p className="notice bad">
          {failure?.message} {words.chat.broken}{' '}
          {failure?.retry_after != null && words.chat.after(Math.ceil(failure.retry_after))}
        </p>
      )}
      {state === 'cancelled' && <p className="muted">{words.chat.stopped}</p>}
      {isOver && (
        <p className="actions">
          {content !== '' && (
            <>
              <button
                type="button"
                className="quiet"
                onClick={() => copy(body.current?.innerText ?? content)}
              >
                {words.chat.copyText}
              </button>
              <button type="button" className="quiet" onClick={() => copy(content)}>
                {words.chat.copyMarkdown}
              </button>
            </>
          )}
          {mayRevise && (
            <button type="button" className="quiet" onClick={() => onAgain(message)}>
              {words.chat.again}
            </button>
          )}
        </p>
      )}
    </li>
  )
}
