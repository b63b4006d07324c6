import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { AUDIT_EVENTS } from '../../src/audit/events.ts'
import { fromRoot } from '../support/root.ts'

const SOURCE = fromRoot('src')
const TABLE = join('audit', 'events.ts')

/** @returns the event types that a file composes: `${type}.created`, for each `type` that the file declares */
const composed = (text: string): string[] => {
  const types = /\btype: ('\w+'(?: \| '\w+')*)\n/.exec(text)?.[1]?.match(/\w+/g) ?? []
  return Array.from(text.matchAll(/`\$\{type\}\.(\w+)`/g), ([, what]) =>
    types.map((type) => `'${type}.${what}'`),
  ).flat()
}

t.test('every event type of the table is appended somewhere', async (t) => {
  const files = await readdir(SOURCE, { recursive: true })
  const texts = await Promise.all(
    files
      .filter((name) => name.endsWith('.ts') && name !== TABLE)
      .map((name) => readFile(join(SOURCE, name), 'utf8')),
  )
  const source = texts.flatMap((text) => [text, ...composed(text)]).join('\n')
  t.same(
    Object.keys(AUDIT_EVENTS).filter((type) => !source.includes(`'${type}'`)),
    [],
  )
})
