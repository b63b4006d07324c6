import type { RoomMessage } from '@tributary/client'
import { useChatRoom, useClient, useLimits } from '@tributary/client/react'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { useUndo } from '../parts/undo.tsx'
import { useUser } from '../session.tsx'
import { useWords } from '../words/words.tsx'
import { Composer } from './composer.tsx'
import { useDraft } from './draft.ts'
import { Message } from './message.tsx'
import { Remaining } from './remaining.tsx'

/** Characters of a message, until the service has told its own limit. */
const MOST_CHARACTERS = 10_000

/** Paths that the console shows itself, without a load of the page. */
const OWN = /^\/(investigations|datasets|chat)\//

/** Follows links of answers to the console's own pages without a load. */
const useOwnLinks = (list: RefObject<HTMLElement | null>): void => {
  const [, navigate] = useLocation()
  useEffect(() => {
    const follow = (event: MouseEvent): void => {
      const path = (event.target as HTMLElement).closest('a')?.getAttribute('href') ?? ''
      if (!OWN.test(path) || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
      event.preventDefault()
      navigate(path)
    }
    const { current } = list
    current?.addEventListener('click', follow)
    return () => current?.removeEventListener('click', follow)
  }, [list, navigate])
}

/** One conversation: what was said, who is there, and the next message. */
export const Conversation = ({
  session,
  isNew,
  onSaid,
  onAnswered,
}: {
  session: string
  /** Nothing has been said in it: it does not exist before its first message. */
  isNew: boolean
  onSaid(): void
  onAnswered(): void
}) => {
  const client = useClient()
  const { words } = useWords()
  const { user } = useUser()
  const { offer } = useUndo()
  const [isEntered, setEntered] = useState(!isNew)
  const room = useChatRoom(isEntered ? session : undefined)
  const { messages, users, error, state, send, setTyping, refresh, stop } = room
  const typing = room.typing.filter((name) => name !== user.username)
  const { limits, refresh: refreshLimits } = useLimits()
  const [text, setText] = useDraft(session)
  const [editing, setEditing] = useState<RoomMessage>()
  const [failure, setFailure] = useState<string>()
  const [waiting, setWaiting] = useState<string>()
  const list = useRef<HTMLOListElement>(null)
  const box = useRef<HTMLTextAreaElement>(null)
  const isAtEnd = useRef(true)
  const said = useRef('')
  const current = useRef(messages)
  current.current = messages
  useOwnLinks(list)
  const running = messages.findLast(
    ({ role, state }) => role === 'assistant' && (state === 'pending' || state === 'streaming'),
  )
  const lastComplete = messages.findLast(({ role, state }) => role === 'assistant' && state === 'complete')
  const isEmpty = messages.length === 0
  const isAnswered = running === undefined

  const newest = messages.at(-1)?.stream_id
  // An answer may come and end between two frames.
  useEffect(refreshLimits, [isAnswered, newest, error, refreshLimits])
  // A conversation is named by its first message, which is in the list once it is answered; and an answer may have
  // replaced another.
  useEffect(() => {
    if (!isAnswered || isEmpty) return
    onAnswered()
    refresh()
  }, [isAnswered, isEmpty, newest])
  useEffect(() => {
    if (isAtEnd.current && list.current) list.current.scrollTop = list.current.scrollHeight
  }, [messages])
  // What was refused goes back into the box.
  useEffect(() => {
    if (error === undefined || said.current === '') return
    const refused = said.current
    said.current = ''
    if (box.current?.value === '') setText(refused)
  }, [error, setText])

  const edit = async ({ message_id: messageId }: RoomMessage, text: string): Promise<void> => {
    await client.revise(session, { kind: 'edit', messageId, text })
    refresh()
  }
  const say = async (content: string): Promise<void> => {
    if (content.trim() === '') return
    setFailure(undefined)
    isAtEnd.current = true
    if (editing) {
      try {
        await edit(editing, content)
        setEditing(undefined)
        setText('')
        // The words before are asked again: the answer to them has gone with them.
        offer(words.chat.edited, async () => {
          const changed = current.current.findLast(({ role }) => role === 'user')
          if (changed) await edit(changed, editing.content)
        })
      } catch (problem) {
        setFailure((problem as Error).message)
      }
      return
    }
    setEntered(true)
    setText(content)
    setWaiting(content)
  }
  // What is said before the connection stands, or while it is broken, waits for it.
  useEffect(() => {
    if (waiting === undefined || !send(waiting)) return
    said.current = waiting
    setWaiting(undefined)
    setText('')
    setTyping(false)
    onSaid()
  }, [waiting, messages, state])
  const again = async (answer: RoomMessage): Promise<void> => {
    const at = messages.indexOf(answer)
    const question = messages.slice(0, at).findLast(({ role }) => role === 'user')
    setFailure(undefined)
    try {
      await client.revise(session, {
        kind: 'regenerate',
        messageId: question?.message_id ?? answer.message_id,
        text: question?.content ?? answer.content,
      })
    } catch (problem) {
      setFailure((problem as Error).message)
    }
  }
  const lastQuestion = messages.findLast(({ role }) => role === 'user')
  const lastAnswer = messages.findLast(({ role }) => role === 'assistant')
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
              <button key={example} type="button" onClick={() => void say(example)}>
                {example}
              </button>
            ))}
          </li>
        )}
        {messages.map((message) => (
          <Message
            key={message.role === 'assistant' ? `answer ${message.stream_id}` : message.message_id}
            message={message}
            mayRevise={isAnswered && (message === lastQuestion || message === lastAnswer)}
            onEdit={(one) => {
              setEditing(one)
              setText(one.content)
              box.current?.focus()
            }}
            onAgain={(one) => void again(one)}
          />
        ))}
      </ol>
      <p className="announced" aria-live="polite">
        {lastComplete?.content}
      </p>
      <p className="typing" role="status">
        {waiting === undefined
          ? typing.length > 0 && words.chat.typing(typing.join(', '))
          : words.chat.waiting}
      </p>
      {(failure ?? error) && (
        <p className="notice bad" role="alert">
          {failure ?? error}
        </p>
      )}
      <Remaining limits={limits} />
      <Composer
        text={text}
        most={limits?.message.limit ?? MOST_CHARACTERS}
        box={box}
        isAnswering={!isAnswered}
        isEditing={editing !== undefined}
        onChange={(next) => {
          setWaiting(undefined)
          setText(next)
        }}
        onSend={() => void say(text)}
        onStop={() => stop(running?.stream_id ?? undefined)}
        onCancelEdit={() => {
          setEditing(undefined)
          setText('')
        }}
        onTyping={setTyping}
      />
    </section>
  )
}
