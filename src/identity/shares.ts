import { setImmediate } from 'node:timers/promises'
import type { Store } from '../store/database.ts'
import type { AccessControl } from './access.ts'
import type { Identity } from './identity.ts'
import type { Owners, Resource } from './owner.ts'
import { sharesAmong } from './share-rows.ts'

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
  store: Pick<Store, 'db'>
  owners: Owners
  access: Pick<AccessControl, 'judge'>
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

/**
 * Makes the watch over shares. The store is the truth, as for revoked credentials: instances with live readers read
 * it, so the end of a share needs no bus.
 */
export const shares = ({ store, owners, access, pollMs = 2000, onError }: SharesOptions): Shares => {
  const { db } = store
  const watched = new Set<Watched>()
  let timer: NodeJS.Timeout | undefined

  /** Stops watching resources for their own owners, who cannot lose them. */
  const dropOwn = async (part: readonly Watched[]): Promise<void> => {
    for (const type of new Set(part.map(({ resource }) => resource.type))) {
      const ofType = part.filter(({ resource }) => resource.type === type)
      const ids = [...new Set(ofType.map(({ resource }) => resource.id))]
      const ownerOf = await owners[type].ownersOf(db, ids)
      for (const one of ofType) if (ownerOf.get(one.resource.id) === one.identity.id) watched.delete(one)
    }
  }

  const judgeOne = async (one: Watched): Promise<void> => {
    // SQLite answers without giving up the event loop, and many readers may lose a resource at once.
    await setImmediate()
    const { access: now, exists, shares } = await access.judge(one.identity, one.resource)
    one.shares = now === 'shared' ? shares : undefined
    if (now === 'own') watched.delete(one)
    // The removal of a resource has its own event.
    else if (now === 'none' && exists && watched.delete(one)) one.lost()
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
    const isShared = await sharesAmong(
      db,
      hanging.map(({ on }) => on),
    )
    for (const { one, on } of hanging)
      if (!isShared(on, one.identity.id) && watched.has(one)) await judgeOne(one)
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
