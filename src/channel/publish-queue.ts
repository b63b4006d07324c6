import type { Published, PublishOptions } from './broker.ts'
import { atTurnEnd } from './turn-end.ts'

/** Texts that a call to the bus appends to one channel. */
export interface Append {
  readonly channel: string
  readonly texts: readonly string[]
  readonly options: PublishOptions
}

/** Position of an append's last text, or the reason why it was refused. */
export type Appended = Published | Error

/** One publish, whose texts are the append's up to a number of them. */
interface Part {
  end: number
  resolve(position: Published): void
  reject(error: unknown): void
}

interface Waiting extends Append {
  readonly texts: string[]
  readonly parts: Part[]
  /** UTF-16 code units of the texts. */
  units: number
}

/** Most appends of one call, and most UTF-16 code units of their texts: the bus serves nobody else meanwhile. */
const MOST_APPENDS = 256
const MOST_UNITS = 1_048_576

const unitsOf = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + text.length, 0)

/** Tells whether an append depends on nothing but its texts. */
const isPlain = ({ idempotencyKey, fence }: PublishOptions): boolean =>
  idempotencyKey === undefined && fence === undefined

/** Tells whether the texts of two appends may go as one. */
const isAlike = (one: PublishOptions, other: PublishOptions): boolean =>
  isPlain(one) && isPlain(other) && one.trace === other.trace

/** Splits appends into calls, in their order. */
const callsOf = (appends: readonly Waiting[], isPerChannel: boolean): Waiting[][] => {
  const calls: Waiting[][] = []
  let units = 0
  for (const append of appends) {
    const call = calls.at(-1)
    units += append.units
    const fits = call !== undefined && call.length < MOST_APPENDS && units <= MOST_UNITS
    if (call !== undefined && fits && (!isPerChannel || call[0]?.channel === append.channel))
      call.push(append)
    else {
      calls.push([append])
      units = append.units
    }
  }
  return calls
}

/**
 * Joins what is published in one turn of the event loop into few calls to the bus. What is published to one channel
 * keeps its order, and becomes one append where nothing speaks against it.
 */
export class PublishQueue {
  readonly #call: (appends: readonly Append[]) => Promise<readonly Appended[]>
  readonly #isPerChannel: boolean
  #waiting: Waiting[] = []
  /** The last append of each channel. */
  readonly #last = new Map<string, Waiting>()

  /**
   * @param call makes appends in their order, each by itself; rejects where it is not known which were made
   * @param isPerChannel true where one call serves one channel
   */
  constructor(call: (appends: readonly Append[]) => Promise<readonly Appended[]>, isPerChannel: boolean) {
    this.#call = call
    this.#isPerChannel = isPerChannel
  }

  /** Publishes as {@link Broker.publish} does, at the end of this event-loop turn. */
  publish(channel: string, texts: readonly string[], options: PublishOptions): Promise<Published> {
    return new Promise((resolve, reject) => {
      const append = this.#appendFor(channel, unitsOf(texts), options)
      for (const text of texts) append.texts.push(text)
      append.parts.push({ end: append.texts.length, resolve, reject })
    })
  }

  /** Returns the append that takes texts of so many code units: the channel's last one, or a new one. */
  #appendFor(channel: string, units: number, options: PublishOptions): Waiting {
    const last = this.#last.get(channel)
    if (last && isAlike(options, last.options) && last.units + units <= MOST_UNITS) {
      last.units += units
      return last
    }
    const append: Waiting = { channel, texts: [], options, parts: [], units }
    if (this.#waiting.length === 0) atTurnEnd('bus', this.#flush)
    this.#waiting.push(append)
    this.#last.set(channel, append)
    return append
  }

  readonly #flush = (): void => {
    const appends = this.#waiting
    this.#waiting = []
    this.#last.clear()
    for (const call of callsOf(appends, this.#isPerChannel)) void this.#make(call)
  }

  async #make(appends: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#call(appends)
      for (const [at, { texts, parts }] of appends.entries()) {
        const outcome = outcomes[at] as Appended
        for (const { end, resolve, reject } of parts) {
          if (outcome instanceof Error) reject(outcome)
          else resolve({ ...outcome, offset: outcome.offset - (texts.length - end) })
        }
      }
    } catch (error) {
      for (const { parts } of appends) for (const { reject } of parts) reject(error)
    }
  }
}
