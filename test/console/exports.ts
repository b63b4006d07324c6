import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { openStore } from '../../src/store/database.ts'
import { login } from '../support/process.ts'
import { service, withPage } from './browser.ts'

/** Some 10 MB of events of the last day of 2025: more than the buffers of two sockets take. */
const SEEDED = 10_000

const seed = async (): Promise<void> => {
  const path = join(service.dataDir, 'tributary.db')
  const store = await openStore({ dialect: 'sqlite', path, synchronous: 'normal' })
  await sql`insert into audit_events (seq, id, timestamp, event_type, severity, message, success, user_agent, prev_hash, hash)
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ${sql.lit(SEEDED)})
    select i + 1000, 'seed-' || i, 1767139200000, 'data.uploaded', 'low', 'Uploaded', 1,
      ${sql.lit('agent '.repeat(120))}, 'p' || i, 'h' || i from n`.execute(store.db)
  await store.close()
}

/** Begins an export whose client takes nothing of it for now, so that it cannot come to its end. */
const heldExport = async (query: string): Promise<IncomingMessage> => {
  const { token } = await login(service.url)
  const headers = { authorization: `Bearer ${token}` }
  const asked = get(`${service.url}/api/v1/audit/export?${query}`, { headers })
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  t.teardown(() => response.destroy())
  return response
}

t.test('an export of the audit log says how far it is, also after a reload, and reads back', async (t) => {
  await seed()
  const held = await heldExport('end_date=2026-01-01&format=ndjson')
  await withPage(t, '/audit', { locale: 'en' }, async (page) => {
    const told = page.getByRole('list', { name: 'Exports' }).getByRole('listitem')
    const isUnderWay = told.filter({ hasText: /on its way, [1-9][\d,]* events, [1-9][\d,]* kB/ })
    await isUnderWay.waitFor()
    await page.reload()
    await isUnderWay.waitFor()
    held.resume()
    await once(held, 'end')
    await told.filter({ hasText: 'sent, 10,000 events' }).waitFor()

    await page.getByRole('searchbox', { name: 'Event' }).fill('auth.login')
    await page.waitForURL(/event_type=auth.login/)
    await page.getByRole('button', { name: 'Export' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ])
    const chunks: Buffer[] = []
    for await (const chunk of await download.createReadStream()) chunks.push(chunk)
    const { default: papaparse } = await import('papaparse')
    const { data, errors } = papaparse.parse<{ event_type: string }>(Buffer.concat(chunks).toString(), {
      header: true,
      skipEmptyLines: true,
    })
    t.same(errors, [])
    t.same([...new Set(data.map(({ event_type }) => event_type))], ['auth.login'], 'as it was filtered')
    await told.filter({ hasText: new RegExp(`sent, ${data.length} events?,`) }).waitFor()
  })
})
