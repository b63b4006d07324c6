import t from 'tap'
import { CSV, service, withPage } from './browser.ts'

t.test('a file becomes findings, and a finding opens and closes by the keyboard', async (t) => {
  await withPage(t, '/', { locale: 'pt-BR' }, async (page) => {
    t.equal(await page.locator('html').getAttribute('lang'), 'pt')
    await page.setInputFiles('input[type=file]', {
      name: 'contratos.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(CSV),
    })
    await page.getByRole('button', { name: 'Investigar este arquivo' }).click()
    await page.waitForURL(/\/investigations\/[^/]+$/)
    await page.locator('.investigation .badge.completed').waitFor()
    const table = page.getByRole('table', { name: 'Achados' })
    const row = table.getByRole('row').nth(1)
    t.match(await row.innerText(), /Crescimento do contrato/)
    t.match(await row.innerText(), /1\/2024/)
    t.equal(await row.getAttribute('aria-rowindex'), '2')
    t.match(
      await table.getByRole('columnheader', { name: /Gravidade/ }).getAttribute('aria-sort'),
      'descending',
    )
    await row.focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/findings\//)
    const finding = page.getByRole('complementary', { name: 'Achado' })
    await finding.getByRole('heading', { name: 'A regra' }).waitFor()
    const address = page.url()
    await page.keyboard.press('Escape')
    await page.waitForURL(/\/investigations\/[^/]+$/)
    // The focus is back.
    await table.locator('tr[aria-rowindex="2"]:focus').waitFor()

    await row.click()
    await finding.waitFor()
    await page.goBack()
    await finding.waitFor({ state: 'detached' })
    await page.goto(address)
    await finding.waitFor()
    await page.getByRole('searchbox').focus()
    await page.keyboard.press('Escape')
    await finding.waitFor({ state: 'detached' })
    await page.getByRole('searchbox').fill('nada que exista')
    await page.waitForURL(/q=nada/)
    await page.locator('.count', { hasText: /^0 de [1-9]/ }).waitFor()
    await page.reload()
    t.equal(await page.getByRole('searchbox').inputValue(), 'nada que exista', 'a reload shows the same')
  })
})

t.test('a conversation is answered, and its address shows it again', async (t) => {
  await withPage(t, '/chat', { locale: 'en' }, async (page) => {
    await page.getByRole('textbox', { name: 'Message' }).fill('Who are the largest suppliers?')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.waitForURL(/\/chat\/.+/)
    const answer = page.locator('li[data-role=assistant][data-state=complete]')
    await answer.waitFor()
    const text = await answer.innerText()
    t.ok(text.length > 20)
    await page.reload()
    await answer.waitFor()
    t.equal(await answer.innerText(), text)
    // One link and no other: a second one would be refused.
    await page.getByRole('navigation', { name: 'Conversations' }).getByRole('link').waitFor()
  })
})

t.test('every page has its address, its language and a policy without exceptions', async (t) => {
  for (const path of [
    '/',
    '/investigations/x/findings/y',
    '/datasets/x',
    '/chat/x',
    '/prompts',
    '/audit',
    '/live',
  ]) {
    const response = await fetch(service.url + path, { headers: { 'accept-language': 'es-MX' } })
    t.equal(response.status, 200, path)
    t.match(await response.text(), '<html lang="es"')
    const policy = response.headers.get('content-security-policy') ?? ''
    t.match(policy, "default-src 'none'")
    t.notMatch(policy, 'unsafe-')
  }
  for (const path of ['/api/nothing', '/v1/nothing', '/assets/nothing.js'])
    t.equal((await fetch(service.url + path)).status, 404, path)
  const session = await fetch(`${service.url}/api/v1/auth/session`)
  t.equal(session.status, 200)
  t.same(await session.json(), { user: null })
  const page = await (await fetch(service.url)).text()
  const script = /src="([^"]+)"/.exec(page)?.[1] as string
  const asset = await fetch(service.url + script, { headers: { 'accept-encoding': 'gzip' } })
  t.equal(asset.headers.get('content-encoding'), 'gzip')
  t.match(asset.headers.get('cache-control'), 'immutable')

  await withPage(t, '/audit', { locale: 'es' }, async (reader) => {
    await reader.getByRole('button', { name: 'Verificar la cadena' }).click()
    await reader.getByText(/La cadena está íntegra/).waitFor()
    const newest = reader.getByRole('row').nth(1)
    t.match(
      await newest.innerText(),
      /auth\.login\s+Inicio de sesión\s+admin\s/,
      "the newest first, told in the reader's words, by name",
    )
    await newest.locator('summary').click()
    await newest.getByText('request_id', { exact: true }).waitFor()
    for (const [name, path] of [
      ['En vivo', '/live'],
      ['Prompts', '/prompts'],
      ['Investigar', '/'],
    ] as const) {
      await reader.getByRole('link', { name, exact: true }).click()
      await reader.waitForURL((url) => url.pathname === path)
      await reader.getByRole('heading', { level: 1 }).first().waitFor()
    }
    await reader.getByRole('button', { name: 'Salir' }).click()
    await reader.locator('input[autocomplete=username]').waitFor()
  })
})
