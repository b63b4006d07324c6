import { accessControl } from '../../src/identity/access.ts'
import { type Shares, type SharesOptions, shares } from '../../src/identity/shares.ts'
import { OWNERS } from '../../src/owners.ts'
import type { Store } from '../../src/store/database.ts'

/** Opens the service's access control over a store. */
export const accessIn = (store: Store) => accessControl(store, OWNERS)

/** Opens the watch over the shares in a store. */
export const sharesIn = (store: Store, options: Pick<SharesOptions, 'pollMs'> = {}): Shares =>
  shares({ store, access: accessIn(store), owners: OWNERS, ...options })
