import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build } from 'esbuild'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import t from 'tap'
import { createClient } from '../../client/src/index.ts'
import { login, startProcess } from '../support/process.ts'
import { program } from '../support/program.ts'
import { faultProxy } from './fault-proxy.ts'

const service = await startProcess({
  CORS_ORIGINS: '*',
  SSE_KEEPALIVE_INTERVAL: '1',
  WEBSOCKET_PING_INTERVAL: '1',
})
const admin = await login(service.url)
const publisher = createClient({ url: service.url, token: admin.token })
const proxy = await faultProxy(service.url)

/** A page as an application makes it: what it has received is looked at from outside. */
const APPLICATION = `
import { createClient } from '@tributary/client'
const { url, token, ...options } = JSON.parse(decodeURIComponent(location.hash.slice(1)))
const client = createClient({ url, token, ...options })
const page = { client, states: [client.state], seen: [], events: [], persisted: false }
window.page = page
client.on('state', (state) => page.states.push(state))
addEventListener('pageshow', (event) => { page.persisted ||= event.persisted })
page.watch = async (topic, options) => {
  page.channel = client.subscribe(topic, options)
  for await (const item of page.channel) page.seen.push('type' in item ? item.type : item.data)
}
page.follow = async (id) => {
  // What a page keeps of a run through its reload is the run's position.
  const kept = JSON.parse(sessionStorage.getItem('kept') ?? '{"events":[]}')
  page.events = kept.events
  const run = client.attachInvestigation(id, kept.position === undefined ? {} : { position: kept.position })
  for await (const event of run) {
    page.events.push(event)
    sessionStorage.setItem('kept', JSON.stringify({ events: page.events, position: run.position }))
    if (page.events.length === page.stopAt) return new Promise(() => undefined)
  }
  page.isOver = true
}
`
const bundled = await build({
  stdin: { contents: APPLICATION, loader: 'js', resolveDir: process.cwd() },
  bundle: true,
  format: 'esm',
  splitting: true,
  alias: { '@tributary/client': join(process.cwd(), 'client/src/index.ts') },
  write: false,
  outdir: '/out',
})
const scripts = new Map(bundled.outputFiles.map(({ path, text }) => [path.replace('/out', ''), text]))
const pages = createServer(({ url = '/' }, response) => {
  const script = scripts.get(url)
  response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript')
  response.end(
    script ?? '<!doctype html><html lang="en"><body><script type="module" src="/stdin.js"></script>',
  )
}).listen(0, '127.0.0.1')
await once(pages, 'listening')
const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`

const browser = await chromium.launch({
  executablePath: program('chromium', 'chromium'),
  args: ['--no-sandbox'],
  // A page that is left is kept, as people's browsers keep it.
  ignoreDefaultArgs: ['--disable-back-forward-cache'],
})
t.teardown(async () => {
  await browser.close()
  publisher.close()
  pages.close()
  await proxy.close()
})

/** The object that a page has under `window.page`. */
interface InPage {
  page: {
    states: string[]
    seen: unknown[]
    events: { type: string }[]
    persisted: boolean
    isOver?: boolean
    stopAt?: number
    watch(topic: string, options?: object): void
    follow(id: string): void
    client: { close(): void; state: string }
  }
}
declare const window: InPage

const openPage = async (context: BrowserContext, options: object = {}): Promise<Page> => {
  const page = await context.newPage()
  const settings = JSON.stringify({ url: proxy.url, token: admin.token, ...options })
  await page.goto(`${origin}/#${encodeURIComponent(settings)}`)
  await page.waitForFunction(() => window.page !== undefined)
  return page
}
const watch = (page: Page, topic: string) =>
  page.evaluate((topic) => void window.page.watch(topic, { recover: 'all' }), topic)
const seen = async (page: Page, last: unknown): Promise<unknown[]> => {
  await page.waitForFunction((last) => window.page.seen.at(-1) === last, last)
  return page.evaluate(() => window.page.seen)
}
const inState = (page: Page, state: string) =>
  page.waitForFunction((state) => window.page.client.state === state, state)
const upTo = (last: number): number[] => Array.from({ length: last + 1 }, (_, at) => at)

t.test('a page that is reloaded in the middle goes on behind its position', async (t) => {
  const { investigation_id, stream_id } = await admin.investigate('sample')
  const story: unknown[] = []
  for await (const event of publisher.attach(stream_id)) story.push(event)
  const context = await browser.newContext()
  const page = await openPage(context)
  await page.evaluate((id) => {
    window.page.stopAt = 5
    window.page.follow(id)
  }, investigation_id)
  await page.waitForFunction(() => window.page.events.length === 5)
  await page.reload()
  await page.waitForFunction(() => window.page !== undefined)
  await page.evaluate((id) => window.page.follow(id), investigation_id)
  await page.waitForFunction(() => window.page.isOver)
  t.same(await page.evaluate(() => window.page.events), story)
  await context.close()
})

