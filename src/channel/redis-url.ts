import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { badField } from '../errors.ts'

export interface RedisNode {
  host: string
  port: number
}

/** The address of a Redis, as read from `REDIS_URL`. */
export interface RedisAddress {
  kind: 'single' | 'cluster' | 'sentinel'
  /** The server, or some nodes of the cluster, or the sentinels. */
  nodes: RedisNode[]
  tls: boolean
  username: string | undefined
  password: string | undefined
  /** Always 0 for a cluster. */
  db: number
  /** The name under which the sentinels know the master; empty for the other kinds. */
  master: string
}

const FORM = /^redis(s?)(?:\+(cluster|sentinel))?:\/\/(?:([^@/]*)@)?([^/?#@]+)(?:\/([^?#]*))?$/
const NODE = /^(?:\[([0-9a-fA-F:.]+)\]|([^[\]:\s]+))(?::(\d{1,5}))?$/

/**
 * Reads the address of a Redis, which has one of the forms
 * - `redis://[[user]:password@]host[:port][/db]`
 * - `redis+cluster://[[user]:password@]host:port,host:port`
 * - `redis+sentinel://[[user]:password@]host:port,host:port/master[/db]`, ports 26379 unless given; user and password
 *   are the master's, and the sentinels' too when they ask for them
 *
 * each with `rediss` for TLS. User and password are percent-encoded; IPv6 addresses stand in brackets.
 * @param field name of the setting in a refusal
 * @throws {Problem} `VALIDATION_FAILED`, without the password
 */
export function parseRedisUrl(url: string, field = 'REDIS_URL'): RedisAddress {
  const form = FORM.exec(url)
  if (form === null)
    throw badField(field, 'is not redis[s][+cluster|+sentinel]://[user:password@]host:port[,…][/…]')
  const [, tls = '', form2, credentials = '', hosts = '', path = ''] = form
  const kind = form2 === 'cluster' || form2 === 'sentinel' ? form2 : 'single'
  const nodes = hosts.split(',').map((text) => parseNode(text, kind === 'sentinel' ? 26379 : 6379, field))
  if (kind === 'single' && nodes.length > 1) throw badField(field, 'several hosts need +cluster or +sentinel')
  const parts = path === '' ? [] : path.split('/')
  const master = kind === 'sentinel' ? decode(parts.shift() ?? '', field) : ''
  if (kind === 'sentinel' && master === '') throw badField(field, 'names no master: …/master[/db]')
  const db = parts.shift() ?? '0'
  if (!/^\d{1,3}$/.test(db) || parts.length > 0) throw badField(field, 'the database is not a number')
  if (kind === 'cluster' && db !== '0') throw badField(field, 'a cluster has database 0 only')
  const colon = credentials.indexOf(':')
  const user = colon < 0 ? credentials : credentials.slice(0, colon)
  const password = colon < 0 ? '' : credentials.slice(colon + 1)
  return {
    kind,
    nodes,
    tls: tls === 's',
    username: user === '' ? undefined : decode(user, field),
    password: password === '' ? undefined : decode(password, field),
    db: Number(db),
    master,
  }
}

function parseNode(text: string, defaultPort: number, field: string): RedisNode {
  const [, ipv6, name, port] = NODE.exec(text) ?? []
  const host = ipv6 ?? name
  const number = port === undefined ? defaultPort : Number(port)
  if (host === undefined || number < 1 || number > 65_535)
    throw badField(field, 'a host or port is malformed')
  return { host, port: number }
}

function decode(text: string, field: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw badField(field, 'is not percent-encoded rightly')
  }
}

/**
 * Makes a client of a single server or of a sentinels' master; it connects at its first command or `connect`.
 * @param node a node of a cluster to connect to instead
 */
export function redisClient(address: RedisAddress, options: RedisOptions, node?: RedisNode): Redis {
  const { username, password, db, master, nodes } = address
  const tls = address.tls ? { tls: {} } : {}
  const common: RedisOptions = {
    ...credentials(username, password),
    ...tls,
    db,
    lazyConnect: true,
    ...options,
  }
  if (address.kind !== 'sentinel') return new Redis({ ...common, ...(node ?? nodes[0]) })
  return new Redis({
    ...common,
    sentinels: nodes,
    name: master,
    sentinelRetryStrategy: (times) => Math.min(50 * times, 500),
    ...(username === undefined ? {} : { sentinelUsername: username }),
    ...(password === undefined ? {} : { sentinelPassword: password }),
    ...(address.tls ? { sentinelTLS: {}, enableTLSForSentinelMode: true } : {}),
  })
}

/**
 * Makes a client of a whole cluster. A command whose connection broke is not sent again: it may have taken effect.
 * Nodes are connected to when first used, so commands wait for that, `commandTimeout` at most.
 */
export function clusterClient(address: RedisAddress, options: RedisOptions): Cluster {
  const { username, password, nodes } = address
  const { enableOfflineQueue, retryStrategy, ...node } = options
  return new Cluster(nodes, {
    lazyConnect: true,
    retryDelayOnFailover: 0,
    slotsRefreshInterval: 2000,
    clusterRetryStrategy: (times) => Math.min(50 * times, 500),
    redisOptions: { ...credentials(username, password), ...(address.tls ? { tls: {} } : {}), ...node },
  })
}

const credentials = (username: string | undefined, password: string | undefined): RedisOptions => ({
  ...(username === undefined ? {} : { username }),
  ...(password === undefined ? {} : { password }),
})

/**
 * Makes a client for commands that a request waits for: they fail at once, instead of queueing, while Redis is away.
 */
export const requestClient = (url: string): Redis | Cluster => {
  const address = parseRedisUrl(url)
  const options = { enableOfflineQueue: false, maxRetriesPerRequest: 1, lazyConnect: true }
  return address.kind === 'cluster' ? clusterClient(address, options) : redisClient(address, options)
}
