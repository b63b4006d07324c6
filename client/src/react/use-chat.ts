import { useCallback, useEffect, useState } from 'react'
import type { TurnEnd } from '../reading.ts'
import type { Run } from '../run.ts'
import type { TurnEvent } from '../wire.ts'
import { useClient } from './provider.tsx'
import { createStore, useStore } from './store.ts'

/** A message as a component shows it. */
export interface ShownMessage {
  id: string
  role: 'user' | 'assistant'
  content: string
  status: 'pending' | 'streaming' | 'complete' | 'error' | 'cancelled'
}

export interface ChatState {
  messages: readonly ShownMessage[]
  status: 'ready' | 'submitted' | 'streaming' | 'error'
  error: Error | undefined
}

interface StoredMessage {
  message_id: string
  role: ShownMessage['role']
  content: string
  state: ShownMessage['status']
}

const shownOf = ({ message_id, role, content, state }: StoredMessage): ShownMessage => ({
  id: message_id,
  role,
  content,
  status: state,
})

const STATUS: Readonly<Record<TurnEnd['type'], ShownMessage['status']>> = {
  complete: 'complete',
  error: 'error',
  cancelled: 'cancelled',
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

let made = 0
/** Ids of messages that the service has not named yet. */
const localId = (): string => `local-${++made}`

/**
 * Holds a conversation.
 * @param options.session_id an existing conversation, whose messages are shown first; by default a new one
 * @returns its messages, and `send`, `stop`
 */
export const useChat = ({ session_id }: { session_id?: string } = {}) => {
  const client = useClient()
  const [chat] = useState(() => ({
    store: createStore<ChatState>({ messages: [], status: 'ready', error: undefined }),
    session: session_id,
    run: undefined as Run<TurnEvent, TurnEnd> | undefined,
  }))
  const { store } = chat

  useEffect(() => {
    if (session_id === undefined) return undefined
    let isCurrent = true
    chat.session = session_id
    const path = `/api/v1/chat/sessions/${encodeURIComponent(session_id)}/messages`
    client.api
      .get(path)
      .then((page) => {
        const items = (page as { items: readonly StoredMessage[] }).items.map(shownOf)
        if (isCurrent) store.set((state) => ({ ...state, messages: [...items, ...state.messages] }), 'now')
      })
      .catch((error) => {
        // A conversation that nobody has yet begins with its first message.
        if (isCurrent && error?.status !== 404)
          store.set((state) => ({ ...state, status: 'error', error: asError(error) }), 'now')
      })
    return () => {
      isCurrent = false
    }
  }, [client, chat, store, session_id])

  useEffect(() => () => chat.run?.detach(), [chat])

  const send = useCallback(
    async (text: string): Promise<void> => {
      const [question, answer] = [localId(), localId()]
      store.set(
        (state) => ({
          messages: [
            ...state.messages,
            { id: question, role: 'user', content: text, status: 'complete' },
            { id: answer, role: 'assistant', content: '', status: 'pending' },
          ],
          status: 'submitted',
          error: undefined,
        }),
        'now',
      )
      const change = (fields: Partial<ShownMessage>, rest: Partial<ChatState> = {}, when?: 'now'): void =>
        store.set(
          (state) => ({
            ...state,
            ...rest,
            messages: state.messages.map((one) => (one.id === answer ? { ...one, ...fields } : one)),
          }),
          when,
        )
      const run = client.chat({
        message: text,
        ...(chat.session === undefined ? {} : { session_id: chat.session }),
      })
      chat.run = run
      try {
        for await (const event of run) {
          if (event.type === 'start') chat.session ??= event.session_id ?? undefined
          else if (event.type === 'chunk' || event.type === 'reset' || event.type === 'snapshot')
            change({ content: run.text, status: 'streaming' }, { status: 'streaming' })
          else if (event.type === 'complete' || event.type === 'error' || event.type === 'cancelled') {
            const failed = event.type === 'error'
            change(
              { content: run.text, status: STATUS[event.type] },
              { status: failed ? 'error' : 'ready', error: failed ? new Error(event.message) : undefined },
              'now',
            )
          }
        }
      } catch (error) {
        change({ content: run.text, status: 'error' }, { status: 'error', error: asError(error) }, 'now')
      }
    },
    [client, chat, store],
  )
  const stop = useCallback(async (): Promise<void> => {
    await chat.run?.cancel()
  }, [chat])

  return { ...useStore(store), send, stop }
}