t.test(
  'an investigation is followed over a WebSocket, and over events where none gets through',
  async (t) => {
    const { investigation_id, stream_id } = await admin.investigate('sample')
    const story: unknown[] = []
    for await (const event of publisher.attach(stream_id)) story.push(event)
    for (const isBlocked of [false, true]) {
      const context = await browser.newContext()
      const sockets: string[] = []
      const streams: string[] = []
      if (isBlocked) await context.routeWebSocket(/.*/, (socket) => void socket.close())
      const page = await openPage(context)
      page.on('websocket', (socket) => sockets.push(socket.url()))
      page.on('request', (request) => {
        if (request.headers().accept === 'text/event-stream') streams.push(request.url())
      })
      await page.evaluate((id) => window.page.follow(id), investigation_id)
      await page.waitForFunction(() => window.page.isOver)
      t.same(await page.evaluate(() => window.page.events), story)
      t.equal(streams.length, isBlocked ? 1 : 0)
      if (!isBlocked) t.match(sockets, [/\/ws\/investigations\/.*ticket=/])
      await context.close()
    }
    const context = await browser.newContext()
    const page = await openPage(context)
    const refused = await page.evaluate(async () => {
      const { client } = window.page as unknown as {
        client: { attachInvestigation(id: string): { result: Promise<unknown> } }
      }
      return client
        .attachInvestigation('nobody-has-it')
        .result.catch(({ status }: { status: number }) => status)
    })
    t.equal(refused, 404, 'one that is not there is told as such')
    await context.close()
  },
)

t.test('a page that goes offline says so at once, and has everything when it is back', async (t) => {
  const context = await browser.newContext()
  const page = await openPage(context)
  await publisher.publish('topic:offline', 0)
  await watch(page, 'topic:offline')
  await seen(page, 0)
  await context.setOffline(true)
  proxy.cut()
  await inState(page, 'offline')
  for (const number of upTo(9).slice(1)) await publisher.publish('topic:offline', number)
  await context.setOffline(false)
  t.same(await seen(page, 9), upTo(9))
  await inState(page, 'open')
  await context.close()
})

t.test('a page in the background goes on, and one that is looked at again waits for nothing', async (t) => {
  const context = await browser.newContext()
  const page = await openPage(context)
  await publisher.publish('topic:background', 0)
  await watch(page, 'topic:background')
  await seen(page, 0)
  const show = (state: string) =>
    page.evaluate((state) => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    }, state)
  await show('hidden')
  await publisher.publish('topic:background', 1)
  await seen(page, 1)
  // From here on a pause is as long as it may be: only the page that is looked at again ends it.
  await page.evaluate(() => {
    Math.random = () => 0.999_999
  })
  proxy.target('http://127.0.0.1:1')
  proxy.cut()
  await page.waitForFunction(() => window.page.client.state === 'reconnecting')
  proxy.target(service.url)
  await publisher.publish('topic:background', 2)
  await show('visible')
  t.same(await seen(page, 2), upTo(2))
  await context.close()
})

const crash = async (page: Page): Promise<void> => {
  const crashed = page.waitForEvent('crash')
  const session = await page.context().newCDPSession(page)
  session.send('Page.crash').catch(() => undefined)
  await crashed
}
const connections = async (kind: string): Promise<number> => {
  const { text } = await admin.get('/metrics')
  const open = [...text.matchAll(new RegExp(`^${kind}_connections_active\\{.*\\} (\\d+)`, 'gm'))]
  return open.reduce((sum, [, count]) => sum + Number(count), 0)
}
for (const transport of ['websocket', 'sse'])
  t.test(
    `${transport}: eight tabs of one origin share one connection, whichever of them is closed`,
    async (t) => {
      const topic = `topic:tabs-${transport}`
      const context = await browser.newContext()
      const tabs = await Promise.all(upTo(7).map(() => openPage(context, { share: true, transport })))
      await publisher.publish(topic, 0)
      await Promise.all(tabs.map((tab) => watch(tab, topic)))
      for (const tab of tabs) t.same(await seen(tab, 0), [0])
      // One that was asked for anew, for another channel, may be closing still.
      while ((await connections(transport)) > 1) await new Promise((resolve) => setImmediate(resolve))
      t.equal(await connections(transport), 1, 'one connection for all of them')
      let last = 0
      for (const [at, tab] of tabs.entries()) {
        await publisher.publish(topic, ++last)
        // One that crashes tells nobody; whichever leads is among these.
        if (at % 4 === 0) await crash(tab)
        else await tab.close()
        await publisher.publish(topic, ++last)
        const [next] = tabs.slice(at + 1)
        if (next) t.same(await seen(next, last), upTo(last))
      }
      await context.close()
    },
  )

t.test('a page that comes back out of the cache takes part again', async (t) => {
  const context = await browser.newContext()
  const page = await openPage(context, { share: true })
  await publisher.publish('topic:cache', 0)
  await watch(page, 'topic:cache')
  await seen(page, 0)
  await page.goto(`${origin}/elsewhere`)
  await publisher.publish('topic:cache', 1)
  await page.evaluate(() => history.back())
  await page.waitForFunction(() => window.page !== undefined)
  t.ok(await page.evaluate(() => window.page.persisted), 'it was kept')
  t.same(await seen(page, 1), [0, 1])
  await context.close()
})

t.test('a laptop that slept finds its connection dead, and goes on', async (t) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.clock.install()
  const settings = JSON.stringify({ url: proxy.url, token: admin.token })
  await page.goto(`${origin}/#${encodeURIComponent(settings)}`)
  await page.waitForFunction(() => window.page !== undefined)
  await publisher.publish('topic:sleep', 0)
  await watch(page, 'topic:sleep')
  await seen(page, 0)
  proxy.cut()
  await publisher.publish('topic:sleep', 1)
  await page.clock.fastForward('08:00:00')
  t.same(await seen(page, 1), [0, 1])
  await inState(page, 'open')
  await context.close()
})
