import { WORDS } from '../intent/lexicon.ts'
import { chooseDataset, datasetMentioned } from '../knowledge/choice.ts'
import type { Knowledge, KnownDataset } from '../knowledge/fact.ts'
import { fold, folded, tokens } from '../language/folding.ts'
import type { Register } from '../question/register.ts'

/** The dataset that a message is about. */
export interface Chosen {
  readonly dataset: KnownDataset
  readonly register: Register
  /** `named` in this message, kept from the conversation, or why it was taken. */
  readonly why: 'named' | 'conversation' | 'newest' | 'shared' | 'sample'
  /** Folded words of the message that name the dataset. */
  readonly words: readonly string[]
}

/** A dataset that a message names and the caller does not have. */
export interface Unknown {
  readonly asked: string
  readonly others: readonly KnownDataset[]
}

/** Words of the three languages, which are not taken for a dataset's name. */
const COMMON = new Set(
  Object.values(WORDS).flatMap((lists) => Object.values(lists).flatMap((list) => list.split(/\s+/))),
)
const withoutEnding = (name: string): string => name.replace(/\.\w{1,6}$/, '')
/** Tells whether a dataset's name has only words of every question. */
const isCommon = (name: string): boolean =>
  tokens(fold(withoutEnding(name))).every((word) => COMMON.has(word))
/** Matches words behind a preposition that may be a part of a dataset's name: "no mg", "do ifms". */
const INTRODUCED =
  /(?:^|\s)(?:n[oa]s?|d[oae]s?|em|in|on|of|from|en|del|para|for|dataset|base)\s+(?:o |a |the |el |la )?(\S+)/giu

/** Finds the dataset by a part of its name that no other name has: "ifms" for `ifms-contratos.csv`. */
const inPart = (
  datasets: readonly KnownDataset[],
  text: string,
): { dataset: KnownDataset; word: string } | undefined => {
  const parts = datasets.map(({ name }) => new Set(tokens(fold(name))))
  for (const [, introduced = ''] of text.matchAll(INTRODUCED))
    for (const word of tokens(fold(introduced))) {
      if (word.length < 2 || COMMON.has(word) || !/\p{L}/u.test(word)) continue
      const having = datasets.filter((_, at) => parts[at]?.has(word))
      if (having.length === 1) return { dataset: having[0] as KnownDataset, word }
    }
  return undefined
}

const SAMPLE_WORDS = ['amostra', 'sample', 'muestra']

/**
 * Chooses the dataset of a message: the named one, else that of the conversation, else the caller's newest upload, else
 * one shared with the caller, else the sample.
 * @param name the dataset's name as the message has it, where a word like "dataset" announces one
 * @param spoken id of the dataset that the conversation was about
 * @returns undefined where there is no dataset at all
 */
export const datasetFor = async (
  knowledge: Knowledge,
  { text, name, spoken }: { text: string; name: string | undefined; spoken: string | undefined },
  within: { signal: AbortSignal },
): Promise<Chosen | Unknown | undefined> => {
  const datasets = await knowledge.datasets()
  const withRegister = async (
    dataset: KnownDataset,
    why: Chosen['why'],
    words: string[] = [],
  ): Promise<Chosen> => ({
    dataset,
    register: await knowledge.register(dataset.dataset_id, within),
    why,
    words,
  })
  const listed = name === undefined ? undefined : chooseDataset(datasets, name)
  // A file called "contratos.csv" is not meant wherever contracts are spoken of.
  const named = datasets.filter(
    (one) => !isCommon(one.name) || fold(text).includes(fold(one.name)) || text.includes(one.dataset_id),
  )
  const mentioned = listed?.dataset ?? datasetMentioned(named, text)
  if (mentioned) {
    const called = [
      ...(isCommon(mentioned.name) ? [] : [folded(withoutEnding(mentioned.name))]),
      folded(mentioned.name),
      mentioned.dataset_id,
    ]
    const parts = isCommon(mentioned.name)
      ? []
      : tokens(fold(name ?? '')).filter((word) => tokens(fold(mentioned.name)).includes(word))
    return withRegister(mentioned, 'named', [...called, ...parts, ...SAMPLE_WORDS])
  }
  const choice = chooseDataset(datasets, undefined)
  const kept = datasets.find((one) => one.dataset_id === spoken)
  const dataset = kept ?? choice?.dataset
  const part = inPart(datasets, text)
  if (part && part.dataset !== dataset) {
    const register = dataset && (await knowledge.register(dataset.dataset_id, within))
    // A word that the data itself has is more likely about the data.
    const isOwn =
      register &&
      (register.words.has(part.word) || [...register.names].some(({ words }) => words.includes(part.word)))
    if (!isOwn) return withRegister(part.dataset, 'named', [part.word])
  }
  if (listed?.dataset === null) return { asked: listed.asked, others: listed.others }
  if (!dataset) return undefined
  return withRegister(
    dataset,
    kept ? 'conversation' : (choice as { why: Chosen['why'] }).why,
    part ? [part.word] : [],
  )
}
