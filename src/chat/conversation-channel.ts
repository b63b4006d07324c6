import { randomBytes } from 'node:crypto'

/** Returns the channel name of a conversation for clients. */
export const channelName = (sessionId: string): string => `chat:${sessionId}`

/**
 * Returns the channel of a new conversation. The id may have belonged to another conversation, whose log and
 * subscribers may still exist, so each conversation gets a channel that never existed.
 */
export const newChannel = (sessionId: string): string =>
  `${channelName(sessionId)}:${randomBytes(8).toString('hex')}`

/** Returns a stream's channel in the form for clients: of a conversation's only the part up to its id. */
export const shownChannel = (channel: string): string => /^chat:[^:]*/.exec(channel)?.[0] ?? channel
