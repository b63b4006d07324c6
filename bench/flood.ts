import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { paced, pacedWay } from './pace.ts'

const PER_SECOND = 200
const MINUTE = PER_SECOND * 60
const MINUTES = Number(process.env.MINUTES ?? 2)

/**
 * Times each callback of a frame with the microtasks that it leaves, which is where React renders, and counts the rows;
 * layout and paint are not scripts. It keeps buckets of tenths of a millisecond, so that it does not itself grow.
 */
const WATCH = `
  window.flushes = { buckets: new Array(2000).fill(0), longest: 0, rows: 0 }
  const { requestAnimationFrame: frame } = window
  window.requestAnimationFrame = (run) => frame.call(window, (now) => {
    const from = performance.now()
    run(now)
    queueMicrotask(() => {
      const took = performance.now() - from
      flushes.buckets[Math.min(1999, Math.floor(took * 10))]++
      flushes.longest = Math.max(flushes.longest, took)
    })
  })
  const look = () => {
    const rows = document.querySelectorAll('.findings tbody tr, .frames > li').length
    flushes.rows = Math.max(flushes.rows, rows)
    frame.call(window, look)
  }
  frame.call(window, look)`

interface Flushes {
  buckets: number[]
  longest: number
  rows: number
}

/** Reads what a page's flushes took since it was loaded, as a sentence. */
const flushesOf = async (page: Page): Promise<string> => {
  const { buckets, longest, rows }: Flushes = await page.evaluate('flushes')
  const count = buckets.reduce((sum, n) => sum + n, 0)
  let passed = 0
  const p99 =
    buckets.findIndex((n) => {
      passed += n
      return passed >= count * 0.99
    }) / 10
  return `p99 ${p99.toFixed(1)} ms of script, the longest ${longest.toFixed(0)} ms, of ${count} (goal: p99 ≤ 16); at most ${rows} rows (goal: ≤ 60)`
}

/** Bytes of a page's JS heap that are held after a collection. */
const heapOf = async (devtools: CDPSession): Promise<number> => {
  await devtools.send('HeapProfiler.collectGarbage')
  return (await devtools.send('Runtime.getHeapUsage')).usedSize
}

const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

/** A signed-in page that is watched, and its developer tools. */
const watched = async (context: BrowserContext, url: string) => {
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await page.goto(url)
  await page.getByRole('navigation').first().waitFor()
  return { page, devtools }
}

/** Measures the investigation page while findings arrive at a pace; it keeps them all, so that its heap is told by finding. */
const findings = async (context: BrowserContext, url: string, file: Buffer, count: number, print: Print) => {
  const { page, devtools } = await watched(context, url)
  await page.setInputFiles('input[type=file]', { name: 'paced.csv', mimeType: 'text/csv', buffer: file })
  await page.getByRole('button', { name: 'Investigate this file' }).click()
  await page.locator('.findings tbody tr').first().waitFor()
  const before = await heapOf(devtools)
  const from = performance.now()
  await page
    .locator('.investigation .badge.completed')
    .waitFor({ timeout: (count / PER_SECOND + 120) * 1000 })
  const rate = count / ((performance.now() - from) / 1000)
  print(`paced findings       ${count}, ${rate.toFixed(0)} a second: a flush takes ${await flushesOf(page)}`)
  const bytes = ((await heapOf(devtools)) - before) / count
  print(`heap by finding      ${(bytes / 1000).toFixed(1)} kB: the page keeps them all`)
  await page.close()
}

/** Measures the Live page while publications pass through a channel; it keeps the newest 1,000, so that its heap must stay. */
const publications = async (context: BrowserContext, url: string, service: string, print: Print) => {
  const { page, devtools } = await watched(context, `${url}/live?channel=topic:flood`)
  await page.waitForLoadState('networkidle')
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const headers = { 'content-type': 'application/json', cookie, origin: service }
  const publish = async (n: number) => {
    const body = JSON.stringify({ n, text: `publication ${n} of a flood` })
    const answer = await fetch(`${service}/api/v1/channels/topic:flood/publications`, {
      method: 'POST',
      headers,
      body,
    })
    if (!answer.ok) throw new Error(`a publication was answered ${answer.status}`)
    await answer.arrayBuffer()
  }
  const heapAfter = async (first: number, count: number): Promise<number> => {
    await paced(PER_SECOND, count, (n) => publish(first + n))
    await page.getByText(`"n": ${first + count - 1},`).waitFor()
    return heapOf(devtools)
  }
  const from = performance.now()
  const early = await heapAfter(0, MINUTE)
  const rest = Math.round(MINUTE * (MINUTES - 1))
  const late = await heapAfter(MINUTE, rest)
  const rate = (MINUTE + rest) / ((performance.now() - from) / 1000)
  print(
    `paced publications   ${MINUTE + rest}, ${rate.toFixed(0)} a second: a flush takes ${await flushesOf(page)}`,
  )
  const growth = (late / early - 1) * 100
  print(
    `heap of Live         ${mb(early)} after the first minute, ${mb(late)} after ${MINUTES}: ${growth.toFixed(1)} % (goal: ≤ 10), the newest 1,000 publications kept`,
  )
}

type Print = (line: string) => void

/** Measures the console under a steady flood: findings on the investigation page, then publications on Live. */
export const flood = async (
  browser: Browser,
  port: number,
  signIn: (page: Page, url: string) => Promise<void>,
  file: Buffer,
  count: number,
  print: Print,
): Promise<void> => {
  if (!(MINUTES > 1))
    throw new Error('MINUTES must be more than 1: the heap is compared with that of the first minute')
  const way = await pacedWay(port, PER_SECOND)
  const context = await browser.newContext({ locale: 'en' })
  try {
    const page = await context.newPage()
    await signIn(page, way.url)
    await page.close()
    await context.addInitScript(WATCH)
    await findings(context, way.url, file, count, print)
    await publications(context, way.url, `http://127.0.0.1:${port}`, print)
  } finally {
    await context.close()
    way.close()
  }
}
