import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { AUDIT_EVENTS } from '../../src/audit/events.ts'

const SOURCE = fileURLToPath(new URL('../../src', import.meta.url))
const TABLE = join('audit', 'events.ts')

t.test('every event type of the table is appended somewhere', async (t) => {
  const files = await readdir(SOURCE, { recursive: true })
  const texts = await Promise.all(
    files
      .filter((name) => name.endsWith('.ts') && name !== TABLE)
      .map((name) => readFile(join(SOURCE, name), 'utf8')),
  )
  const source = texts.join('\n')
  t.same(
    Object.keys(AUDIT_EVENTS).filter((type) => !source.includes(`'${type}'`)),
    [],
  )
})
