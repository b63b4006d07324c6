import t from 'tap'
import { until } from '../support/deployment.ts'
import { client, startProcess, temporaryFolder } from '../support/process.ts'
import { testStoreOptions } from '../support/store.ts'

/** The readiness that a process tells once it is ready. */
const ready = ({ url }: { url: string }) =>
  until(
    'its readiness',
    async () => (await client(url).get('/health/ready')).body,
    ({ status }) => status === 'ok',
  )

t.test('a second process over one folder says that neither hears of the other without Redis', async (t) => {
  const DATA_DIR = await temporaryFolder()
  const first = await startProcess({ DATA_DIR })
  const second = await startProcess({ DATA_DIR, WORKERS: '2' })
  t.match(second.output(), `another process uses ${DATA_DIR}`)
  t.notMatch(first.output(), 'another process')
  t.match(await ready(second), { shared_folder: true })
  t.notHas(await ready(first), { shared_folder: true })
  await first.kill()
  t.notHas(await ready(second), { shared_folder: true }, 'until that one has ended, however it ended')
})

t.test('a second process over one PostgreSQL says so too', async (t) => {
  const store = await testStoreOptions('postgres')
  const DATABASE_URL = 'url' in store ? store.url : ''
  const first = await startProcess({ DATABASE_URL })
  const second = await startProcess({ DATABASE_URL })
  t.match(second.output(), 'another process uses the database of DATABASE_URL')
  t.notMatch(second.output(), DATABASE_URL, 'without its password')
  t.notMatch(first.output(), 'another process')
  t.match(await ready(second), { shared_database: true })
  t.notHas(await ready(first), { shared_database: true })
  await first.kill()
  await until(
    'until that one has ended, however it ended',
    () => ready(second),
    ({ shared_database }) => shared_database === undefined,
  )
})
