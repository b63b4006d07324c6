import t from 'tap'
import { dataFile, startProcess, temporaryFolder } from '../support/process.ts'
import { newProfile, service, signIn, withPage } from './browser.ts'

t.test("a portal's own file becomes findings, and a reload shows the same", async (t) => {
  await withPage(t, '/', { locale: 'en' }, async (page) => {
    await page.setInputFiles('input[type=file]', dataFile('ifms-contratos.csv'))
    await page.getByText('1,546', { exact: true }).first().waitFor()
    await page.getByRole('button', { name: 'Investigate this file' }).click()
    await page.waitForURL(/\/investigations\/[^/]+$/)
    const rows = page.getByRole('table', { name: 'Findings', exact: true }).getByRole('row')
    await rows.nth(1).waitFor()
    await page.reload()
    await rows.nth(1).waitFor()
    await page.locator('.investigation .badge.completed').waitFor()
    t.ok((await rows.count()) > 1)
  })
})

t.test(
  'a word of reconnecting comes with a break that lasts, and goes when the server is back',
  async (t) => {
    const DATA_DIR = await temporaryFolder()
    const first = await startProcess({ DATA_DIR, JWT_SECRET: 'x'.repeat(40) })
    const { port } = new URL(first.url)
    const context = await newProfile(first.url)
    const page = await context.newPage()
    await signIn(page, '/chat')
    const box = page.getByRole('textbox', { name: 'Message' })
    await box.fill('Who are the largest suppliers?')
    await box.press('Enter')
    await page.locator('li[data-role=assistant][data-state=complete]').waitFor()
    await first.kill()
    const word = page.getByText('Reconnecting…')
    await word.waitFor()
    await box.fill('Which contracts grew most?')
    await box.press('Enter')
    await page.getByText(/goes out as soon as/).waitFor()
    await startProcess({ DATA_DIR, JWT_SECRET: 'x'.repeat(40), PORT: port })
    await word.waitFor({ state: 'detached' })
    await page.locator('li[data-role=assistant][data-state=complete]').nth(1).waitFor()
    t.equal(await box.inputValue(), '', 'what waited was said, without a reload')
    await context.close()
  },
)

t.test('offline is told as what it is, and what is there stays', async (t) => {
  const context = await newProfile(service.url)
  const page = await context.newPage()
  await signIn(page, '/chat')
  await page.getByRole('textbox', { name: 'Message' }).fill('kept')
  await context.setOffline(true)
  await page.getByText(/You are offline/).waitFor()
  await context.setOffline(false)
  await page.getByText(/You are offline/).waitFor({ state: 'detached' })
  t.equal(await page.getByRole('textbox', { name: 'Message' }).inputValue(), 'kept')
  await context.close()
})
