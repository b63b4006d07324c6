import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium } from 'playwright-core'
import t from 'tap'
import { program } from '../support/program.ts'

/** An event as a page gets it. */
export interface Heard {
  type: string
  id: string
  data: string
}

/** Ends each batch; no fixture has it. */
const END = '\n\nevent: the-end\ndata: x\n\n'

/** Returns the names that bytes give to events, also those that a parser may not accept. */
const namesIn = (bytes: Buffer): string[] => [
  ...new Set(
    bytes
      .toString('utf8')
      .split(/\r\n|\r|\n/)
      .flatMap((line) => /^\uFEFF?event: ?(.*)$/s.exec(line)?.[1] ?? []),
  ),
]

/** Opens Chromium and a server, and returns what Chromium's own EventSource makes of bytes. */
export const openOracle = async () => {
  const bodies = new Map<string, Buffer>()
  const server = createServer(({ url = '/' }, response) => {
    const body = bodies.get(url)
    response.setHeader('content-type', body === undefined ? 'text/html' : 'text/event-stream')
    // The connection stays, or the page would ask again.
    if (body === undefined) response.end('<!doctype html>')
    else response.write(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const browser = await chromium.launch({
    executablePath: program('chromium', 'chromium'),
    args: ['--no-sandbox'],
  })
  t.teardown(async () => {
    await browser.close()
    server.closeAllConnections()
    server.close()
  })
  const page = await browser.newPage()
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await page.goto(origin)
  let asked = 0

  /** Listens to an address until an event of the name `last` comes, or so many others have. */
  const listen = (
    url: string,
    names: readonly string[],
    end: { last?: string; count?: number },
  ): Promise<Heard[]> =>
    page.evaluate(
      ({ url, names, last, count }) =>
        new Promise<Heard[]>((resolve, reject) => {
          const source = new EventSource(url)
          const heard: Heard[] = []
          for (const name of names)
            source.addEventListener(name, (event) => {
              if (!(event instanceof MessageEvent)) {
                if (source.readyState === EventSource.CLOSED) reject(new Error(`${url} was refused`))
                return
              }
              const { type, data, lastEventId: id } = event
              if (type !== last) heard.push({ type, id, data })
              if (type !== last && heard.length !== count) return
              source.close()
              resolve(heard)
            })
        }),
      { url, names: [...new Set(['message', 'error', ...names, ...(end.last ? [end.last] : [])])], ...end },
    )

  return {
    origin,
    listen,
    /** @returns the events of bytes, as far as they end with a blank line */
    async hear(bytes: Buffer): Promise<Heard[]> {
      const path = `/${asked++}`
      bodies.set(path, Buffer.concat([bytes, Buffer.from(END)]))
      const heard = await listen(origin + path, namesIn(bytes), { last: 'the-end' })
      bodies.delete(path)
      return heard
    },
  }
}
