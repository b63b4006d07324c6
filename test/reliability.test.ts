import { readFile } from 'node:fs/promises'
import t from 'tap'
import { Settings } from '../src/config.ts'
import { fromRoot } from './support/root.ts'

/** The form of a row's proof: a test by its file and the beginning of its title. */
const PROOF = /^`(test\/[^`]+\.test\.ts)`: (.+)$/

t.test('every fault, bad client and limit has a test that exists', async (t) => {
  const pages = await Promise.all(
    ['reliability', 'limits'].map((name) => readFile(fromRoot(`docs/${name}.md`), 'utf8')),
  )
  const sources = new Map<string, string>()
  const sourceOf = async (file: string): Promise<string> => {
    const known = sources.get(file) ?? (await readFile(fromRoot(file), 'utf8')).replaceAll("\\'", "'")
    sources.set(file, known)
    return known
  }
  for (const part of pages.flatMap((page) => page.split(/^(?:## |(?=\| (?:setting|limit) \|))/m).slice(1))) {
    const [heading = '', ...lines] = part.split('\n')
    const table = lines.filter((line) => /^\| (?!-)/.test(line))
    const rows = heading.startsWith('| ') ? table : table.slice(1)
    const least = { Faults: 17, 'Bad clients': 19 }[heading] ?? 7
    t.ok(rows.length >= least, `${heading}: ${rows.length} rows`)
    for (const row of rows) {
      const cells = row.slice(2, -2).split(' | ')
      const proofs = cells.at(-1)?.split('<br>') ?? []
      for (const proof of proofs) {
        const [, file, title] = PROOF.exec(proof) ?? []
        t.ok(file !== undefined && title !== undefined, `${heading}, ${cells[0]}: ${proof}`)
        if (file === undefined || title === undefined) continue
        t.ok((await sourceOf(file)).includes(title), `${heading}, ${cells[0]}: ${file} has ${title}`)
      }
    }
  }
})

/** Settings that bound something, by their names. */
const IS_LIMIT = /^(MAX_|RATE_LIMIT)|_MAX_|BUFFER_SIZE|TIMEOUT|LIMIT$|CONCURRENCY/

t.test('every setting that is a limit stands in docs/limits.md with its default', async (t) => {
  const page = await readFile(fromRoot('docs/limits.md'), 'utf8')
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| (\S+) \|/gm)].map(([, name, value]) => [name, value])
  const limits = Object.entries(Settings.properties as unknown as Record<string, { default?: unknown }>)
    .filter(([name]) => IS_LIMIT.test(name))
    .map(([name, schema]) => [name, String(schema.default)])
  t.same(rows.toSorted(), limits.toSorted())
})
