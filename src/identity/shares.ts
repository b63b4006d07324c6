import { setImmediate } from 'node:timers/promises'
import type { Store } from '../store/database.ts'
import { EVERYONE, judge, OWNED, type Resource } from './access.ts'
import { ANONYMOUS_ID, type Identity } from './identity.ts'

/** Watches the shares by which callers read resources of others live. */
export interface Shares {
  /**
   * Calls `lost` once when the caller may no longer read the resource, though it still exists.
   * @returns the function that ends the watch
   */
  watch(identity: Pick<Identity, 'id' | 'role'>, resource: Resource, lost: () => void): () => void
  /** Checks at once everything that is watched on this instance; other instances find ended shares in the store. */
  look(): Promise<void>
  close(): void
}

export interface SharesOptions {
  /** Milliseconds between two reads of the store about watched resources. */
  pollMs?: number
  onError?: (error: unknown) => void
}

interface Watched {
  identity: Pick<Identity, 'id' | 'role'>
  resource: Resource
  lost: () => void
  isKnown: boolean
  /** The resource whose shares allow the reading: of a stream, its investigation or conversation. */
  shares: Resource | undefined
}

/** Rows of one query: both databases allow several ten thousand parameters, and this stays far below. */
const ROWS_A_QUERY = 2000

const OWNERS = { ...OWNED, chat: 'chat_sessions', stream: 'streams' } as const

const keyOf = (type: string, id: string, userId: string): string => JSON.stringify([type, id, userId])

const idsOf = (resources: readonly Resource[], type?: Resource['type']): string[] => [
  ...new Set(resources.filter((one) => type === undefined || one.type === type).map(({ id }) => id)),
]

/**
 * Makes the watch over shares. The store is the truth, as for revoked credentials: instances with live readers read
 * it, so the end of a share needs no bus.
 */
export const shares = (store: Store, { pollMs = 2000, onError }: SharesOptions = {}): Shares => {
  const { db } = store
  const watched = new Set<Watched>()
  let timer: NodeJS.Timeout | undefined

  /** Stops watching resources for their own owners, who cannot lose them. */
  const dropOwn = async (part: readonly Watched[]): Promise<void> => {
    for (const type of ['investigation', 'chat', 'stream'] as const) {
      const ids = idsOf(
        part.map(({ resource }) => resource),
        type,
      )
      if (ids.length === 0) continue
      const rows = await db.selectFrom(OWNERS[type]).select(['id', 'owner']).where('id', 'in', ids).execute()
      const owners = new Map(rows.map(({ id, owner }) => [id, owner]))
      for (const one of part)
        if (one.resource.type === type && owners.get(one.resource.id) === one.identity.id) watched.delete(one)
    }
  }

  const judgeOne = async (one: Watched): Promise<void> => {
    // SQLite answers without giving up the event loop, and many readers may lose a resource at once.
    await setImmediate()
    const { access, exists, shares } = await judge(store, one.identity, one.resource)
    one.shares = access === 'shared' ? shares : undefined
    if (access === 'own') watched.delete(one)
    // The removal of a resource has its own event.
    else if (access === 'none' && exists && watched.delete(one)) one.lost()
  }

  const check = async (part: readonly Watched[]): Promise<void> => {
    const unknown = part.filter(({ isKnown }) => !isKnown)
    await dropOwn(unknown)
    const ofStreams = new Map<string, Resource>()
    for (const one of unknown) {
      if (!watched.has(one)) continue
      const { type, id } = one.resource
      one.shares = type === 'stream' ? ofStreams.get(id) : one.resource
      if (one.shares === undefined) await judgeOne(one)
      one.isKnown = true
      if (type === 'stream' && one.shares !== undefined) ofStreams.set(id, one.shares)
    }
    const hanging = part.flatMap((one) => (one.shares === undefined ? [] : [{ one, on: one.shares }]))
    if (hanging.length === 0) return
    const ids = idsOf(hanging.map(({ on }) => on))
    const rows = await db
      .selectFrom('shares')
      .select(['resource_type', 'resource_id', 'user_id'])
      .where('resource_id', 'in', ids)
      .execute()
    const there = new Set(rows.map((row) => keyOf(row.resource_type, row.resource_id, row.user_id)))
    for (const { one, on } of hanging) {
      const { id } = one.identity
      const isShared =
        there.has(keyOf(on.type, on.id, id)) ||
        (id !== ANONYMOUS_ID && there.has(keyOf(on.type, on.id, EVERYONE)))
      if (!isShared && watched.has(one)) await judgeOne(one)
    }
  }

  const look = async (): Promise<void> => {
    const all = [...watched]
    for (let from = 0; from < all.length; from += ROWS_A_QUERY)
      await check(all.slice(from, from + ROWS_A_QUERY))
  }

  const schedule = (): void => {
    timer ??= setTimeout(async () => {
      await look().catch((error) => onError?.(error))
      timer = undefined
      if (watched.size > 0) schedule()
    }, pollMs).unref()
  }

  return {
    watch(identity, resource, lost) {
      // Administrators read everything; a change of the role ends their credentials.
      if (identity.role === 'admin') return () => undefined
      const one: Watched = { identity, resource, lost, isKnown: false, shares: undefined }
      watched.add(one)
      schedule()
      return () => void watched.delete(one)
    },
    look,
    close() {
      clearTimeout(timer)
      watched.clear()
    },
  }
}
