import { Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'
import { type Broker, type BrokerListener, type History, keyReused, type Member } from './broker.ts'
import type { SentAppend, SentHistory } from './broker-server.ts'
import type { ChannelObserver } from './channel-observer.ts'
import { joinedReadings } from './history-readings.ts'
import { KIND, type Line } from './line.ts'
import { type Append, type Appended, PublishQueue } from './publish-queue.ts'
import { readPush } from './push.ts'

export interface PrimaryBrokerOptions {
  /** Time between two probes that `observer` hears of, in milliseconds. Default 1000. */
  probeIntervalMs?: number
  observer?: Pick<ChannelObserver, 'roundtrip'>
}

/**
 * Makes the broker of a worker: the primary, the process that started it, keeps the logs in its memory and serves them
 * to all workers. Commands fail as {@link Line.call} says. Everything is lost with the primary, and all workers end with it.
 */
export const primaryBroker = (
  line: Line,
  { probeIntervalMs = 1000, observer }: PrimaryBrokerOptions = {},
): Broker => {
  const listeners: BrokerListener[] = []

  line.on(KIND.push, (body) => {
    const start = 2 + body.readUInt16BE(0)
    const channel = body.toString('utf8', 2, start)
    for (const publication of readPush(channel, body.subarray(start)))
      for (const listener of listeners) listener.publication(publication)
  })
  line.on(KIND.signal, (body) => {
    for (const listener of listeners) listener.signal(body.toString())
  })
  line.on(KIND.interrupted, () => {
    for (const listener of listeners) listener.interrupted()
  })

  const append = async (appends: readonly Append[]): Promise<Appended[]> => {
    const sent = appends.map(({ channel, texts, options }): Append => ({ channel, texts, options }))
    const outcomes = await line.call<SentAppend[]>('publish', sent)
    return outcomes.map(([epoch, offset, isRepeat]) => {
      if (offset !== undefined) return isRepeat ? { epoch, offset, isRepeat } : { epoch, offset }
      return epoch === 'FENCED' ? new Problem('FENCED', say('publication.fenced')) : keyReused()
    })
  }
  const queue = new PublishQueue(append, false)

  const probe = async (): Promise<number> => {
    const began = performance.now()
    await line.call('requireWritable')
    return performance.now() - began
  }
  const probing = setInterval(() => {
    probe().then(
      (ms) => observer?.roundtrip?.(ms),
      () => undefined,
    )
  }, probeIntervalMs)
  probing.unref()

  return {
    publish: (channel, data, options = {}) => queue.publish(channel, data, options),

    history: joinedReadings(async (channel, after, limit): Promise<History> => {
      const { from, entries, ...log } = await line.call<SentHistory>('history', channel, after, limit)
      const publications = entries.map(([data, trace], index) => {
        const publication = { channel, epoch: log.epoch, offset: from + index, data }
        return trace === undefined ? publication : { ...publication, trace }
      })
      return { ...log, publications }
    }),

    async subscribe(channel) {
      try {
        await line.call('subscribe', channel)
      } catch (error) {
        // It may have been heard: the caller counts itself as not subscribed.
        line.tell('unsubscribe', channel)
        throw error
      }
    },

    async unsubscribe(channel) {
      line.tell('unsubscribe', channel)
    },

    signal: (message) => line.call('signal', message),
    enter: (channel, members: readonly Member[], ttlMs) => line.call('enter', channel, members, ttlMs),
    leave: (channel, members) => line.call('leave', channel, members),
    members: (channel) => line.call('members', channel),
    remove: (channel) => line.call('remove', channel),
    requireWritable: (channel) => line.call('requireWritable', channel),
    probe,

    listen(listener) {
      listeners.push(listener)
    },

    async close() {
      clearInterval(probing)
      listeners.length = 0
      line.close()
    },
  }
}
