import { readFile } from 'node:fs/promises'
import t from 'tap'
import { fromRoot } from './support/root.ts'

/** What a row must be shown by at least: a test by its file and the beginning of its title. */
const PROOF = /^`(test\/[^`]+\.test\.ts)`: (.+)$/

t.test('every fault and every bad client has a test that exists', async (t) => {
  const page = await readFile(fromRoot('docs/reliability.md'), 'utf8')
  const sources = new Map<string, string>()
  const sourceOf = async (file: string): Promise<string> => {
    const known = sources.get(file) ?? (await readFile(fromRoot(file), 'utf8')).replaceAll("\\'", "'")
    sources.set(file, known)
    return known
  }
  for (const part of page.split(/^## /m).slice(1)) {
    const [heading = '', ...lines] = part.split('\n')
    const rows = lines.filter((line) => /^\| (?!-)/.test(line)).slice(1)
    t.ok(rows.length >= (heading === 'Faults' ? 17 : 18), `${heading}: ${rows.length} rows`)
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
