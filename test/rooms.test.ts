import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import t from 'tap'
import { fromRoot } from './support/root.ts'

const rules = createRequire(import.meta.url)(fromRoot('.dependency-cruiser.cjs'))

const cruised = async (forbidden: unknown[]): Promise<ICruiseResult> => {
  const { output } = await cruise(['src'], {
    ...rules.options,
    doNotFollow: { path: 'node_modules' },
    validate: true,
    ruleSet: { forbidden } as never,
  })
  return output as ICruiseResult
}

t.test('rooms import only what they may', async (t) => {
  const { summary } = await cruised(rules.forbidden)
  t.ok(summary.totalCruised > 150, 'the whole of src was looked at')
  t.same(
    summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
    [],
  )
})

t.test('a rule that is broken is noticed', async (t) => {
  const { summary } = await cruised([
    {
      name: 'nobody-imports-errors',
      severity: 'error',
      from: { path: '^src/stream/' },
      to: { path: '^src/errors' },
    },
  ])
  t.ok(summary.violations.some(({ from }) => from === 'src/stream/streams.ts'))
})

t.test('every room has a rule of its own, or is one that may import every room', async (t) => {
  const free = ['plugins', 'routes']
  const named = rules.forbidden.map(({ from }: { from: { path?: string } }) => from.path)
  const entries = await readdir(fromRoot('src'), { withFileTypes: true })
  for (const { name } of entries.filter((entry) => entry.isDirectory() && !free.includes(entry.name)))
    t.ok(named.includes(`^src/${name}/`), name)
})

t.test('a table is read and written by one room', async (t) => {
  const roomsOf = new Map<string, Set<string>>()
  for (const name of await readdir(fromRoot('src'), { recursive: true })) {
    const room = name.split('/')[0] as string
    if (!name.endsWith('.ts') || room === 'store') continue
    const text = await readFile(fromRoot(`src/${name}`), 'utf8')
    for (const [, table] of text.matchAll(/\b(?:selectFrom|insertInto|updateTable|deleteFrom)\('(\w+)'\)/g))
      roomsOf.set(table as string, (roomsOf.get(table as string) ?? new Set()).add(room))
  }
  t.same([...(roomsOf.get('streams') ?? [])], ['stream'])
  const shared = [...roomsOf].filter(([, rooms]) => rooms.size > 1)
  t.same(
    shared.map(([table, rooms]) => [table, [...rooms].sort()]),
    [['chat_messages', ['chat', 'turn']]],
    'but for the one that the decision records name',
  )
})
