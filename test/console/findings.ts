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

    await row.getByText('Dismissed').waitFor()
    await page.getByRole('button', { name: 'More filters' }).click()
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
    await page.getByRole('button', { name: 'More filters' }).click()
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
      page.getByRole('link', { name: 'CSV (1 row shown)' }).click(),
    ])
    const chunks: Buffer[] = []
    for await (const chunk of await download.createReadStream()) chunks.push(chunk)
    const lines = Buffer.concat(chunks).toString().trim().split('\r\n')
    t.equal(lines.length, 2)
    t.match(lines[0], /^anomaly_id,anomaly_type,.*,review,/)
    t.match(lines[1], 'payment_pattern')
    t.match(lines[1], '4/2024')

    const link = page.getByRole('link', { name: 'Report (HTML) (1 row shown)' })
    const report = await page.request.get((await link.getAttribute('href')) as string)
    t.match(await report.text(), /1 of 3, chosen by min_value = 100; max_value = 4000/)
    await page.getByRole('combobox', { name: 'Language' }).selectOption('pt')
    const inPortuguese = page.getByRole('link', { name: /^Relatório \(HTML\)/ })
    const relatorio = await page.request.get((await inPortuguese.getAttribute('href')) as string)
    t.match(await relatorio.text(), /<html lang="pt">[\s\S]*1 de 3, escolhidos por/)
  })
})

t.test('counts of severities and rules filter, and charts have a view of their own', async (t) => {
  await withPage(t, '/', { locale: 'en' }, async (page) => {
    await page.getByRole('button', { name: 'Try the sample' }).click()
    await page.waitForURL(/\/investigations\/[^/]+$/)
    await page.getByRole('button', { name: 'Price deviation 2' }).click()
    await page.waitForURL(/type=price_deviation/)
    await page.locator('.count', { hasText: '2 of 7 findings' }).waitFor()
    await page.getByRole('button', { name: 'Price deviation 2' }).click()
    await page.getByRole('button', { name: 'High 2' }).click()
    await page.waitForURL(/severity=high$/)
    await page.locator('.count', { hasText: '2 of 7 findings' }).waitFor()
    await page.getByRole('button', { name: 'Clear the filters' }).click()

    await page.getByRole('button', { name: 'Charts' }).click()
    await page.waitForURL(/show=charts/)
    await page.reload()
    const growth = page.getByRole('figure').filter({ hasText: 'Growth against its limit' })
    await growth.getByText('As a table').click()
    await growth.getByRole('row', { name: '0052/2022 41% 25%' }).waitFor()
    const money = page.getByRole('figure').filter({ hasText: 'Money over time' })
    const name = await money.getByRole('img').getAttribute('aria-label')
    await money.getByText('As a table').click()
    await money.getByRole('row').nth(36).waitFor()
    const rows = await money.getByRole('row').allInnerTexts()
    t.equal(rows.length, 1 + 36)
    const [, month, most] = /Most: (\S+), (\S+)$/.exec(name ?? '') ?? []
    t.ok(rows.includes(`${month}\t${most}`), 'the picture says what the table says')
    await page.getByRole('button', { name: 'Laboratório Hipótese Ltda' }).click()
    await page.waitForURL(/supplier=Laborat/)
    await page.locator('.count', { hasText: '1 of 7 findings' }).waitFor()
  })
})

