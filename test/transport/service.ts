import type { FastifyInstance } from 'fastify'
import { memoryBroker } from '../../src/channel/broker-memory.ts'
import { Hub } from '../../src/channel/hub.ts'
import { Presence } from '../../src/channel/presence.ts'
import type { Config } from '../../src/config.ts'
import { Problem } from '../../src/errors.ts'
import { channelUse } from '../../src/feed/channel-use.ts'
import { feeds, logFeeds, type NamespaceFeeds } from '../../src/feed/feeds.ts'
import type { Role } from '../../src/identity/identity.ts'
import { websocketPlugin } from '../../src/plugins/websocket.ts'
import { channelRoutes } from '../../src/routes/channels/channels.ts'
import { type WebsocketRoutesOptions, websocketRoutes } from '../../src/routes/channels/websocket-routes.ts'
import { type ConnectionLimits, Connections } from '../../src/transport/connections.ts'
import type { PeerSettings } from '../../src/transport/peer.ts'
import { openGuardedApp, tokenOf } from '../support/guarded-app.ts'
import { openTestStore } from '../support/store.ts'
import { type Observed, observe } from './stage.ts'

export interface ServiceOptions {
  accessTtlSeconds?: number
  historySize?: number
  coalescing?: Config['coalescing']
  sources?: Partial<NamespaceFeeds>
  sockets?: Partial<PeerSettings>
  limits?: Partial<ConnectionLimits>
  compression?: boolean
  /** Both switches. */
  enabled?: boolean
  commandInvestigation?: WebsocketRoutesOptions['steering']['command']
}

export interface Service {
  app: FastifyInstance
  url: string
  hub: Hub
  broker: ReturnType<typeof memoryBroker>
  connections: Connections
  seen: Observed
  /** An access token of a user of that name, who is made when new. */
  tokenOf(username: string, role?: Role): Promise<string>
  publish(channel: string, ...values: unknown[]): Promise<{ epoch: string; offset: number }>
}

/** The channel and WebSocket routes behind the service's own authentication, on SQLite and the memory broker. */
export async function openService(
  t: { teardown(run: () => unknown): void },
  options: ServiceOptions = {},
): Promise<Service> {
  const store = await openTestStore('sqlite')
  const broker = memoryBroker({ historySize: options.historySize ?? 1000, historyTtlMs: 3_600_000 })
  const hub = new Hub(broker)
  const presence = new Presence(broker, hub)
  const { observer, seen } = observe()
  const connections = new Connections(
    { maxConnections: 1000, maxPerAddress: 1000, ...options.limits },
    observer,
  )
  const app = await openGuardedApp(store, {
    accessTtlSeconds: options.accessTtlSeconds ?? 900,
    revocationPollMs: 50,
  })
  await app.register(websocketPlugin, { compression: options.compression ?? false })
  const none = async (): Promise<never> => {
    throw new Problem('NOT_FOUND', 'There is no such channel')
  }
  const feedOf = feeds(
    {
      investigation: none,
      reviews: none,
      chat: none,
      stream: none,
      ...logFeeds(hub),
      ...options.sources,
    },
    options.coalescing,
  )
  const bounds = { bufferBytes: 65_536, graceMs: 2000, observer }
  const channels = channelUse({ hub, presence, publications: { count: () => {} } })
  await app.register(channelRoutes, {
    channels,
    feedOf,
    streaming: {
      ...bounds,
      hub,
      presence,
      connections,
      keepaliveSeconds: 30,
      retryMs: 3000,
      compression: 6,
      enabled: options.enabled ?? true,
    },
  })
  await app.register(websocketRoutes, {
    channels,
    feedOf,
    connections,
    socketsEnabled: options.enabled ?? true,
    sockets: { ...bounds, hub, presence, pingSeconds: 30, timeoutSeconds: 300, ...options.sockets },
    steering: {
      command:
        options.commandInvestigation ??
        (async () => {
          throw new Problem('INVALID_STATE', 'It has ended')
        }),
    },
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(async () => {
    await app.close()
    presence.close()
    await hub.close()
    await broker.close()
    await store.close()
  })
  return {
    app,
    url,
    hub,
    broker,
    connections,
    seen,
    tokenOf: (username, role = 'viewer') => tokenOf(app, username, role),
    publish: (channel, ...values) =>
      hub.publish(
        channel,
        values.map((value) => JSON.stringify(value)),
      ),
  }
}
