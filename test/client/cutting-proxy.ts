import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'
import { resetConnection } from '../support/reset.ts'

/** A TCP proxy whose connections can be broken, and which can be out of reach. */
export interface CuttingProxy {
  url: string
  /** Connections that were opened. */
  readonly opened: number
  /** Breaks every open connection with a reset. */
  cut(): void
  /** Refuses connections until it is told otherwise. */
  block(isBlocked: boolean): void
  close(): Promise<void>
}

/** Starts a proxy in front of a service on this machine. */
export const cuttingProxy = async (target: string): Promise<CuttingProxy> => {
  const { hostname, port } = new URL(target)
  const open = new Set<Socket>()
  let opened = 0
  let isBlocked = false
  const server = createServer((near) => {
    if (isBlocked) {
      near.destroy()
      return
    }
    opened++
    const far = connect(Number(port), hostname)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one)
      one.on('error', () => undefined)
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = (): void => {
    for (const socket of open) resetConnection(socket)
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get opened() {
      return opened
    },
    cut,
    block(blocked) {
      isBlocked = blocked
      if (blocked) cut()
    },
    async close() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
