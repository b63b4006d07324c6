import type { Socket } from 'node:net'
import type { Broker } from './channel/broker.ts'
import { memoryBroker } from './channel/broker-memory.ts'
import { primaryBroker } from './channel/broker-primary.ts'
import { redisBroker } from './channel/broker-redis.ts'
import { BrokerServer } from './channel/broker-server.ts'
import type { ChannelObserver } from './channel/channel-observer.ts'
import type { Line } from './channel/line.ts'
import type { Config } from './config.ts'
import { type AddRequests, localSums } from './plugins/rate-limit-store.ts'
import { databaseUse, folderUse, type SoleUse } from './store/sole-use.ts'

const historyOf = (config: Config) => ({
  historySize: config.CHANNEL_HISTORY_SIZE,
  historyTtlMs: config.CHANNEL_HISTORY_TTL_SECONDS * 1000,
})

/** Opens the bus of an instance: on Redis where one is set, else through the primary of a worker, else in memory. */
export const openBroker = (config: Config, line: Line | undefined, observer: ChannelObserver): Broker => {
  const { REDIS_URL: url, REDIS_PREFIX: prefix } = config
  if (url !== undefined) return redisBroker({ url, prefix, observer, ...historyOf(config) })
  return line === undefined ? memoryBroker(historyOf(config)) : primaryBroker(line, { observer })
}

/** Takes hold of the store for this process, and the workers that it starts. */
const openSoleUse = ({ DATABASE_URL: url, DATA_DIR: folder }: Config): SoleUse =>
  url === undefined ? folderUse(folder) : databaseUse(url)

/** Returns the hold on the store where processes hear of each other only within one service; undefined over Redis. */
export const soleUseOf = (config: Config, line: Line | undefined): SoleUse | undefined => {
  if (config.REDIS_URL !== undefined) return undefined
  if (line === undefined) return openSoleUse(config)
  return {
    of: config.DATABASE_URL === undefined ? 'folder' : 'database',
    isShared: () => line.call<boolean>('isShared').catch(() => false),
    release: async () => undefined,
  }
}

/** Returns the function that adds requests to the counts of all workers; undefined for a process that is none. */
export const addingThrough = (line: Line | undefined): AddRequests | undefined =>
  line && ((key, windowMs, requests) => line.call('addRequests', key, windowMs, requests))

/**
 * Makes what a primary keeps for its workers where there is no Redis: the bus, the counts of rate limits, the hold on
 * the store.
 * @returns the function that serves one worker on its connection
 */
export const workerService = (config: Config): ((socket: Socket) => void) => {
  const server = new BrokerServer(memoryBroker(historyOf(config)))
  const add = localSums()
  const use = openSoleUse(config)
  const addRequests: AddRequests = async (key, windowMs, requests) => {
    const { current, ttl } = add(key, windowMs, requests)
    return [current, ttl]
  }
  return (socket) => server.join(socket, { addRequests, isShared: () => use.isShared() })
}
