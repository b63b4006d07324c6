import { setTimeout as sleep } from 'node:timers/promises'
import type { Position } from '../channel/broker.ts'
import type { Hub } from '../channel/hub.ts'
import type { Store } from '../store/database.ts'
import { endOf, type Stream } from '../stream/stream.ts'
import type { Streams } from '../stream/streams.ts'
import { beginningOf, contentAt, type PublishedText, type TurnPublisher } from './publisher.ts'

/** Asks the instance that runs a turn to keep what it has told. */
const WORD = 'turn '
/** How long it is asked, and how often, before what it kept last has to do. */
const ASKED_MS = 3000
const ASK_AGAIN_MS = 50

/** The text of answers at any place of their channels, whoever runs them: from the teller, the log and the store. */
export class AnswerTexts {
  readonly #store: Store
  readonly #streams: Pick<Streams, 'get'>
  readonly #hub: Pick<Hub, 'history' | 'signal'>
  readonly #tellerOf: (streamId: string) => TurnPublisher | undefined

  /** @param tellerOf of a turn that runs here */
  constructor(
    store: Store,
    streams: Pick<Streams, 'get'>,
    hub: Pick<Hub, 'history' | 'signal'>,
    tellerOf: (streamId: string) => TurnPublisher | undefined,
  ) {
    this.#store = store
    this.#streams = streams
    this.#hub = hub
    this.#tellerOf = tellerOf
  }

  /**
   * The stream, knowing where it began: its row is told that a while later, and never when its instance dies before,
   * so until then it is looked for in the log.
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
   * An answer so far, up to a position of its channel. Where the log has lost what would prove it, whoever runs the
   * turn is asked; of an instance that died, what it kept last has to do.
   * @throws {Problem} `BUS_UNAVAILABLE`
   */
  async at(stream: Stream, position: Position): Promise<string> {
    const until = performance.now() + ASKED_MS
    for (let now = stream; ; now = (await this.#streams.get(stream.id)) ?? now) {
      const teller = this.#tellerOf(stream.id)
      const placed = now.state === 'running' ? await teller?.placed().catch(() => undefined) : undefined
      const known = placed ?? (await this.#known(now))
      const content = await this.#content(now, known, position)
      if (content !== undefined) return content
      if (teller || now.state !== 'running' || performance.now() > until) return known.content
      await this.#hub.signal(WORD + stream.id)
      await sleep(ASK_AGAIN_MS)
    }
  }

  /** The answer of a stream that has ended, as it is kept. */
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

  /** What is known of an answer: all of it here, on other instances what they kept last. */
  async #known(stream: Stream): Promise<PublishedText> {
    const told = this.#tellerOf(stream.id)?.told
    if (told) return told
    await this.located(stream).catch(() => undefined)
    const row = await this.#kept(stream.id)
    const content = row?.content ?? ''
    if (row !== undefined && row.state !== 'pending' && row.state !== 'streaming') {
      const end = endOf(stream)
      if (end) return { content, ...end }
      // The end is not in the log yet, and nothing but the end is still to come.
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

  /** The answer of a turn whose instance died, as far as it came. */
  async last(stream: Stream): Promise<string> {
    const { epoch, top } = await this.#hub
      .history(stream.channel, Number.MAX_SAFE_INTEGER, 1)
      .catch(() => ({ epoch: '', top: 0 }))
    const known = await this.#known(stream)
    return (await this.#content(stream, known, { epoch, offset: top })) ?? known.content
  }
}

/** The turn whose text another instance asks this one to keep; undefined for other signals. */
export const askedToKeep = (signal: string): string | undefined =>
  signal.startsWith(WORD) ? signal.slice(WORD.length) : undefined
