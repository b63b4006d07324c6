import { ownersIn } from '../identity/owner.ts'

/** Tells who owns a dataset; nobody owns the sample, which everybody may read. */
export const datasetOwner = ownersIn('datasets', 'dataset')
