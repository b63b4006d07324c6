import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { ADMIN_PASSWORD, PATIENCE_MS, startProcess } from '../support/process.ts'
import { program } from '../support/program.ts'

/** The one service and the one browser of the console's tests. */
export const service = await startProcess()
export const browser: Browser = await chromium.launch({
  executablePath: program('chromium', 'chromium'),
  args: ['--no-sandbox'],
})
t.teardown(() => browser.close())

/** Opens a page, and signs its reader in where the browser is not signed in yet. */
export const signIn = async (page: Page, path = '/'): Promise<void> => {
  await page.goto(path)
  const username = page.locator('input[autocomplete=username]')
  const navigation = page.getByRole('navigation').first()
  await username.or(navigation).first().waitFor()
  if (await username.isVisible()) {
    await username.fill('admin')
    await page.locator('input[autocomplete=current-password]').fill(ADMIN_PASSWORD)
    await page.keyboard.press('Enter')
  }
  await navigation.waitFor()
}

/** A browser's profile that has nothing of the others, in one language, with the patience of a busy machine. */
export const newProfile = async (
  url: string,
  locale = 'en',
  options: object = {},
): Promise<BrowserContext> => {
  const context = await browser.newContext({ baseURL: url, locale, ...options })
  context.setDefaultTimeout(2 * PATIENCE_MS)
  return context
}

/** Profiles of readers of the one service, by their language: they stay signed in, and have loaded the console. */
const profiles = new Map<string, Promise<BrowserContext>>()
const profileOf = (locale: string): Promise<BrowserContext> => {
  const profile = profiles.get(locale) ?? newProfile(service.url, locale)
  profiles.set(locale, profile)
  return profile
}

/** Collects what a page's browser complains of, requests to elsewhere included. */
const complaintsOf = (page: Page): string[] => {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(service.url) && !/^(data|blob):/.test(request.url()))
      complaints.push(request.url())
  })
  return complaints
}

/**
 * Shows a page to a signed-in reader, and leaves nothing of it in the browser; whatever that complains of fails the test.
 * @param options.expected complaints that belong to what is tested
 */
export const withPage = async (
  t: Test,
  path: string,
  { locale, expected }: { locale: string; expected?: RegExp },
  read: (page: Page) => Promise<void>,
): Promise<void> => {
  const context = await profileOf(locale)
  const page = await context.newPage()
  const complaints = complaintsOf(page)
  await signIn(page, path)
  await read(page)
  await page.evaluate('localStorage.clear(), sessionStorage.clear()')
  await Promise.all(context.pages().map((one) => one.close()))
  t.same(
    complaints.filter((text) => !expected?.test(text)),
    [],
  )
}

/** Contracts of which one grew by 90 %. */
export const CSV = [
  'Número;Órgão;Fornecedor;CNPJ;Objeto;Data de assinatura;Valor inicial;Valor final',
  '1/2024;Prefeitura;Alfa Ltda;11.222.333/0001-81;Reforma da praça;02/01/2024;R$ 100.000,00;R$ 190.000,00',
  '2/2024;Prefeitura;Beta Ltda;11.444.777/0001-61;Compra de papel;03/01/2024;R$ 5.000,00;R$ 5.000,00',
  '3/2024;Prefeitura;Gama Ltda;11.555.888/0001-51;Curso;04/01/2024;R$ 20.000,00;R$ 30.000,00',
].join('\n')

/** Uploads a file on *Investigate*, and waits for all that its investigation finds, in English. */
export const investigate = async (page: Page, text: string, name = 'contracts.csv'): Promise<void> => {
  await page.setInputFiles('input[type=file]', { name, mimeType: 'text/csv', buffer: Buffer.from(text) })
  await page.getByRole('button', { name: 'Investigate this file' }).click()
  await page.waitForURL(/\/investigations\/[^/]+$/)
  await page.locator('.investigation .badge.completed').waitFor()
  await page.getByRole('table', { name: 'Findings' }).getByRole('row').nth(1).waitFor()
}
