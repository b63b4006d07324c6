import { folded } from '../language/folding.ts'
import type { KnownDataset } from './fact.ts'

/** The dataset that a question is about, and the reason of the choice. */
export type Choice =
  | { dataset: KnownDataset; why: 'named' | 'newest' | 'shared' | 'sample' }
  /** The given name fits no dataset; `others` are those that exist. */
  | { dataset: null; asked: string; others: KnownDataset[] }

/** Returns the folded words of a name, without the endings of files. */
const wordsOf = (name: string): string => folded(name.replace(/\.(csv|json|ndjson|gz|zip)\b/gi, ''))

/** Finds a dataset by id or name, whole or in part; the newest of several that fit. */
export const datasetNamed = (datasets: readonly KnownDataset[], name: string): KnownDataset | undefined => {
  const asked = wordsOf(name)
  if (asked === '') return undefined
  return (
    datasets.find(({ dataset_id }) => dataset_id === name.trim().toLowerCase()) ??
    datasets.find((one) => wordsOf(one.name) === asked) ??
    datasets.find((one) => ` ${wordsOf(one.name)} `.includes(` ${asked}`) && asked.length >= 3) ??
    datasets.find((one) => wordsOf(one.name) !== '' && ` ${asked} `.includes(` ${wordsOf(one.name)} `))
  )
}

/** Shortest name, in characters, that is recognised in the middle of a sentence. */
const LEAST_MENTION = 4

/** Finds a dataset whose name or id occurs in a text. */
export const datasetMentioned = (
  datasets: readonly KnownDataset[],
  text: string,
): KnownDataset | undefined => {
  const words = ` ${wordsOf(text)} `
  return datasets.find(({ dataset_id, name }) => {
    const called = wordsOf(name)
    return (
      (text.toLowerCase().includes(dataset_id) && dataset_id.length > LEAST_MENTION + 3) ||
      (called.length >= LEAST_MENTION && words.includes(` ${called} `))
    )
  })
}

/**
 * Chooses the dataset of a question: the named one; else the caller's newest upload; else the newest of others that the
 * caller may read; else the sample. Returns null when there is no dataset at all.
 * @param datasets newest first
 */
export const chooseDataset = (datasets: readonly KnownDataset[], name: string | undefined): Choice | null => {
  if (name !== undefined) {
    const dataset = datasetNamed(datasets, name)
    return dataset ? { dataset, why: 'named' } : { dataset: null, asked: name, others: [...datasets] }
  }
  const own = datasets.find((one) => one.own)
  if (own) return { dataset: own, why: 'newest' }
  const shared = datasets.find(({ synthetic }) => !synthetic)
  if (shared) return { dataset: shared, why: 'shared' }
  const [sample] = datasets
  return sample ? { dataset: sample, why: 'sample' } : null
}
