import type { Member, Position } from '../channel/broker.ts'
import { Problem } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import { say } from '../language/sentence.ts'
import { ChannelCommands, type Command, checkCommand } from '../protocol/command.ts'
import type { SocketOptions, SocketSession } from './socket-session.ts'

export interface ChannelAccess {
  /**
   * Finds the feed that the connection's user gets of a channel.
   * @throws {Problem} `FORBIDDEN`, `NOT_FOUND`; `VALIDATION_FAILED` when it is no channel's name
   */
  feedOf(channel: string): Promise<Feed>
  /**
   * Publishes for the connection's user.
   * @param data JSON text
   * @throws {Problem} `FORBIDDEN`, `NOT_FOUND`
   */
  publish(channel: string, data: string): Promise<Position>
  /** Lists the connections that are subscribed to a feed's channel. */
  members(feed: Feed): Promise<Member[]>
}

async function subscribe(command: Command, session: SocketSession, access: ChannelAccess): Promise<void> {
  const { channel, recover } = checkCommand(ChannelCommands.subscribe, command)
  const feed = await access.feedOf(channel)
  const since = recover === 'all' ? 'beginning' : (recover ?? 'now')
  const { recovered, reason, position, begin } = await session.enter(feed, since)
  session.peer.send({
    type: 'subscribed',
    channel,
    recovered: recovered === true,
    ...(reason === undefined ? {} : { reason }),
    ...position,
  })
  begin()
}

/** Makes the commands `subscribe`, `unsubscribe`, `presence` and `publish` of connections over any channels. */
export function channelCommands(access: ChannelAccess): SocketOptions['commands'] {
  return {
    subscribe: (command, session) => subscribe(command, session, access),
    async unsubscribe(command, session) {
      const { channel } = checkCommand(ChannelCommands.unsubscribe, command)
      // The end of a stream ends its subscription too: its client need not know which came first.
      session.leave(channel)
      session.peer.send({ type: 'unsubscribed', channel })
    },
    async presence(command, session) {
      const { channel } = checkCommand(ChannelCommands.presence, command)
      const members = await access.members(await access.feedOf(channel))
      session.peer.send({ type: 'presence', channel, users: [...new Set(members.map(({ user }) => user))] })
    },
    async publish(command, session) {
      const { channel, data } = checkCommand(ChannelCommands.publish, command)
      if (data === undefined)
        throw new Problem(
          'INVALID_MESSAGE',
          say('request.bad_fields', { errors: [{ field: '/data', reason: say('field.required') }] }),
        )
      const position = await access.publish(channel, JSON.stringify(data))
      session.peer.send({ type: 'published', channel, ...position })
    },
  }
}
