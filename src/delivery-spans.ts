import type { Context, Span, Tracer } from '@opentelemetry/api'
import { SpanKind } from '@opentelemetry/api'
import type { Publication } from './channel/broker.ts'

/** Time without another delivery after which a span ends, in ms. */
const IDLE_MS = 1000
/** Largest number of spans that are open at once; beyond it the oldest ends. */
const MOST_OPEN = 1000

interface Delivery {
  span: Span
  publications: number
  deliveries: number
  lastMs: number
}

/**
 * Records what this instance delivers of publications that belong to a trace: one span for each channel and trace, from
 * its first delivery to its last, however many tokens and readers there are. Its parent is what asked for them, on any
 * instance.
 */
export class DeliverySpans {
  readonly #tracer: Tracer
  readonly #contextOf: (traceparent: string) => Context
  readonly #open = new Map<string, Delivery>()
  readonly #sweeping: NodeJS.Timeout

  constructor(tracer: Tracer, contextOf: (traceparent: string) => Context) {
    this.#tracer = tracer
    this.#contextOf = contextOf
    this.#sweeping = setInterval(() => this.#endIdle(Date.now() - IDLE_MS), IDLE_MS)
    this.#sweeping.unref()
  }

  /**
   * Notes that publications were handed to subscribers.
   * @param deliveries their number, one for each publication and subscriber
   */
  delivered(deliveries: number, publications: readonly Publication[]): void {
    const readers = deliveries / publications.length
    if (readers === 0) return
    for (const { trace, channel } of publications) {
      if (trace === undefined) continue
      const delivery = this.#of(trace, channel)
      delivery.publications++
      delivery.deliveries += readers
      delivery.lastMs = Date.now()
    }
  }

  #of(trace: string, channel: string): Delivery {
    const key = `${channel} ${trace}`
    const known = this.#open.get(key)
    if (known) return known
    const [oldest] = this.#open.keys()
    if (this.#open.size >= MOST_OPEN && oldest !== undefined) this.#end(oldest)
    const [kind] = channel.split(':', 1)
    const span = this.#tracer.startSpan(
      `deliver ${kind}`,
      { kind: SpanKind.CONSUMER, attributes: { 'messaging.operation.name': 'deliver' } },
      this.#contextOf(trace),
    )
    const delivery = { span, publications: 0, deliveries: 0, lastMs: 0 }
    this.#open.set(key, delivery)
    return delivery
  }

  #end(key: string): void {
    const delivery = this.#open.get(key)
    this.#open.delete(key)
    delivery?.span.setAttribute('messaging.batch.message_count', delivery.publications)
    delivery?.span.setAttribute('tributary.deliveries', delivery.deliveries)
    delivery?.span.end(delivery.lastMs)
  }

  #endIdle(before: number): void {
    for (const [key, { lastMs }] of this.#open) if (lastMs <= before) this.#end(key)
  }

  /** Ends all spans. */
  close(): void {
    clearInterval(this.#sweeping)
    this.#endIdle(Number.POSITIVE_INFINITY)
  }
}
