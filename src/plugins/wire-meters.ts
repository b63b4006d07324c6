import { Counter, Gauge, type Registry } from 'prom-client'
import type { Unsent } from '../transport/connections.ts'
import type { WireCount } from '../transport/wire-count.ts'

/** Figures of the connections, by kind, as metrics read them. */
export interface WireSources {
  /** Frames and bytes sent since the process began. */
  readonly sent: Readonly<Record<string, WireCount>>
  /** Bytes that wait to be sent. */
  unsent(): Readonly<Record<string, Unsent>>
}

/** Adds what this process has sent to subscribers, and what waits to be sent, read at each scrape. */
export const addWireMeters = (registry: Registry, { sent, unsent }: WireSources) => {
  const registers = [registry]
  const total = (name: string, help: string, label: string, of: (count: WireCount) => object) =>
    new Counter({
      name,
      help,
      labelNames: ['type', label],
      registers,
      collect() {
        this.reset()
        for (const [type, count] of Object.entries(sent))
          for (const [value, figure] of Object.entries(of(count))) this.inc({ type, [label]: value }, figure)
      },
    })
  total(
    'subscriber_frames_total',
    'Frames of publications: made, once for all who get one, and sent, to each of them',
    'step',
    ({ framesMade, framesSent }) => ({ made: framesMade, sent: framesSent }),
  )
  total(
    'subscriber_bytes_total',
    'Bytes for subscribers before and after compression',
    'compression',
    ({ bytesBefore, bytesAfter }) => ({ before: bytesBefore, after: bytesAfter }),
  )
  const waiting = (name: string, help: string, figure: keyof Unsent) =>
    new Gauge({
      name,
      help,
      labelNames: ['type'],
      registers,
      collect() {
        for (const [type, bytes] of Object.entries(unsent())) this.set({ type }, bytes[figure])
      },
    })
  waiting('subscriber_unsent_bytes', 'Bytes in the write queues of all subscribers', 'all')
  waiting(
    'subscriber_unsent_bytes_most',
    'Bytes in the write queue of the subscriber that has the most',
    'most',
  )
}
