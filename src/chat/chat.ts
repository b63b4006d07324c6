import type { RecordEvent } from '../audit/audited.ts'
import type { Hub } from '../channel/hub.ts'
import { badField, Problem } from '../errors.ts'
import type { AccessControl } from '../identity/access.ts'
import type { Actor } from '../identity/actor.ts'
import type { Identity } from '../identity/identity.ts'
import { agent } from '../intent/roster.ts'
import { say } from '../language/sentence.ts'
import { type RoomEvent, singleLine } from '../protocol/turn.ts'
import type { Alongside } from '../store/change.ts'
import type { Store } from '../store/database.ts'
import { ignoreEnded } from '../stream/cancellation.ts'
import type { Stream } from '../stream/stream.ts'
import type { Streams } from '../stream/streams.ts'
import { recordStart } from '../turn/start-event.ts'
import type { Turn, TurnRequest } from '../turn/turn.ts'
import type { Turns } from '../turn/turns.ts'
import { checkBudget } from '../turn/usage.ts'
import { type AnswerContext, answer, type Question } from './answer.ts'
import { newChannel } from './channel.ts'
import { type Conversations, type Identified, noSuchChat } from './conversations.ts'
import { inTurns } from './history.ts'
import {
  cancelFrom,
  findReplacement,
  type Replacement,
  type ReplacementRequest,
  removeEdited,
  replaceAtEnd,
  requireAuthor,
  requireFreshId,
} from './replacement.ts'

/** A message of a caller to a conversation, and how it is to be answered. */
export interface ChatMessageInput {
  /** 1–10,000 Unicode code points, not all of them blank. */
  message: string
  /** Made, and the caller's, where nobody has it. */
  sessionId: string
  /** The one conversation of that id that is meant; it is not made anew once it was removed. */
  channel?: string
  agentId?: string | undefined
  /** Asked alone: no other provider stands in for it. */
  provider?: string | undefined
  model?: string | undefined
  context?: string | undefined
  onDisconnect?: Stream['on_disconnect'] | undefined
  /** False where the interface has no word for an answer that starts over. */
  mayReset: boolean
  about?: Record<string, unknown> | undefined
  /** Id that the client gives the message, new in its conversation, and the field of the request that names it. */
  messageId?: { id: string; field: string } | undefined
  /** Messages of the conversation that the message, or its answer, replaces. */
  replacing?: ReplacementRequest | undefined
  /** Type of the action that the message orders; undefined for a message that asks for an answer only. */
  action?: string | undefined
  /** Makes the answer, when not an agent alone does. */
  answering?: (means: AnswerContext, question: Question) => TurnRequest['answer']
}

export interface ChatOptions {
  store: Store
  access: AccessControl
  hub: Pick<Hub, 'publish'>
  streams: Pick<Streams, 'cancel'>
  turns: Turns
  conversations: Conversations
  /** Gives what a caller's answers are made with. */
  answerContextFor(identity: Identity): AnswerContext
  /** Tells whether a provider of that name is configured. */
  hasProvider(name: string): boolean
  /** Tokens of a user and day; 0 sets no limit. */
  maxTokensPerDay: number
  /** Called when those whom a removal concerns could not be told of it at once. */
  onError(error: unknown): void
}

export const MAX_MESSAGE_CHARS = 10_000
/** Times that a conversation is looked for when others make or remove it meanwhile. */
const MAX_ATTEMPTS = 3

/** @throws {Problem} `VALIDATION_FAILED` naming the field */
export const checkMessage = (message: string, field = '/message'): void => {
  if (message.trim() === '') throw badField(field, say('field.blank'))
  // PostgreSQL's text has none.
  if (message.includes('\0')) throw badField(field, say('field.null_character'))
  // Code points are at most as many as units: most messages need no counting.
  if (message.length > MAX_MESSAGE_CHARS && [...message].length > MAX_MESSAGE_CHARS)
    throw badField(field, say('field.max_characters', { count: MAX_MESSAGE_CHARS }))
}

/** The store keeps no half of a surrogate pair: what is shown and answered is what is kept. */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd')

/** Takes messages of conversations; each starts a turn that answers it. */
export class Chat {
  readonly #options: ChatOptions

  constructor(options: ChatOptions) {
    this.#options = options
  }

