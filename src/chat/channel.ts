import { randomBytes } from 'node:crypto'

/** The name by which clients know a conversation's channel. */
export const channelName = (sessionId: string): string => `chat:${sessionId}`

/**
 * A channel for a conversation that is being made. Its id may have been another conversation's before, whose log and
 * listeners may still be there, so the channel never was anybody's.
 */
export const newChannel = (sessionId: string): string =>
  `${channelName(sessionId)}:${randomBytes(8).toString('hex')}`

/** What clients are told of a stream's channel: of a conversation's the name, which ends where its id does. */
export const shownChannel = (channel: string): string => /^chat:[^:]*/.exec(channel)?.[0] ?? channel
