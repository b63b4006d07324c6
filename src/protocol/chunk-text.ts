import { eventHead, singleLine } from './event-text.ts'
import type { TurnEventOf } from './turn-event.ts'

/** A piece of an answer, cut out of its event's text. */
export interface Chunk {
  readonly streamId: string
  /** The content as JSON text, quotes included, exactly as it was published. */
  readonly json: string
  readonly index: number
}

const HEAD = `${eventHead('chunk')},"stream_id":"`
const CONTENT = '","content":"'
const INDEX = '","index":'

/** Makes the writer of a stream's chunks, whose texts {@link chunkOf} reads without parsing them. */
export const chunkWriter = (streamId: string): ((content: string, index: number) => string) => {
  const head = `${eventHead('chunk', 'stream_id', streamId)},"content":`
  return (content, index) => `${head}${singleLine(content)},"index":${index}}`
}

/**
 * Reads the chunk in an event's text; undefined for any other event. It cuts the text at fixed places, a third of the
 * cost of parsing and writing it again: inside JSON text every quote is escaped, so that {@link INDEX} cannot be
 * content.
 */
export function chunkOf(data: string): Chunk | undefined {
  if (!data.startsWith(HEAD)) return undefined
  const idEnd = data.indexOf('"', HEAD.length)
  const indexAt = data.lastIndexOf(INDEX)
  if (indexAt > idEnd && data.startsWith(CONTENT, idEnd)) {
    const index = Number(data.slice(indexAt + INDEX.length, -1))
    if (Number.isInteger(index)) {
      const json = data.slice(idEnd + CONTENT.length - 1, indexAt + 1)
      return { streamId: data.slice(HEAD.length, idEnd), json, index }
    }
  }
  const { stream_id, content, index } = JSON.parse(data) as TurnEventOf<'chunk'>
  return { streamId: stream_id, json: JSON.stringify(content), index }
}
