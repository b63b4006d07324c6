import { folded } from '../language/folding.ts'
import type { KnownDataset } from './fact.ts'

/** The dataset that a question is about, and the reason of the choice. */
export type Choice =
  | { dataset: KnownDataset; why: 'named' | 'only' | 'sample' | 'newest' }
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
 * Chooses the dataset of a question: the named one; else the only one beside the sample; else the sample; else the
 * newest. Returns null when there is no dataset at all.
 */
export const chooseDataset = (datasets: readonly KnownDataset[], name: string | undefined): Choice | null => {
  if (name !== undefined) {
    const dataset = datasetNamed(datasets, name)
    return dataset ? { dataset, why: 'named' } : { dataset: null, asked: name, others: [...datasets] }
  }
  const own = datasets.filter(({ synthetic }) => !synthetic)
  const sample = datasets.find(({ synthetic }) => synthetic)
  if (own.length === 1) return { dataset: own[0] as KnownDataset, why: 'only' }
  if (sample) return { dataset: sample, why: 'sample' }
  return own[0] ? { dataset: own[0], why: 'newest' } : null
}
