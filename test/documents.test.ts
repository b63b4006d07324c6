import { readdir, readFile } from 'node:fs/promises'
import t from 'tap'
import { fromRoot } from './support/root.ts'

const STATES = ['kept', 'kept otherwise', 'declined', 'not kept']

/** The rows of the promises, each with the heading above it. */
const readPromises = async () => {
  let heading = ''
  const promises: { document: string; promise: string; proof: string; state: string }[] = []
  const page = await readFile(fromRoot('docs/documents.md'), 'utf8')
  for (const line of page.split('\n')) {
    heading = /^## (\d{3}):/.exec(line)?.[1] ?? heading
    const [promise, proof, state] = /^\| (.+) \|$/.exec(line)?.[1]?.split(' | ') ?? []
    if (heading === '' || promise === undefined || promise === 'promise') continue
    promises.push({ document: heading, promise, proof: proof ?? '', state: state ?? '' })
  }
  return { page, promises }
}

t.test(
  'every promise of the documents has a state, a reason where it needs one, and a proof that exists',
  async (t) => {
    const { page, promises } = await readPromises()
    t.same([...new Set(promises.map(({ document }) => document))], ['000', '001', '002', '003', '004'])
    const files = new Map<string, string>()
    for (const { promise, proof, state } of promises) {
      const [name, ...reason] = state.split(': ')
      t.ok(STATES.includes(name ?? ''), `${promise}: ${state}`)
      if (name !== 'kept') t.not(reason.join(''), '', `${promise}: a reason`)
      if (name === 'kept') t.not(proof, '—', `${promise}: a proof`)
      const [, file, title] = /`(test\/[^`]+)`: (.+)/.exec(proof) ?? []
      if (file === undefined || title === undefined) continue
      if (!files.has(file)) files.set(file, (await readFile(fromRoot(file), 'utf8')).replaceAll("\\'", "'"))
      t.ok(files.get(file)?.includes(title), `${file} has ${title}`)
    }
    const all = /^\| all \| (.*) \|$/m.exec(page)?.[1]?.split(' | ').map(Number)
    const counted = STATES.map(
      (one) => promises.filter(({ state }) => state === one || state.startsWith(`${one}: `)).length,
    )
    t.same(all, [...counted, promises.length], 'the sums at the top')
  },
)

t.test('every decision is in their index', async (t) => {
  const index = await readFile(fromRoot('docs/decisions/README.md'), 'utf8')
  const records = (await readdir(fromRoot('docs/decisions'))).filter((name) => name !== 'README.md')
  t.same(
    records.filter((name) => !index.includes(`(${name})`)),
    [],
  )
})
