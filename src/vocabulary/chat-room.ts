import { type Chunk, chunkOf } from '../protocol/chunk-text.ts'
import type { MessageVocabulary } from '../protocol/frame.ts'
import type { RoomEvent, TurnEvent } from '../protocol/turn-event.ts'

interface Turn {
  agentId: string | null
  status: 'thinking' | 'responding'
}

type ChannelEvent = TurnEvent | RoomEvent

/**
 * Makes the vocabulary of `/api/v1/ws/chat/:session_id`: all turns of one session, interleaved, and the actions of
 * its users. Each connection has its own, since the status of an agent carries its id, which a turn names once; a
 * client that joins in mid-answer gets `agent_id` null until the end. Events that are replayed from the store have
 * their first frame only.
 */
export function chatRoomVocabulary(): MessageVocabulary {
  const turns = new Map<string, Turn>()

  const turnOf = (streamId: string): Turn => {
    const known = turns.get(streamId)
    if (known !== undefined) return known
    const turn: Turn = { agentId: null, status: 'thinking' }
    turns.set(streamId, turn)
    return turn
  }
  const status = (stream_id: string, agent_id: string | null, name: string, more: object = {}): string =>
    JSON.stringify({ type: 'agent_status', stream_id, agent_id, status: name, ...more })
  const thinking = (streamId: string, more: object): string[] => {
    const turn = turnOf(streamId)
    turn.status = 'thinking'
    return [status(streamId, turn.agentId, turn.status, more)]
  }
  const ended = (streamId: string, agentId = turns.get(streamId)?.agentId ?? null): string => {
    turns.delete(streamId)
    return status(streamId, agentId, 'idle')
  }
  const response = ({ streamId, json, index }: Chunk): string[] => {
    const turn = turnOf(streamId)
    const frames: string[] = []
    if (turn.status !== 'responding') {
      turn.status = 'responding'
      frames.push(status(streamId, turn.agentId, turn.status))
    }
    const id = JSON.stringify(streamId)
    frames.push(`{"type":"agent_response","stream_id":${id},"content":${json},"index":${index}}`)
    return frames
  }

  const framesOf = (data: string): string[] => {
    const chunk = chunkOf(data)
    if (chunk !== undefined) return response(chunk)
    const event: ChannelEvent = JSON.parse(data)
    switch (event.type) {
      case 'start': {
        const agentId = event.about?.agent_id
        turnOf(event.stream_id).agentId = typeof agentId === 'string' ? agentId : null
        return []
      }
      case 'detecting':
      case 'thinking':
      case 'model_loading':
      case 'tool':
        return thinking(event.stream_id, { message: event.message })
      case 'agent_selected':
        turnOf(event.stream_id).agentId = event.agent_id
        return thinking(event.stream_id, { agent_name: event.agent_name })
      case 'complete': {
        const { result: _, ...rest } = event
        const frame = JSON.stringify({ ...rest, type: 'agent_response_complete' })
        return [frame, ended(event.stream_id, event.agent_id)]
      }
      case 'error':
      case 'cancelled':
        return [data, ended(event.stream_id)]
      case 'reset':
        turnOf(event.stream_id).status = 'thinking'
        return [data]
      case 'user_message':
      case 'typing':
      case 'fallback':
      case 'plan':
      case 'investigation_started':
        return [data]
      default:
        return []
    }
  }

  return {
    events: ({ data, offset, epoch }) => {
      const position = `,"offset":${offset},"epoch":${JSON.stringify(epoch)}}`
      return framesOf(data).map((frame) => ({ data: `${frame.slice(0, -1)}${position}` }))
    },
    replayed: (_channel, data) => framesOf(data)[0] ?? data,
  }
}
