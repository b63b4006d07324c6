import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { fromRoot } from '../support/root.ts'
import { CSV, newProfile, service, signIn, withPage } from './browser.ts'

/** Returns the violations that axe finds in a page as it is shown now. */
const faultsOf = async (page: Page): Promise<string[]> =>
  page.evaluate(`(async () => {
    const { violations } = await axe.run(document)
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ' ' + target.join(' ')))
  })()`)

/** Windows in which each state is looked at; the last one stays until the next state. */
const WINDOWS = [
  ['dark', 390],
  ['light', 1280],
] as const

/** Finds what a finger meets that is less than 44 pixels high. */
const SMALL = `[...document.querySelectorAll(
    'button, select, textarea, summary, nav a, a.button, input:not([type=checkbox], [type=file])'
  )].filter((one) => one.checkVisibility() && Math.round(one.getBoundingClientRect().height) < 44)
    .map((one) => one.outerHTML.slice(0, 120))`

/** Looks for faults in a page as it is shown now, in each window. */
const looking = (t: Test, page: Page) => async (name: string) => {
  for (const [colorScheme, width] of WINDOWS) {
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ colorScheme })
    t.same(await faultsOf(page), [], `${name}, ${colorScheme}`)
    const beyond = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
    t.ok(Number(beyond) <= 0, `${name} is no wider than its window of ${width}`)
    if (width < 400) t.same(await page.evaluate(SMALL), [], `${name} has room for a finger`)
  }
}

const lookAtAll = async (page: Page, look: (name: string) => Promise<void>): Promise<void> => {
  await look('home')
  await page.getByText(/^Or take contracts/).click()
  await look('a portal as a source')
  await page.setInputFiles('input[type=file]', {
    name: `${'n'.repeat(196)}.csv`,
    mimeType: 'text/csv',
    buffer: Buffer.from(CSV.replaceAll('Alfa Ltda', 'A'.repeat(200))),
  })
  await page.locator('.understood summary', { hasText: /^Rules and thresholds/ }).click()
  await page.getByRole('group', { name: /Contract growth/ }).waitFor()
  await look('a file, and the choices')
  await page.getByRole('button', { name: 'Investigate this file' }).click()
  await page.waitForURL(/\/investigations\/[^/]+$/)
  const row = page.getByRole('table', { name: 'Findings', exact: true }).getByRole('row').nth(1)
  await row.waitFor()
  await page.getByRole('button', { name: 'More filters' }).click()
  await look('findings')
  await page.getByRole('button', { name: 'Charts' }).click()
  await page.getByRole('figure').filter({ hasText: 'Share of the money by supplier' }).waitFor()
  await look('charts')
  await page.getByRole('button', { name: 'Findings', exact: true }).click()
  await row.click()
  await page.getByRole('heading', { name: 'The rule' }).waitFor()
  await page.getByRole('button', { name: 'Confirmed' }).click()
  await page.locator('.undo p').waitFor()
  await look('a finding, reviewed')
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Run again' }).click()
  await page.getByLabel(/growth that is still lawful \(/).fill('0.6')
  await page.getByRole('button', { name: 'Investigate this file' }).click()
  await page.getByRole('button', { name: /^Gone/ }).waitFor()
  await look('a comparison')
  await page.goto('/chat')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await look('chat without a message')
  await page.getByRole('button', { name: 'What are the largest contracts?', exact: true }).click()
  await page.locator('li[data-role=assistant][data-state=complete]').waitFor()
  await look('an answer')
  for (const [path, shown] of [
    ['/prompts', page.getByText('No prompts yet.')],
    ['/audit', page.getByRole('row').nth(1)],
    ['/live', page.getByText('Memory')],
    ['/investigations/none', page.getByRole('alert')],
    ['/api/nothing', page.getByRole('heading', { level: 1 })],
  ] as const) {
    await page.goto(path)
    await shown.waitFor()
    await look(path)
  }
  await page.goto('/')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.keyboard.press('?')
  await page.getByRole('dialog').waitFor()
  await look('the list of keys')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Go to' }).waitFor()
  await page.keyboard.type('largest contracts')
  await page.getByRole('listbox', { name: 'Go to' }).getByRole('option').first().waitFor()
  await look('the way to anywhere')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/chat\/.+/)
}

t.test('no state of any page has a fault that axe knows, light and wide, dark and narrow', async (t) => {
  const context = await newProfile(service.url)
  const page = await context.newPage()
  await context.addInitScript(axe.source)
  const look = looking(t, page)
  await page.goto('/')
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  await look('sign in')
  await signIn(page)
  await lookAtAll(page, look)
  await context.close()
})

t.test('the first load and each page are small', async (t) => {
  const assets = fromRoot('dist/console/assets')
  const sizeOf = new Map(
    readdirSync(assets)
      .filter((name) => name.endsWith('.gz'))
      .map((name) => [name.slice(0, -3), readFileSync(join(assets, name)).byteLength]),
  )
  const context = await newProfile(service.url)
  const page = await context.newPage()
  let asked: string[] = []
  page.on('request', (request) => {
    const name = /\/assets\/(.+)$/.exec(request.url())?.[1]
    if (name) asked.push(name)
  })
  const kilobytes = (): number => {
    const bytes = asked.reduce((sum, name) => sum + (sizeOf.get(name) ?? 0), 0)
    asked = []
    return bytes / 1024
  }
  await signIn(page)
  await page.getByRole('heading', { level: 1 }).waitFor()
  const first = kilobytes()
  t.ok(first > 10 && first <= 200, `first load ${first.toFixed(0)} kB`)
  for (const name of ['Chat', 'Prompts', 'Audit', 'Live']) {
    await page.getByRole('link', { name, exact: true }).click()
    await page.getByRole('heading', { level: 1, name }).waitFor()
    const more = kilobytes()
    t.ok(more > 0 && more <= 90, `${name} ${more.toFixed(0)} kB more`)
  }
  await context.close()
})

t.test('ten thousand findings are sorted with few rows in the page', async (t) => {
  await withPage(t, '/', { locale: 'en' }, async (page) => {
    const many = Array.from(
      { length: 10_000 },
      (_, n) =>
        `${n + 10}/2024;Prefeitura;Fornecedor ${n % 997};11.222.333/0001-81;Item ${n};02/01/2024;R$ 1.000,00;R$ ${2000 + n},00`,
    )
    await page.setInputFiles('input[type=file]', {
      name: 'many.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from([CSV.split('\n')[0], ...many].join('\n')),
    })
    await page.getByRole('button', { name: 'Investigate this file' }).click()
    const table = page.getByRole('table', { name: 'Findings', exact: true })
    await table.getByRole('row').nth(1).waitFor()
    const before = await table.boundingBox()
    await page.locator('.investigation .badge.completed').waitFor()
    const { x, y, width } = (await table.boundingBox()) ?? {}
    t.match(before, { x, y, width }, 'the list stays where it is while findings arrive')
    t.ok(Number(await table.getAttribute('aria-rowcount')) > 10_000)
    t.ok((await table.getByRole('row').count()) <= 60)
    await table.getByRole('button', { name: 'Amount at stake' }).click()
    await table.getByRole('row').nth(1).getByText('R$10,749.00').waitFor()
    await page.waitForURL(/sort=amount/)
  })
})
