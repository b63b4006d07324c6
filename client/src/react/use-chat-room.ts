import { useCallback, useEffect, useMemo, useRef } from 'react'
import type { Room, RoomMessage } from '../room.ts'
import type { Frame } from '../socket-connection.ts'
import { useClient } from './provider.tsx'
import { createStore, useStore } from './store.ts'
import { useConnectionState } from './use-channel.ts'

export interface ChatRoomState {
  messages: readonly RoomMessage[]
  /** Other people who are in the room. */
  users: readonly string[]
  /** Other people who type now. */
  typing: readonly string[]
  error: string | undefined
}

const with_ = (list: readonly string[], one: string, isIn: boolean): readonly string[] =>
  isIn === list.includes(one) ? list : isIn ? [...list, one] : list.filter((other) => other !== one)

const changed = (
  messages: readonly RoomMessage[],
  streamId: unknown,
  change: (message: RoomMessage) => RoomMessage,
): readonly RoomMessage[] => {
  const known = messages.some((one) => one.stream_id === streamId && one.role === 'assistant')
  const all: readonly RoomMessage[] = known
    ? messages
    : [
        ...messages,
        {
          message_id: `answer-${streamId}`,
          role: 'assistant',
          content: '',
          state: 'pending',
          stream_id: String(streamId),
        },
      ]
  return all.map((one) => (one.stream_id === streamId && one.role === 'assistant' ? change(one) : one))
}

const isRunning = ({ state }: RoomMessage): boolean => state === 'pending' || state === 'streaming'

/** Returns the fields of an answer that only its events tell, no list of messages. */
const happened = (message: RoomMessage | undefined): Partial<RoomMessage> => {
  if (message === undefined) return {}
  const { fallback, isRestarted, failure, investigation_id } = message
  return {
    ...(fallback && { fallback }),
    ...(isRestarted && { isRestarted }),
    ...(failure && { failure }),
    ...(investigation_id && { investigation_id }),
  }
}

/** Computes the room's state behind one frame. Pure. */
export const roomAfter = (state: ChatRoomState, frame: Frame): ChatRoomState => {
  const { messages } = state
  const user = String(frame.user ?? '')
  switch (frame.type) {
    case 'history': {
      const listed = frame.messages as RoomMessage[]
      const ids = new Set(listed.map(({ message_id }) => message_id))
      const streams = new Set(listed.map(({ stream_id }) => stream_id))
      const last = listed.at(-1)?.created_at ?? ''
      // What is not in the list came behind it, or was replaced meanwhile.
      const newer = messages.filter((one) =>
        one.role === 'assistant'
          ? !ids.has(one.message_id) && !streams.has(one.stream_id) && isRunning(one)
          : !ids.has(one.message_id) && (one.created_at ?? '') > last,
      )
      const told = new Map(
        messages.filter(({ role }) => role === 'assistant').map((one) => [one.stream_id, one]),
      )
      return {
        ...state,
        messages: [
          ...listed.map((one) => {
            const known = one.role === 'assistant' ? told.get(one.stream_id) : undefined
            // The list was made before what has come since.
            return known && isRunning(one) ? { ...one, ...known } : { ...happened(known), ...one }
          }),
          ...newer,
        ],
      }
    }
    case 'user_message': {
      const message = frame as unknown as RoomMessage & { user: string }
      if (messages.some(({ message_id }) => message_id === message.message_id)) return state
      return { ...state, messages: [...messages, { ...message, role: 'user', state: 'complete' }] }
    }
    case 'agent_status': {
      if (frame.status === 'idle') return state
      const agent_id = (frame.agent_id as string | null) ?? null
      return { ...state, messages: changed(messages, frame.stream_id, (one) => ({ ...one, agent_id })) }
    }
    case 'agent_response':
      return {
        ...state,
        messages: changed(messages, frame.stream_id, (one) => ({
          ...one,
          // The first piece, and the first behind a reset, begin the answer.
          content: frame.index === 0 ? String(frame.content) : one.content + String(frame.content),
          state: 'streaming',
        })),
      }
    case 'reset':
      return {
        ...state,
        messages: changed(messages, frame.stream_id, (one) => ({ ...one, content: '', isRestarted: true })),
      }
    case 'fallback': {
      const fallback = { from: String(frame.from), to: String(frame.to) }
      return { ...state, messages: changed(messages, frame.stream_id, (one) => ({ ...one, fallback })) }
    }
    case 'investigation_started': {
      const investigation_id = String(frame.investigation_id)
      return {
        ...state,
        messages: changed(messages, frame.stream_id, (one) => ({ ...one, investigation_id })),
      }
    }
    case 'agent_response_complete': {
      const { message_id, agent_id, provider, model, usage } = frame as unknown as RoomMessage
      return {
        ...state,
        messages: changed(messages, frame.stream_id, (one) => ({
          ...one,
          ...(message_id && { message_id }),
          agent_id: agent_id ?? one.agent_id ?? null,
          provider: provider ?? null,
          model: model ?? null,
          usage: usage ?? null,
          state: 'complete',
        })),
      }
    }
    case 'cancelled':
      return {
        ...state,
        messages: changed(messages, frame.stream_id, (one) => ({ ...one, state: 'cancelled' })),
      }
    case 'error':
      return frame.stream_id === undefined
        ? { ...state, error: String(frame.message) }
        : {
            ...state,
            messages: changed(messages, frame.stream_id, (one) => ({
              ...one,
              state: 'error',
              failure: {
                message: String(frame.message),
                retry_after: (frame.retry_after as number | null | undefined) ?? null,
              },
            })),
          }
    case 'typing':
      return { ...state, typing: with_(state.typing, user, frame.active === true) }
    case 'join':
      return { ...state, users: with_(state.users, user, true) }
    case 'leave':
      return { ...state, users: with_(state.users, user, false), typing: with_(state.typing, user, false) }
    default:
      return state
  }
}

/**
 * Enters a conversation together with others: messages, who is there, who types.
 * @param sessionId undefined for none yet: entering a conversation that does not exist creates it
 */
export const useChatRoom = (sessionId: string | undefined) => {
  const client = useClient()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another room is another state
  const store = useMemo(
    () => createStore<ChatRoomState>({ messages: [], users: [], typing: [], error: undefined }),
    [sessionId],
  )
  const room = useRef<Room | undefined>(undefined)
  useEffect(() => {
    if (sessionId === undefined) return undefined
    let isCurrent = true
    void client
      .room(sessionId, {
        frame: (frame) => store.set((state) => roomAfter(state, frame)),
        ended: (reason) => store.set((state) => ({ ...state, error: reason }), 'now'),
      })
      .then((entered) => {
        if (isCurrent) room.current = entered
        else entered.leave()
      })
    return () => {
      isCurrent = false
      room.current?.leave()
      room.current = undefined
    }
  }, [client, sessionId, store])
  return {
    ...useStore(store),
    state: useConnectionState(),
    send: useCallback((content: string) => room.current?.send(content) ?? false, []),
    setTyping: useCallback((active: boolean) => room.current?.typing(active), []),
    refresh: useCallback(() => room.current?.refresh(), []),
    stop: useCallback((streamId?: string) => room.current?.cancel(streamId), []),
  }
}
