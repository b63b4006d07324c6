import { createHash } from 'node:crypto'
import type { Position } from '../channel/broker.ts'
import { onePerName } from '../feed/memo.ts'
import { formatPosition } from './frames.ts'

const MARK = 'm'
const SEPARATOR = '~'
const POSITION = /^([^:\s]{1,128}):(\d{1,16})$/

function toOffset(digits: string): number | undefined {
  const offset = Number(digits)
  return /^\d{1,16}$/.test(digits) && Number.isSafeInteger(offset) ? offset : undefined
}

/**
 * Reads `<epoch>:<offset>`; returns undefined for any other text.
 * @example parsePosition('e1:42') // { epoch: 'e1', offset: 42 }
 */
export function parsePosition(text: string): Position | undefined {
  const [, epoch, digits] = POSITION.exec(text) ?? []
  if (epoch === undefined || digits === undefined) return undefined
  const offset = toOffset(digits)
  return offset === undefined ? undefined : { epoch, offset }
}

/** Largest number of channels whose keys are remembered. */
const MAX_KEYS = 10_000

/** Returns six characters that identify a channel, so that a cursor survives a changed list of channels. */
export const keyOf = onePerName(MAX_KEYS, (channel) =>
  createHash('sha256').update(channel).digest('base64url').slice(0, 6),
)

/** The positions of one connection in all its channels, written as one event id. */
export interface Cursor {
  /** Returns the position in a channel; undefined for a channel that the cursor does not name. */
  at(channel: string): Position | undefined
  move(channel: string, position: Position): void
  format(): string
}

/** Makes the cursor of a connection over one channel: `<epoch>:<offset>`. */
export function singleCursor(position: Position | undefined): Cursor {
  let now = position
  return {
    at: () => now,
    move(_channel, next) {
      now = next
    },
    format: () => (now === undefined ? '' : formatPosition(now.epoch, now.offset)),
  }
}

/** Makes the cursor of a connection over several channels: `m~<key>~<epoch>~<offset>…`. */
export function multiCursor(positions: ReadonlyMap<string, Position>): Cursor {
  const entries = new Map(positions)
  return {
    at: (channel) => entries.get(keyOf(channel)),
    move: (channel, position) => entries.set(keyOf(channel), position),
    format() {
      let text = MARK
      for (const [key, { epoch, offset }] of entries) {
        text += `${SEPARATOR}${key}${SEPARATOR}${epoch}${SEPARATOR}${offset}`
      }
      return text
    },
  }
}

/**
 * Reads a cursor over several channels, keeping only the subscribed ones.
 * @returns undefined when the text is no cursor
 */
export function parseCursor(text: string, channels: readonly string[]): Map<string, Position> | undefined {
  const [mark, ...parts] = text.split(SEPARATOR)
  if (mark !== MARK || parts.length % 3 !== 0 || parts.length > 3 * 1000) return undefined
  const watched = new Set(channels.map(keyOf))
  const positions = new Map<string, Position>()
  for (let at = 0; at < parts.length; at += 3) {
    const [key = '', epoch = '', digits = ''] = parts.slice(at, at + 3)
    const offset = toOffset(digits)
    if (offset === undefined || epoch === '') return undefined
    if (watched.has(key)) positions.set(key, { epoch, offset })
  }
  return positions
}
