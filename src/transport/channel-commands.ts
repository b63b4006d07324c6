import type { Member, Position } from '../channel/broker.ts'
import { Problem } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import { say } from '../language/sentence.ts'
import { ChannelCommands, type Command, checkCommand } from '../protocol/command.ts'
import type { SocketOptions, SocketSession } from './websocket.ts'

export interface ChannelAccess {
  /**
   * What the connection's user is shown of a channel.
   * @throws {Problem} `FORBIDDEN`, `NOT_FOUND`
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

async function subscribe(command: Command, room: SocketSession, access: ChannelAccess): Promise<void> {
  const { channel, recover } = checkCommand(ChannelCommands.subscribe, command)
  const feed = await access.feedOf(channel)
  const since = recover === 'all' ? 'beginning' : (recover ?? 'now')
  const { recovered, reason, position, begin } = await room.enter(feed, since)
  room.peer.send({
    type: 'subscribed',
    channel,
    recovered: recovered === true,
    ...(reason === undefined ? {} : { reason }),
    ...position,
  })
  begin()
}

/** `subscribe`, `unsubscribe`, `presence` and `publish`, for connections over any channels. */
export function channelCommands(access: ChannelAccess): SocketOptions['commands'] {
  return {
    subscribe: (command, room) => subscribe(command, room, access),
    async unsubscribe(command, room) {
      const { channel } = checkCommand(ChannelCommands.unsubscribe, command)
      // A stream that has ended took its subscription along: its client need not know which came first.
      room.leave(channel)
      room.peer.send({ type: 'unsubscribed', channel })
    },
    async presence(command, room) {
      const { channel } = checkCommand(ChannelCommands.presence, command)
      const members = await access.members(await access.feedOf(channel))
      room.peer.send({ type: 'presence', channel, users: [...new Set(members.map(({ user }) => user))] })
    },
    async publish(command, room) {
      const { channel, data } = checkCommand(ChannelCommands.publish, command)
      if (data === undefined)
        throw new Problem(
          'INVALID_MESSAGE',
          say('request.bad_fields', { errors: [{ field: '/data', reason: say('field.required') }] }),
        )
      const position = await access.publish(channel, JSON.stringify(data))
      room.peer.send({ type: 'published', channel, ...position })
    },
  }
}
