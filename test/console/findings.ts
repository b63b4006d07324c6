import t from 'tap'
import { CSV, investigate, withPage } from './browser.ts'

t.test('a finding is reviewed by a key, found by its review, and the review is taken back', async (t) => {
  await withPage(t, '/', { locale: 'en' }, async (page) => {
    await investigate(page, CSV)
    const table = page.getByRole('table', { name: 'Findings' })
    const row = table.getByRole('row').nth(1)
    await row.focus()
    await page.keyboard.press('2')
    await row.getByText('Confirmed').waitFor()

    const other = await page.context().newPage()
    await other.goto(page.url())
    const theirs = other.getByRole('table', { name: 'Findings' }).getByRole('row')
    await theirs.nth(1).getByText('Confirmed').waitFor()
    await theirs.nth(1).click()
    const panel = other.getByRole('complementary', { name: 'Finding' })
    await panel.getByLabel(/^Note/).fill('the amendment is missing')
    await panel.getByRole('button', { name: 'Dismissed' }).click()
    await panel.getByText(/^admin, /).waitFor()

    await page.bringToFront()
    await page.evaluate('dispatchEvent(new Event("focus"))')
    await row.getByText('Dismissed').waitFor()
    await page.getByLabel('Review', { exact: true }).selectOption('dismissed')
    await page.waitForURL(/review=dismissed/)
    await page.locator('.count', { hasText: '1 of 2 findings' }).waitFor()
    await page.reload()
    await row.getByText('Dismissed').waitFor()
    t.equal(await table.getByRole('row').count(), 2, 'the address holds the filter')

    await row.focus()
    await page.keyboard.press('0')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Undone.').waitFor()
    await row.getByText('Dismissed').waitFor()
  })
})

t.test('filters are counted, and a file of what is shown has exactly those rows', async (t) => {
  await withPage(t, '/', { locale: 'en' }, async (page) => {
    await investigate(
      page,
      `${CSV}\n4/2024;Prefeitura;=HYPERLINK;11.222.333/0001-81;Obra;05/01/2024;R$ 1.000,00;R$ 2.000,00`,
    )
    await page.locator('.count', { hasText: '3 findings' }).waitFor()
    await page.getByLabel('Supplier', { exact: true }).selectOption({ label: 'Alfa Ltda (1)' })
    await page.waitForURL(/supplier=Alfa/)
    await page.locator('.count', { hasText: '1 of 3 findings' }).waitFor()
    await page.getByRole('button', { name: 'Clear the filters' }).click()
    await page.getByLabel('Amount to').fill('4000')
    await page.getByLabel('Amount from').fill('100')
    await page.waitForURL(/from=100/)
    await page.locator('.count', { hasText: '1 of 3 findings' }).waitFor()
    await page.getByRole('button', { name: 'Export' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV (1 row shown)' }).click(),
    ])
    const chunks: Buffer[] = []
    for await (const chunk of await download.createReadStream()) chunks.push(chunk)
    const lines = Buffer.concat(chunks).toString().trim().split('\r\n')
    t.equal(lines.length, 2)
    t.match(lines[0], /^anomaly_id,anomaly_type,.*,review,/)
    t.match(lines[1], 'payment_pattern')
    t.match(lines[1], '4/2024')
  })
})

t.test('charts stand beside the table of their numbers', async (t) => {
  await withPage(t, '/', { locale: 'en' }, async (page) => {
    await page.getByRole('button', { name: 'Try the sample' }).click()
    await page.waitForURL(/\/investigations\/[^/]+$/)
    const growth = page.getByRole('figure').filter({ hasText: 'Growth against its limit' })
    await growth.getByText('As a table').click()
    t.match(await growth.getByRole('table').innerText(), /0052\/2022\s+41%\s+25%/)
    await page.getByText('The whole file', { exact: true }).click()
    const money = page.getByRole('figure').filter({ hasText: 'Money over time' })
    const name = await money.getByRole('img').getAttribute('aria-label')
    await money.getByText('As a table').click()
    const rows = await money.getByRole('row').allInnerTexts()
    t.equal(rows.length, 1 + 36)
    const [, month, most] = /most at (\S+), (\S+)$/.exec(name ?? '') ?? []
    t.ok(rows.includes(`${month}\t${most}`), 'the picture says what the table says')
  })
})
