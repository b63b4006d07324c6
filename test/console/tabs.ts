import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { login, startProcess } from '../support/process.ts'
import { newProfile, signIn } from './browser.ts'

const TABS = 8

/** A portal that never answers, so that what is asked of it goes on. */
const silentPortal = async (): Promise<string> => {
  const server = createServer(() => undefined).listen(0, '127.0.0.1')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

t.test('eight tabs of one browser follow what runs, all of them live', async (t) => {
  const { url } = await startProcess({ PNCP_BASE_URL: await silentPortal() })
  const admin = await login(url)
  const { body } = await admin.post('/api/v1/investigations', { query: 'Anything odd?', data_source: 'pncp' })
  const path = `/investigations/${body.investigation_id}`
  const context = await newProfile(url)
  t.teardown(() => context.close())
  await signIn(await context.newPage())
  const pages = await Promise.all(
    Array.from({ length: TABS }, async () => {
      const page = await context.newPage()
      await page.goto(path)
      await page.locator('.investigation .badge.running').waitFor()
      return page
    }),
  )
  await pages[0]?.getByRole('button', { name: 'Cancel the investigation' }).click()
  await Promise.all(pages.map((page) => page.locator('.investigation .badge.cancelled').waitFor()))
  t.equal(pages.length, TABS, 'each was told, though a browser opens six event-streams at most')
})
