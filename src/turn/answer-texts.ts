import { setTimeout as sleep } from 'node:timers/promises'
import type { Position } from '../channel/broker.ts'
import type { Hub } from '../channel/hub.ts'
import type { Store } from '../store/database.ts'
import { endOf, type Stream } from '../stream/stream.ts'
import type { Streams } from '../stream/streams.ts'
import { beginningOf, contentAt, type PublishedText, type TurnPublisher } from './publisher.ts'

/** The signal, followed by a stream's id, that asks the instance which runs it to store its text so far. */
const KEEP_SIGNAL = 'turn '
/**
 * Milliseconds for which that instance is asked, and between two requests, before the stored text is used as it is.
 */
const KEEP_TIMEOUT_MS = 3000
const KEEP_REPEAT_MS = 50

/**
 * Reads the text of answers at any position of their channels, on whichever instance they run: from the publisher,
 * the log and the store.
 */
export class AnswerTexts {
  readonly #store: Store
  readonly #streams: Pick<Streams, 'get'>
  readonly #hub: Pick<Hub, 'history' | 'signal'>
  readonly #publisherOf: (streamId: string) => TurnPublisher | undefined

  /** @param publisherOf of a turn that runs here */
  constructor(
    store: Store,
    streams: Pick<Streams, 'get'>,
    hub: Pick<Hub, 'history' | 'signal'>,
    publisherOf: (streamId: string) => TurnPublisher | undefined,
  ) {
    this.#store = store
    this.#streams = streams
    this.#hub = hub
    this.#publisherOf = publisherOf
  }

  /**
   * Returns the stream with the position at which it began. Its row gets the position a while later, and never when
   * its instance dies before; until then it is searched for in the log.
   * @throws {Problem} `BUS_UNAVAILABLE`
   */
  async located(stream: Stream): Promise<Stream> {
    if (stream.epoch !== null) return stream
    const opening = stream.channel === `stream:${stream.id}` ? 1 : 2
    const history: Hub['history'] = (...of) => this.#hub.history(...of)
    const began = await beginningOf(history, stream.channel, stream.id, opening)
    return began ? Object.assign(stream, { epoch: began.epoch, start_offset: began.offset }) : stream
  }

  /**
   * Returns an answer up to a position of its channel. Where the log has lost events that are needed, the instance
   * that runs the turn is asked to store its text; of one that died, the text stored last is returned.
   * @throws {Problem} `BUS_UNAVAILABLE`
   */
  async at(stream: Stream, position: Position): Promise<string> {
    const until = performance.now() + KEEP_TIMEOUT_MS
    for (let now = stream; ; now = (await this.#streams.get(stream.id)) ?? now) {
      const publisher = this.#publisherOf(stream.id)
      const placed = now.state === 'running' ? await publisher?.placed().catch(() => undefined) : undefined
      const known = placed ?? (await this.#known(now))
      const content = await this.#content(now, known, position)
      if (content !== undefined) return content
      if (publisher || now.state !== 'running' || performance.now() > until) return known.content
      await this.#hub.signal(KEEP_SIGNAL + stream.id)
      await sleep(KEEP_REPEAT_MS)
    }
  }

  /** Returns the stored answer of a stream that has ended. */
  async whole({ id }: Stream): Promise<string> {
    return (await this.#kept(id))?.content ?? ''
  }

  #kept(streamId: string) {
    return this.#store.db
      .selectFrom('chat_messages')
      .select(['content', 'content_at', 'state'])
      .where('stream_id', '=', streamId)
      .where('role', '=', 'assistant')
      .executeTakeFirst()
  }

  #content(stream: Stream, known: PublishedText, position: Position): Promise<string | undefined> {
    const history: Hub['history'] = (...of) => this.#hub.history(...of)
    return contentAt(history, stream.channel, stream.id, known, position)
  }

  /** Returns an answer with its position: all of it on the instance that runs it, elsewhere the text stored last. */
  async #known(stream: Stream): Promise<PublishedText> {
    const published = this.#publisherOf(stream.id)?.published
    if (published) return published
    await this.located(stream).catch(() => undefined)
    const row = await this.#kept(stream.id)
    const content = row?.content ?? ''
    if (row !== undefined && row.state !== 'pending' && row.state !== 'streaming') {
      const end = endOf(stream)
      if (end) return { content, ...end }
      // The end is not in the log yet, and no other event is still to come.
      const { epoch, top } = await this.#hub.history(stream.channel, Number.MAX_SAFE_INTEGER, 1)
      return { content, epoch, offset: top }
    }
    const kept = /^(.*):(\d+)$/.exec(row?.content_at ?? '')
    return {
      content,
      epoch: kept?.[1] ?? stream.epoch ?? '',
      offset: kept ? Number(kept[2]) : (stream.start_offset ?? 0),
    }
  }

  /** Returns the answer of a turn whose instance died, up to its last publication. */
  async last(stream: Stream): Promise<string> {
    const { epoch, top } = await this.#hub
      .history(stream.channel, Number.MAX_SAFE_INTEGER, 1)
      .catch(() => ({ epoch: '', top: 0 }))
    const known = await this.#known(stream)
    return (await this.#content(stream, known, { epoch, offset: top })) ?? known.content
  }
}

/** Returns the id of the stream whose text another instance asks this one to store; undefined for other signals. */
export const askedToKeep = (signal: string): string | undefined =>
  signal.startsWith(KEEP_SIGNAL) ? signal.slice(KEEP_SIGNAL.length) : undefined
