import t from 'tap'
import { client, startProcess, temporaryFolder } from '../support/process.ts'

t.test('a second process over one folder says that neither hears of the other without Redis', async (t) => {
  const DATA_DIR = await temporaryFolder()
  const first = await startProcess({ DATA_DIR })
  const second = await startProcess({ DATA_DIR })
  const ready = async ({ url }: { url: string }) => (await client(url).get('/health/ready')).body
  t.match(second.output(), `another process uses ${DATA_DIR}`)
  t.notMatch(first.output(), 'another process')
  t.match(await ready(second), { status: 'ok', shared_folder: true })
  t.notHas(await ready(first), { shared_folder: true })
  await first.kill()
  t.notHas(await ready(second), { shared_folder: true }, 'until that one has ended, however it ended')
})
