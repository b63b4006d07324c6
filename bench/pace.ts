import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket, WebSocketServer } from 'ws'

/** Calls of `paced` that run at a time. */
const AT_A_TIME = 16

/** Calls `act` `perSecond` times a second, `count` times; a late call is made up for. */
export const paced = async (
  perSecond: number,
  count: number,
  act: (n: number) => Promise<void>,
): Promise<void> => {
  const from = performance.now()
  let next = 0
  const callInTurn = async (): Promise<void> => {
    while (next < count) {
      const n = next++
      await sleep(Math.max(0, from + (n * 1000) / perSecond - performance.now()))
      await act(n)
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, callInTurn))
}

/** A way to the service that lets what is found through at a pace. */
export interface PacedWay {
  url: string
  close(): void
}

/**
 * Stands between a browser and the service: everything passes as it is, but the events of an investigation's socket wait
 * in a queue, and its findings leave it one by one, `perSecond` of them a second.
 */
export const pacedWay = async (target: number, perSecond: number): Promise<PacedWay> => {
  const sockets = new WebSocketServer({ noServer: true })
  const server = createServer((asked, answer) => {
    const { method, url, headers } = asked
    const onward = request({ port: target, host: '127.0.0.1', method, path: url, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.rawHeaders)
      got.pipe(answer)
    })
    onward.on('error', () => answer.destroy())
    asked.pipe(onward)
  })
  server.on('upgrade', (asked, socket, head) => {
    const { host = '', origin = '', cookie = '' } = asked.headers
    const service = new WebSocket(`ws://127.0.0.1:${target}${asked.url}`, {
      headers: { host, origin, cookie },
    })
    service.on('error', () => socket.destroy())
    service.once('open', () =>
      sockets.handleUpgrade(asked, socket, head, (browser) => {
        const isPaced = asked.url?.startsWith('/api/v1/ws/investigations/') === true
        const queue: { type: string }[] = []
        let from: number | undefined
        let sent = 0
        const turn = setInterval(() => {
          from ??= queue[0] && performance.now()
          const due = from === undefined ? 0 : ((performance.now() - from) * perSecond) / 1000
          while (queue[0] && (queue[0].type !== 'anomaly' || sent < due)) {
            const event = queue.shift() as { type: string }
            if (event.type === 'anomaly') sent++
            browser.send(JSON.stringify(event))
          }
        }, 2)
        browser.on('message', (data, isBinary) => service.send(data, { binary: isBinary }))
        browser.on('close', () => service.close())
        service.on('close', () => {
          const wait = setInterval(() => {
            if (queue.length > 0 && browser.readyState === browser.OPEN) return
            clearInterval(wait)
            clearInterval(turn)
            browser.close()
          }, 20)
        })
        service.on('message', (data, isBinary) => {
          if (!isPaced) return browser.send(data, { binary: isBinary })
          const frame = JSON.parse(String(data))
          // What is said of the connection itself, its pongs too, does not wait.
          for (const one of frame.type === 'batch' ? frame.messages : [frame])
            if (one.offset === undefined) browser.send(JSON.stringify(one))
            else queue.push(one)
        })
      }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      server.close()
    },
  }
}
