import t from 'tap'
import { CSV, investigate, withPage } from './browser.ts'

t.test('a run is repeated with another threshold, and its address shows what changed', async (t) => {
  await withPage(t, '/', { locale: 'en' }, async (page) => {
    await investigate(page, CSV)
    await page.locator('.count', { hasText: '2 findings' }).waitFor()
    await page.getByRole('link', { name: 'Run again' }).click()
    await page.getByLabel(/growth that is still lawful \(/).fill('0.6')
    await page.getByRole('button', { name: 'Investigate this file' }).click()
    await page.waitForURL(/\/investigations\/[^/]+\/compare\/[^/]+$/)
    await page.getByText('Completed').waitFor()
    t.match(await page.getByRole('table', { name: 'Set differently' }).innerText(), /0\.25\s+0\.6/)
    await page.getByRole('button', { name: 'In both (1)' }).waitFor()
    await page.getByRole('button', { name: 'Gone (1)' }).click()
    await page.getByRole('button', { name: 'New (0)' }).waitFor()
    await page.waitForURL(/part=gone/)
    await page.reload()
    const rows = page.getByRole('table', { name: 'Findings' }).getByRole('row')
    await rows.filter({ hasText: '3/2024' }).waitFor()
    await rows.filter({ hasText: '1/2024' }).waitFor({ state: 'detached' })
    await rows.nth(1).getByRole('link').click()
    await page.getByRole('complementary', { name: 'Finding' }).waitFor()
  })
})

t.test('nothing is new until the run before has told all that it found', async (t) => {
  await withPage(t, '/', { locale: 'en' }, async (page) => {
    await investigate(page, CSV)
    await page.locator('.count', { hasText: '2 findings' }).waitFor()
    const before = new URL(page.url()).pathname.split('/').at(-1) as string
    await page.getByRole('link', { name: 'Run again' }).click()
    await page.getByRole('button', { name: 'Investigate this file' }).click()
    await page.getByRole('button', { name: 'In both (2)' }).waitFor()

    const held: (() => void)[] = []
    await page.routeWebSocket(/./, (socket) => {
      socket.connectToServer().onMessage((message) => {
        if (String(message).includes(before)) held.push(() => socket.send(message))
        else socket.send(message)
      })
    })
    await page.reload()
    await page.getByText('Completed').waitFor()
    await page.getByText('Loading').waitFor()
    t.same(await page.locator('.tabs button').allInnerTexts(), ['New', 'Gone', 'In both'])
    for (const send of held) send()
    await page.getByRole('button', { name: 'New (0)' }).waitFor()
    await page.getByRole('button', { name: 'In both (2)' }).waitFor()
  })
})

t.test('a file that says too little is read again with what its reader adds', async (t) => {
  await withPage(t, '/', { locale: 'en', expected: /503/ }, async (page) => {
    const file = (text: string) => ({ name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
    await page.setInputFiles('input[type=file]', file('numero;objeto;valor\n1;papel;10\n2;lapis;20'))
    await page.getByLabel('Whose file is this?').fill('Prefeitura de Exemplo')
    await page.getByLabel(/^Currency of its amounts/).fill('BRL')
    await page.getByRole('button', { name: 'Read again', exact: true }).click()
    await page.getByText('BRL', { exact: true }).waitFor()
    await page.getByLabel(/^Currency of its amounts/).waitFor({ state: 'detached' })

    await page.getByText(/^Or take contracts/).click()
    await page.getByRole('combobox', { name: 'Portal' }).selectOption('portal')
    await page.getByRole('button', { name: 'Investigate what the portal has' }).click()
    await page.getByRole('alert').filter({ hasText: 'PORTAL_API_KEY' }).waitFor()
  })
})
