import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'
import { resetConnection } from '../support/reset.ts'

/** A way in which one connection goes wrong on its way from the service to its client. */
export type Fault =
  | { kind: 'none' }
  /** A reset behind so many bytes. */
  | { kind: 'reset'; afterBytes: number }
  /** A clean end behind so many bytes, in the middle of whatever comes. */
  | { kind: 'end'; afterBytes: number }
  /** Nothing more comes behind the head of a stream and so many bytes, and nobody closes: the peer is gone, or the cable is. */
  | { kind: 'stall'; afterBytes: number }
  /** Few bytes at a time. */
  | { kind: 'slow'; bytes: number }
  /** The proxy keeps bytes and hands them on together. */
  | { kind: 'buffer'; ms: number }
  /** The request is taken and its connection reset before any answer. */
  | { kind: 'refuse' }

/** A TCP proxy whose first connections go wrong, one after the other, and whose later ones are good. */
export interface FaultProxy {
  url: string
  /** Connections that are open now. */
  readonly open: number
  /** Sends what comes from now on to another service. */
  target(url: string): void
  /** Breaks every open connection with a reset. */
  cut(): void
  close(): Promise<void>
}

const STREAMS = /text\/event-stream|101 Switching/

/** Starts a proxy in front of a service on this machine. */
export const faultProxy = async (target: string, faults: readonly Fault[] = []): Promise<FaultProxy> => {
  let { hostname, port } = new URL(target)
  let nth = 0
  const sockets = new Set<Socket>()
  const pass = (far: Socket, near: Socket, fault: Fault): void => {
    let seen = 0
    let isStream = false
    let kept: Buffer[] = []
    const flush = setInterval(
      () => {
        const bytes = Buffer.concat(kept)
        kept = []
        if (near.destroyed || bytes.length === 0) return
        const part = fault.kind === 'slow' ? fault.bytes : bytes.length
        near.write(bytes.subarray(0, part))
        if (part < bytes.length) kept.unshift(bytes.subarray(part))
      },
      fault.kind === 'buffer' ? fault.ms : 2,
    )
    far.on('close', () => {
      clearInterval(flush)
      if (fault.kind === 'stall' && isStream) return
      if (kept.length > 0 && !near.destroyed) near.write(Buffer.concat(kept))
      near.end()
    })
    far.on('data', (bytes) => {
      const isHead = !isStream
      isStream ||= STREAMS.test(bytes.toString('latin1'))
      if (fault.kind === 'slow' || fault.kind === 'buffer') kept.push(bytes)
      else if (!('afterBytes' in fault) || (fault.kind === 'stall' && isHead)) near.write(bytes)
      else {
        const left = fault.afterBytes - seen
        seen += bytes.length
        if (left > 0) near.write(bytes.subarray(0, left))
        if (seen < fault.afterBytes) return
        if (fault.kind === 'end') near.end()
        else if (fault.kind === 'reset') resetConnection(near)
        if (fault.kind !== 'stall') far.destroy()
      }
    })
  }
  const server = createServer((near) => {
    const fault = faults[nth++] ?? { kind: 'none' }
    sockets.add(near)
    near.on('error', () => undefined)
    if (fault.kind === 'refuse') {
      near.once('data', () => resetConnection(near))
      near.on('close', () => sockets.delete(near))
      return
    }
    const far = connect(Number(port), hostname)
    far.on('error', () => undefined)
    near.on('data', (bytes) => far.write(bytes))
    near.on('close', () => {
      sockets.delete(near)
      far.destroy()
    })
    pass(far, near, fault)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = (): void => {
    for (const socket of sockets) resetConnection(socket)
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get open() {
      return sockets.size
    },
    target(url) {
      ;({ hostname, port } = new URL(url))
    },
    cut,
    async close() {
      server.close()
      cut()
      await once(server, 'close')
    },
  }
}
