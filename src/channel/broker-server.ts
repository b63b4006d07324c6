import type { Socket } from 'node:net'
import type { Broker, History, Publication } from './broker.ts'
import { callReader, frameOf, frameReader, KIND, type Verbs } from './line.ts'
import type { Append } from './publish-queue.ts'
import { writePush } from './push.ts'

/** A slice of a log as it crosses the line: the publications begin at `from` and follow each other. */
export interface SentHistory extends Omit<History, 'publications'> {
  from: number
  entries: [data: string, trace?: string][]
}

/** Outcome of one append: the position of its last text, or the code of its refusal. */
export type SentAppend = [epoch: string, offset: number, isRepeat?: true] | [refusal: string]

/** Most bytes that wait for a worker which does not read; pushes beyond it are left out, and it is told so. */
const MOST_UNSENT_BYTES = 16_777_216

/** Makes the frame of a push: the length of the channel's name in two bytes, the name, and the push itself. */
const pushFrame = (publications: readonly Publication[]): Buffer => {
  const name = Buffer.from((publications[0] as Publication).channel)
  const length = Buffer.allocUnsafe(2)
  length.writeUInt16BE(name.length)
  return frameOf(KIND.push, Buffer.concat([length, name, writePush(publications)]))
}

/** One worker, as the primary sees it. */
class WorkerLine {
  readonly channels = new Set<string>()
  readonly #socket: Socket
  #isBehind = false

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('drain', () => {
      if (this.#isBehind) this.send(frameOf(KIND.interrupted))
      this.#isBehind = false
    })
  }

  /** Sends a frame, together with the others of this turn of the event loop. */
  send(frame: Buffer): void {
    const socket = this.#socket
    if (socket.destroyed) return
    if (socket.writableCorked === 0) {
      socket.cork()
      setImmediate(() => socket.uncork())
    }
    socket.write(frame)
  }

  /** Sends what may be left out. */
  push(frame: Buffer): void {
    if (this.#socket.writableLength > MOST_UNSENT_BYTES) this.#isBehind = true
    if (!this.#isBehind) this.send(frame)
  }
}

const follows = (publication: Publication, last: Publication | undefined): boolean =>
  last !== undefined &&
  publication.channel === last.channel &&
  publication.epoch === last.epoch &&
  publication.offset === last.offset + 1 &&
  publication.trace === last.trace

/**
 * Serves a broker to the workers of this process. What is appended in one turn of the event loop is pushed together,
 * in bytes that are made once for all workers.
 */
export class BrokerServer {
  readonly #broker: Broker
  readonly #lines = new Set<WorkerLine>()
  readonly #subscribers = new Map<string, Set<WorkerLine>>()
  #pushes: Publication[][] = []

  constructor(broker: Broker) {
    this.#broker = broker
    broker.listen({
      publication: (publication) => this.#collect(publication),
      signal: (message) => {
        const frame = frameOf(KIND.signal, message)
        for (const line of this.#lines) line.push(frame)
      },
      interrupted: () => undefined,
    })
  }

  /**
   * Serves one worker until its end of the connection is closed.
   * @param more verbs beside the broker's
   */
  join(socket: Socket, more: Verbs = {}): void {
    const line = new WorkerLine(socket)
    this.#lines.add(line)
    const read = callReader({ ...this.#verbs(line), ...more }, (frame) => line.send(frame))
    socket.on(
      'data',
      frameReader((_kind, body) => read(body)),
    )
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#lines.delete(line)
      for (const channel of line.channels) this.#unsubscribe(line, channel)
    })
  }

  #verbs(line: WorkerLine): Verbs {
    const broker = this.#broker
    return {
      publish: (appends: readonly Append[]) =>
        Promise.all(
          appends.map(({ channel, texts, options }) =>
            broker.publish(channel, texts, options).then(
              ({ epoch, offset, isRepeat }): SentAppend =>
                isRepeat ? [epoch, offset, isRepeat] : [epoch, offset],
              ({ code }): SentAppend => [code],
            ),
          ),
        ),
      history: async (channel: string, after: number, limit: number): Promise<SentHistory> => {
        const { epoch, top, first, publications } = await broker.history(channel, after, limit)
        const entries = publications.map(({ data, trace }): SentHistory['entries'][number] =>
          trace === undefined ? [data] : [data, trace],
        )
        return { epoch, top, first, from: publications[0]?.offset ?? 0, entries }
      },
      subscribe: (channel: string) => this.#subscribe(line, channel),
      unsubscribe: (channel: string) => this.#unsubscribe(line, channel),
      signal: broker.signal,
      enter: broker.enter,
      leave: broker.leave,
      members: broker.members,
      remove: broker.remove,
      requireWritable: broker.requireWritable,
    }
  }

  async #subscribe(line: WorkerLine, channel: string): Promise<void> {
    line.channels.add(channel)
    const subscribers = this.#subscribers.get(channel) ?? new Set()
    this.#subscribers.set(channel, subscribers)
    subscribers.add(line)
    await this.#broker.subscribe(channel)
  }

  #unsubscribe(line: WorkerLine, channel: string): void {
    line.channels.delete(channel)
    const subscribers = this.#subscribers.get(channel)
    if (!subscribers?.delete(line) || subscribers.size > 0) return
    this.#subscribers.delete(channel)
    void this.#broker.unsubscribe(channel)
  }

  #collect(publication: Publication): void {
    if (this.#pushes.length === 0) process.nextTick(() => this.#push())
    const last = this.#pushes.at(-1)
    if (follows(publication, last?.at(-1))) last?.push(publication)
    else this.#pushes.push([publication])
  }

  #push(): void {
    const pushes = this.#pushes
    this.#pushes = []
    for (const publications of pushes) {
      const subscribers = this.#subscribers.get((publications[0] as Publication).channel)
      if (subscribers === undefined) continue
      const frame = pushFrame(publications)
      for (const line of subscribers) line.push(frame)
    }
  }
}
