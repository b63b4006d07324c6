import { chromium, type Page } from 'playwright-core'
import { flood } from './flood.ts'
import { Processes } from './processes.ts'

const PORT = Number(process.env.BENCH_PORT ?? 18_640)
const FINDINGS = Number(process.env.FINDINGS ?? 10_000)
const PUBLICATIONS = 200
const PASSWORD = 'bench-password-1'
const URL_ = `http://127.0.0.1:${PORT}`

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0

/** Contracts each of which grew beyond its limit. */
const file = (rows: number): Buffer =>
  Buffer.from(
    [
      'Número;Órgão;Fornecedor;CNPJ;Objeto;Data de assinatura;Valor inicial;Valor final',
      ...Array.from(
        { length: rows },
        (_, n) =>
          `${n + 10}/2024;Prefeitura;Fornecedor ${n % 997};11.222.333/0001-81;Item ${n};02/01/2024;R$ 1.000,00;R$ ${2000 + n},00`,
      ),
    ].join('\n'),
  )

/** Watches a page from its first script on: its long tasks, its frames, and the most rows that it ever had. */
const WATCH = `
  window.seen = { tasks: [], frames: [], rows: 0, painted: new Map() }
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.tasks.push(duration)
  }).observe({ type: 'longtask', buffered: true })
  let before = performance.now()
  const look = (now) => {
    seen.frames.push(now - before)
    before = now
    seen.rows = Math.max(seen.rows, document.querySelectorAll('.findings tbody tr').length)
    for (const pre of document.querySelectorAll('.frames pre')) {
      const n = Number(/"n": (\\d+)/.exec(pre.textContent)?.[1] ?? -1)
      if (n >= 0 && !seen.painted.has(n)) seen.painted.set(n, Date.now())
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)`

interface Seen {
  tasks: number[]
  frames: number[]
  rows: number
}

const signIn = async (page: Page, url: string): Promise<void> => {
  await page.goto(url)
  await page.locator('input[autocomplete=username]').fill('admin')
  await page.locator('input[autocomplete=current-password]').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByRole('navigation').first().waitFor()
}

/** Measures the console in a browser: findings as fast as they are found, sorting them, a publication's way to the screen, a steady flood. */
export default async (print: (line: string) => void): Promise<void> => {
  const processes = new Processes()
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    await processes.service(PORT, { ADMIN_PASSWORD: PASSWORD, PASSWORD_COST: '10' })
    const context = await browser.newContext({ locale: 'en' })
    await context.addInitScript(WATCH)
    const page = await context.newPage()
    await signIn(page, URL_)
    await page.setInputFiles('input[type=file]', {
      name: 'many.csv',
      mimeType: 'text/csv',
      buffer: file(FINDINGS),
    })
    await page.getByRole('button', { name: 'Investigate this file' }).click()
    await page.locator('.investigation .badge.completed').waitFor({ timeout: 120_000 })
    await page.locator('.findings tbody tr').nth(10).waitFor()
    const { tasks, frames, rows }: Seen = await page.evaluate('({ ...seen, painted: undefined })')
    print(`findings             ${FINDINGS} as fast as they are found, at most ${rows} rows in the page`)
    print(`frames               p99 ${percentile(frames, 0.99).toFixed(0)} ms of ${frames.length}`)
    print(`tasks over 50 ms     ${tasks.length}, the longest ${Math.max(0, ...tasks).toFixed(0)} ms`)

    const sorts: number[] = []
    for (const column of ['Amount at stake', 'Supplier', 'Contract', 'Type', 'Severity'])
      sorts.push(
        await page.evaluate(`new Promise((resolve) => {
          const button = [...document.querySelectorAll('.findings thead button')]
            .find((one) => one.textContent.startsWith(${JSON.stringify(column)}))
          const from = performance.now()
          button.click()
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - from)))
        })`),
      )
    print(`sorting them         at most ${Math.max(...sorts).toFixed(0)} ms from the click to the frame`)

    await page.goto(`${URL_}/live?channel=topic:bench`)
    await page.waitForLoadState('networkidle')
    const cookies = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
    const publish = (data: object) =>
      fetch(`${URL_}/api/v1/channels/topic:bench/publications`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie: cookies, origin: URL_ },
        body: JSON.stringify(data),
      })
    // The page has subscribed when it shows one: what it would catch up with is not a way to the screen.
    await publish({ before: 'all' })
    await page.getByText('"before": "all"').waitFor()
    const sent: number[] = []
    for (let n = 0; n < PUBLICATIONS; n++) {
      sent.push(Date.now())
      await publish({ n })
    }
    await page.getByText(`"n": ${PUBLICATIONS - 1}`).waitFor()
    await page.waitForTimeout(100)
    const painted: [number, number][] = await page.evaluate('[...seen.painted]')
    const delays = painted.map(([n, at]) => at - (sent[n] ?? at))
    print(
      `publication to frame p50 ${percentile(delays, 0.5)} ms, p95 ${percentile(delays, 0.95)} ms of ${delays.length}`,
    )
    await context.close()
    await flood(browser, PORT, signIn, file(FINDINGS), FINDINGS, print)
  } finally {
    await browser.close()
    await processes.close()
  }
}
