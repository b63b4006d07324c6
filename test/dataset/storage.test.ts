import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { layOutParts } from '../../src/dataset/storage.ts'
import { openTestStore } from '../support/store.ts'

t.test('a dataset that is removed while it is read is not there', async (t) => {
  const store = await openTestStore('sqlite')
  const folder = await mkdtemp(join(tmpdir(), 'tributary-parts-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const { signal } = new AbortController()
  await t.rejects(layOutParts(store, 'nobody-has-it', folder, signal), { code: 'NOT_FOUND' })

  await store.db
    .insertInto('datasets')
    .values({
      id: 'd',
      name: 'd',
      owner: null,
      state: 'ready',
      synthetic: 0,
      rows: 1,
      rejected: 0,
      bytes: 2,
      columns_json: '{}',
      warnings_json: '[]',
      rejects_json: '[]',
      created_at: 0,
    })
    .execute()
  for (const seq of [0, 1])
    await store.db
      .insertInto('dataset_chunks')
      .values({ dataset_id: 'd', part: 0, seq, bytes: Buffer.from('x') })
      .execute()
  t.equal((await layOutParts(store, 'd', folder, signal)).length, 1)
  const remove = async () => {
    await store.db.deleteFrom('datasets').where('id', '=', 'd').execute()
  }
  await t.rejects(layOutParts(store, 'd', folder, signal, remove), { code: 'NOT_FOUND' })
})
