/** Counts what is worth telling about a file, with the first place of each. */
export interface Notes {
  /** @param template the sentence; `%n` becomes the count, `%l` the first line, `%x` the first example */
  add(template: string, line: number, example?: string): void
  sentences(): string[]
  /** How often something was added. */
  readonly told: number
}

const EXAMPLE = 80

export function collectNotes(): Notes {
  const seen = new Map<string, { count: number; line: number; example: string }>()
  let told = 0
  return {
    get told() {
      return told
    },
    add: (template, line, example = '') => {
      told++
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
