import t from 'tap'
import { startProcess } from '../support/process.ts'
import { newProfile, signIn } from './browser.ts'
import { answers, say, speaking } from './speaking.ts'

t.test('an answer goes on through a reload, in two windows, and through a page that slept', async (t) => {
  const { vendor, page } = await speaking()
  vendor.answers({ tokens: ['one ', 'two ', 'three ', 'four'], stepped: true })
  await say(page, 'count')
  await vendor.step()
  const growing = answers(page, 'streaming')
  await growing.filter({ hasText: 'one' }).waitFor()
  await page.waitForURL(/\/chat\/.+/)

  await page.reload()
  await growing.filter({ hasText: 'one' }).waitFor()
  const other = await page.context().newPage()
  await other.goto(page.url())
  await answers(other, 'streaming').filter({ hasText: 'one' }).waitFor()
  await vendor.step()
  await growing.filter({ hasText: 'one two' }).waitFor()
  await answers(other, 'streaming').filter({ hasText: 'one two' }).waitFor()

  const session = await page.context().newCDPSession(other)
  await session.send('Page.setWebLifecycleState', { state: 'frozen' })
  await vendor.step(2)
  await answers(page, 'complete').filter({ hasText: 'one two three four' }).waitFor()
  await session.send('Page.setWebLifecycleState', { state: 'active' })
  await answers(other, 'complete').filter({ hasText: 'one two three four' }).waitFor()
  t.equal(await other.locator('li[data-role]').count(), 2, 'one question and one answer, once each')
})

t.test('an answer is stopped, in every window, and its vendor too', async (t) => {
  const { vendor, page } = await speaking()
  vendor.answers({ tokens: ['one ', 'two ', 'three'], stepped: true })
  await say(page, 'count')
  await vendor.step()
  await answers(page, 'streaming').filter({ hasText: 'one' }).waitFor()
  const other = await page.context().newPage()
  await other.goto(page.url())
  await answers(other, 'streaming').waitFor()
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await Promise.all(
    [page, other].map((one) => answers(one, 'cancelled').filter({ hasText: 'one' }).waitFor()),
  )
  await vendor.closed(0)
  t.ok(await page.getByRole('button', { name: 'Send' }).isEnabled(), 'the next message can be written')
})

t.test('an investigation goes on through the death of its server', async (t) => {
  const rows = Array.from(
    { length: 3000 },
    (_, n) =>
      `${n}/2024;Prefeitura;F ${n % 97};11.222.333/0001-81;Item ${n};02/01/2024;R$ 1.000,00;R$ ${2000 + n},00`,
  )
  const head = 'Número;Órgão;Fornecedor;CNPJ;Objeto;Data de assinatura;Valor inicial;Valor final'
  const env = { JWT_SECRET: 'x'.repeat(40), STREAM_LEASE_MS: '1000' }
  const service = await startProcess(env)
  const context = await newProfile(service.url)
  t.teardown(() => context.close())
  const page = await context.newPage()
  await signIn(page, '/')
  const buffer = Buffer.from([head, ...rows].join('\n'))
  await page.setInputFiles('input[type=file]', { name: 'many.csv', mimeType: 'text/csv', buffer })
  await page.getByRole('button', { name: 'Investigate this file' }).click()
  const found = page.getByRole('table', { name: 'Findings', exact: true })
  await found.getByRole('row').nth(1).waitFor()
  await service.kill()
  await startProcess({ ...env, DATA_DIR: service.dataDir, PORT: new URL(service.url).port })
  await page.locator('.investigation .badge.completed').waitFor()
  const count = await page.locator('.count').innerText()
  await page.reload()
  await page.locator('.count', { hasText: count }).waitFor()
  t.match(count, /findings/, `${count}: as many as a reload shows`)
})