  /**
   * Refuses an agent or a provider that does not exist.
   * @param fields names of the two in the request, for the problem
   * @throws {Problem} `VALIDATION_FAILED` naming the field
   */
  checkNames(
    names: { agentId?: string | undefined; provider?: string | undefined },
    fields: { agentId: string; provider: string } = { agentId: '/agent_id', provider: '/provider' },
  ): void {
    if (names.agentId !== undefined && !agent(names.agentId))
      throw badField(fields.agentId, say('field.no_agent'))
    if (names.provider !== undefined && !this.#options.hasProvider(names.provider))
      throw badField(fields.provider, say('field.no_provider'))
  }

  /**
   * Says something in a conversation; the answer is a turn that outlives this call.
   * @throws {Problem} `NOT_FOUND` for somebody else's conversation, `BUDGET_EXCEEDED`, `TOO_MANY_STREAMS`, `DRAINING`;
   * `VALIDATION_FAILED` for ids of messages, `FORBIDDEN` where others' messages would be replaced;
   * `CONFLICT` when the conversation is made and removed faster than anything can be said in it
   */
  async say(actor: Actor, input: ChatMessageInput): Promise<Turn> {
    const { identity, audit } = actor
    const { store, maxTokensPerDay } = this.#options
    const { action: type, sessionId: session_id } = input
    return audit.change(async (record) => {
      await checkBudget(store, identity.id, maxTokensPerDay)
      const recorded =
        type === undefined
          ? recordStart(record, 'chat.started', { session_id })
          : recordStart(record, 'action.started', { type, session_id })
      for (let attempt = 1; ; attempt++)
        try {
          return await this.#start(actor, input, { record, recorded })
        } catch (error) {
          if (!(error instanceof Overtaken) || attempt === MAX_ATTEMPTS) throw error
        }
    })
  }

  /** @throws {Overtaken} */
  async #start(
    { identity, audit, language }: Actor,
    input: ChatMessageInput,
    { record, recorded }: { record: RecordEvent; recorded: Alongside<Stream> },
  ): Promise<Turn> {
    const { turns, conversations, answerContextFor, onError } = this.#options
    const { sessionId, messageId, answering = answer } = input
    const known = await conversations.find(identity, sessionId)
    if (input.channel !== undefined && known?.channel !== input.channel) throw noSuchChat()
    const session = known ?? { id: sessionId, channel: newChannel(sessionId) }
    const replacement = await this.#findReplacement(identity, known, input)
    const question = replacement?.question
    const message = question?.content ?? wellFormed(input.message)
    const recalled = known ? inTurns(await conversations.recall(known, replacement?.askedAt)) : []
    let ending: string[] = []
    const turn = await turns.start({
      kind: input.action === undefined ? 'chat' : 'action',
      owner: identity.id,
      language,
      onDisconnect: input.onDisconnect ?? 'cancel',
      session: {
        ...session,
        question: { id: question?.id ?? messageId?.id, author: identity, content: message },
        replacesSeq: question && replacement?.from,
      },
      ...(input.about ? { about: input.about } : {}),
      ...(input.agentId === undefined ? {} : { agentId: input.agentId }),
      async insert(db, stream) {
        const isIts = known
          ? await conversations.touch(db, session, message)
          : await conversations.make(db, session, identity.id, message)
        if (!isIts) throw new Overtaken()
        if (replacement) ending = await cancelFrom(db, session, replacement)
        if (replacement && !question) await removeEdited(db, session, replacement, record)
        if (messageId && !question) await requireFreshId(db, session, messageId)
        await recorded(db, stream)
      },
      ...(replacement && question ? replaceAtEnd(session, replacement, audit, onError) : {}),
      answer: answering(answerContextFor(identity), { ...input, message, recalled }),
    })
    await this.#cancelNow(ending)
    return turn
  }

  /**
   * Finds the messages that a message replaces, which must be the caller's to take away.
   * @throws {Problem} `VALIDATION_FAILED` naming `/messageId`, `FORBIDDEN`
   */
  async #findReplacement(
    identity: Identity,
    session: Identified | undefined,
    { replacing, messageId, message }: ChatMessageInput,
  ): Promise<Replacement | undefined> {
    const { store, access } = this.#options
    if (!replacing) return undefined
    const said = { id: messageId?.id, content: wellFormed(message) }
    const replacement = await findReplacement(store.db, session, replacing, said)
    if (!session || !replacement) return undefined
    const { id, channel } = session
    if ((await access.of(identity, { type: 'chat', id, channel })) !== 'own')
      await requireAuthor(store.db, session, replacement, identity.id)
    return replacement
  }

  /** Cancels turns whose end is asked for already: this spares their holders the time until they look. */
  async #cancelNow(streamIds: readonly string[]): Promise<void> {
    const { streams, onError } = this.#options
    for (const id of streamIds) await streams.cancel(id).catch(ignoreEnded).catch(onError)
  }

  /**
   * Enters a conversation that the caller may read, and makes it where nobody has it.
   * @throws {Problem} `NOT_FOUND` for somebody else's
   */
  async enter({ identity, audit }: Actor, sessionId: string): Promise<Identified> {
    const { store, conversations } = this.#options
    const known = await conversations.find(identity, sessionId)
    if (known) return known
    const session = { id: sessionId, channel: newChannel(sessionId) }
    const isMade = await audit.change((record) =>
      store.db.transaction().execute(async (trx) => {
        const made = await conversations.make(trx, session, identity.id, '')
        if (made) await record(trx, 'chat.created', { resource_type: 'chat', resource_id: sessionId })
        return made
      }),
    )
    // Somebody else may have made it in the meantime.
    return isMade ? session : conversations.require(identity, sessionId)
  }

  /**
   * Removes a conversation of the caller's with all its messages, cancels the turns that run in it, and ends its
   * viewers' subscriptions.
   * @throws {Problem} `NOT_FOUND`, `FORBIDDEN`
   */
  async remove({ identity, audit }: Actor, sessionId: string): Promise<void> {
    const { access, hub, conversations, onError } = this.#options
    const session = await conversations.require(identity, sessionId)
    const { channel } = session
    await access.require(identity, { type: 'chat', id: sessionId, channel }, 'own')
    const ending = await audit.change((record) =>
      conversations.remove(session, (trx) =>
        record(trx, 'chat.deleted', { resource_type: 'chat', resource_id: sessionId }),
      ),
    )
    await this.#cancelNow(ending)
    const last: RoomEvent = { type: 'conversation_removed', session_id: sessionId }
    await hub.publish(channel, [singleLine(last)]).catch(onError)
  }
}

/** The conversation was made, or removed, by somebody else since it was looked for. */
class Overtaken extends Problem {
  constructor() {
    super('CONFLICT', 'The conversation has just been made or removed')
  }
}