t.test('a finding compares its contracts side by side, and its neighbours are a key away', async (t) => {
  await withPage(t, '/', { locale: 'en' }, async (page) => {
    await page.getByRole('button', { name: 'Try the sample' }).click()
    await page.waitForURL(/\/investigations\/[^/]+$/)
    await page.locator('.investigation .badge.completed').waitFor()
    await page.getByText(/^Risk [\d.]+ of 10$/).click()
    await page.getByText(/^Together [\d.]+ points: .* = [\d.]+\. It sums up/).waitFor()
    const table = page.getByRole('table', { name: 'Findings', exact: true })
    await table.getByRole('row', { name: /Duplicate contract/ }).click()
    const panel = page.getByRole('complementary', { name: 'Finding' })
    await panel.getByRole('row', { name: /^Lines of the file \d+ \d+$/ }).waitFor()
    const same = await panel.locator('tr.same th').allInnerTexts()
    t.ok(same.some((label) => /^Supplier/.test(label)))
    t.ok(same.some((label) => /^Buyer/.test(label)))
    t.equal(await panel.getByRole('columnheader').count(), 3, 'the two contracts are columns')
    const { title, place } = { title: panel.getByRole('heading', { level: 2 }), place: /(\d+) of 7/ }
    const first = await title.innerText()
    const at = Number(place.exec(await panel.innerText())?.[1])
    await panel.focus()
    await page.keyboard.press('j')
    await panel.getByText(`${at + 1} of 7`).waitFor()
    t.not(await title.innerText(), first)
    await page.keyboard.press('k')
    await panel.getByText(`${at} of 7`).waitFor()
    t.equal(await title.innerText(), first)

    const leaveFocus = () => page.locator(':focus').blur()
    await leaveFocus()
    await page.keyboard.press('j')
    await panel.getByText(`${at + 1} of 7`).waitFor()
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    await leaveFocus()
    await page.keyboard.press('j')
    await table.locator('tr[aria-rowindex="2"]:focus').waitFor()
    await leaveFocus()
    await page.keyboard.press('g')
    await page.keyboard.press('p')
    await page.waitForURL(/\/prompts$/)
    await page.locator('main:focus').waitFor()
  })
})

t.test('a finding is told in the language of whoever reads it', async (t) => {
  await withPage(t, '/', { locale: 'en' }, async (page) => {
    await investigate(page, CSV)
    const address = page.url()
    await page.getByText('Contract value grew by 90%').first().waitFor()
    await page.getByLabel('Language', { exact: true }).selectOption('pt')
    const row = page.getByRole('table', { name: 'Achados' }).getByRole('row').nth(1)
    await row.getByText(/cresceu 90/).waitFor()
    await row.click()
    await page
      .getByRole('complementary', { name: 'Achado' })
      .getByText(/sinal de alerta a verificar/)
      .waitFor()
    t.match(await page.title(), /cresceu 90.* · Tributary/)
    t.ok(page.url().startsWith(address))
  })
})

t.test('what is printed has every finding, though few of them are in the page', async (t) => {
  await withPage(t, '/', { locale: 'en' }, async (page) => {
    const many = Array.from(
      { length: 150 },
      (_, n) =>
        `${n + 10}/2024;Prefeitura;Fornecedor ${n};;Item ${n};02/01/2024;R$ 1.000,00;R$ ${2000 + n},00`,
    )
    await investigate(page, [CSV.split('\n')[0], ...many].join('\n'))
    const rows = page.getByRole('table', { name: 'Findings', exact: true }).getByRole('row')
    const all = Number(await rows.first().locator('xpath=ancestor::table').getAttribute('aria-rowcount'))
    t.ok(all > 150)
    t.ok((await rows.count()) < 60)
    await page.evaluate('dispatchEvent(new Event("beforeprint"))')
    t.equal(await rows.count(), all)
    await page.evaluate('dispatchEvent(new Event("afterprint"))')
    await rows.nth(100).waitFor({ state: 'detached' })
  })
})

t.test('a finding is shared, and the dialog has its address', async (t) => {
  await withPage(t, '/', { locale: 'en' }, async (page) => {
    await investigate(page, CSV)
    await page.getByRole('table', { name: 'Findings' }).getByRole('row').nth(1).click()
    await page.waitForURL(/\/findings\//)
    await page.getByRole('button', { name: 'Share' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Share', exact: true }).click()
    await dialog.getByRole('status').filter({ hasText: 'Shared with everybody who is signed in' }).waitFor()
    t.equal(await dialog.getByLabel(/^Then send this address/).inputValue(), page.url())
  })
})
