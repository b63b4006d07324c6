import slotOf from 'cluster-key-slot'
import type { Cluster } from 'ioredis'
import type { PushConnection, Pushes } from './push-redis.ts'
import type { RedisNode } from './redis-url.ts'

/** Makes a connection to one node; the probe name belongs to one of its slots. */
export type ConnectNode = (node: RedisNode, probeName: string) => PushConnection

/**
 * Subscribes to sharded pub/sub over a cluster: one push connection per master, each channel on the connection of the
 * master that owns its slot. When slots move, their channels move, and count as interrupted.
 */
export class PushShards implements Pushes {
  readonly #cluster: Cluster
  readonly #connect: ConnectNode
  readonly #probePrefix: string
  readonly #shards = new Map<string, { connection: PushConnection; probeName: string }>()
  /** Names whose slot has no known master yet. */
  readonly #unplaced = new Set<string>()

  constructor(cluster: Cluster, probePrefix: string, connect: ConnectNode) {
    this.#cluster = cluster
    this.#connect = connect
    this.#probePrefix = probePrefix
    cluster.on('refresh', () => this.#assign())
  }

  get up(): boolean {
    const shards = [...this.#shards.values()]
    return shards.length > 0 && shards.every(({ connection }) => connection.up)
  }

  #ownerOf(name: string): string | undefined {
    return this.#cluster.slots[slotOf(name)]?.[0]
  }

  /** Reads the cluster's slots again and moves names to the connections of their new masters. */
  refresh(): void {
    this.#cluster.refreshSlotsCache()
  }

  #assign(): void {
    const owners = new Set<string>()
    for (const nodes of this.#cluster.slots) if (nodes?.[0] !== undefined) owners.add(nodes[0])
    const moving = new Set(this.#unplaced)
    this.#unplaced.clear()
    for (const [key, { connection, probeName }] of this.#shards) {
      const stays = owners.has(key) && this.#ownerOf(probeName) === key
      const names = [...connection.names].filter((name) => name !== probeName)
      const gone = stays ? names.filter((name) => this.#ownerOf(name) !== key) : names
      for (const name of gone) moving.add(name)
      connection.forget(gone)
      if (stays) continue
      connection.close()
      this.#shards.delete(key)
    }
    for (const key of owners) {
      if (this.#shards.has(key)) continue
      const colon = key.lastIndexOf(':')
      const probeName = this.#probeNameFor(key)
      const node = { host: key.slice(0, colon), port: Number(key.slice(colon + 1)) }
      this.#shards.set(key, { connection: this.#connect(node, probeName), probeName })
    }
    for (const name of moving) this.adopt(name)
  }

  #probeNameFor(key: string): string {
    let n = 0
    while (this.#ownerOf(`${this.#probePrefix}:{${n}}`) !== key) n++
    return `${this.#probePrefix}:{${n}}`
  }

  /** Subscribes to a name as soon as its shard is connected. */
  adopt(name: string): void {
    const shard = this.#shards.get(this.#ownerOf(name) ?? '')
    if (shard === undefined) this.#unplaced.add(name)
    else shard.connection.adopt([name])
  }

  async subscribe(name: string): Promise<void> {
    const shard = this.#shards.get(this.#ownerOf(name) ?? '')
    if (shard === undefined) throw new Error('no node of the cluster owns that slot')
    await shard.connection.subscribe(name)
  }

  async unsubscribe(name: string): Promise<void> {
    this.#unplaced.delete(name)
    await Promise.all(Array.from(this.#shards.values(), ({ connection }) => connection.unsubscribe(name)))
  }

  async probe(): Promise<number> {
    if (this.#shards.size === 0) throw new Error('the cluster is not known yet')
    const shards = Array.from(this.#shards.values(), ({ connection }) => connection.probe())
    return Math.max(...(await Promise.all(shards)))
  }

  close(): void {
    for (const { connection } of this.#shards.values()) connection.close()
    this.#shards.clear()
  }
}
