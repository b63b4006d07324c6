import { type ParamsOf, type Sentence, type SentenceKey, say } from '../../language/sentence.ts'

/** A key of a sentence that counts a peculiarity of a file. */
type NoteKey = {
  [Key in SentenceKey]: ParamsOf<'dataset.cells_no_amount'> extends ParamsOf<Key> ? Key : never
}[SentenceKey]

/** Counts the peculiarities of a file, with the first place of each. */
export interface Notes {
  /**
   * Counts one peculiarity.
   * @param about the name of the source column it is about, and the first cell of the kind
   */
  add(key: NoteKey, line: number, about?: { column?: string; example?: string }): void
  sentences(): Sentence[]
  /** Number of calls of `add`. */
  readonly added: number
}

const EXAMPLE = 80

export function collectNotes(): Notes {
  const seen = new Map<
    string,
    { key: NoteKey; count: number; line: number; column: string; example: string }
  >()
  let added = 0
  return {
    get added() {
      return added
    },
    add: (key, line, { column = '', example = '' } = {}) => {
      added++
      const place = `${key} ${column}`
      const note = seen.get(place)
      if (note) note.count++
      else seen.set(place, { key, count: 1, line, column, example: example.slice(0, EXAMPLE) })
    },
    sentences: () => [...seen.values()].map(({ key, ...values }) => say(key, values)),
  }
}
