/** Counts the peculiarities of a file, with the first place of each. */
export interface Notes {
  /**
   * Counts one peculiarity.
   * @param template its sentence; `%n` becomes the count, `%l` the first line, `%x` the first example
   */
  add(template: string, line: number, example?: string): void
  sentences(): string[]
  /** Number of calls of `add`. */
  readonly added: number
}

const EXAMPLE = 80

export function collectNotes(): Notes {
  const seen = new Map<string, { count: number; line: number; example: string }>()
  let added = 0
  return {
    get added() {
      return added
    },
    add: (template, line, example = '') => {
      added++
      const note = seen.get(template)
      if (note) note.count++
      else seen.set(template, { count: 1, line, example: example.slice(0, EXAMPLE) })
    },
    sentences: () =>
      [...seen].map(([template, { count, line, example }]) =>
        template
          .replace('%n', () => String(count))
          .replace('%l', () => String(line))
          .replace('%x', () => example),
      ),
  }
}
