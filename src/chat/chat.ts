import type { RecordEvent } from '../audit/audited.ts'
import type { Hub } from '../channel/hub.ts'
import { badField, noSuch, Problem } from '../errors.ts'
import type { AccessControl } from '../identity/access.ts'
import type { Actor } from '../identity/actor.ts'
import type { Identity } from '../identity/identity.ts'
import { agent } from '../intent/roster.ts'
import type { Language } from '../language/language.ts'
import { say } from '../language/sentence.ts'
import { singleLine } from '../protocol/event-text.ts'
import type { RoomEvent } from '../protocol/turn-event.ts'
import type { Alongside } from '../store/change.ts'
import type { Store } from '../store/database.ts'
import { ignoreEnded } from '../stream/cancellation.ts'
import type { Stream } from '../stream/stream.ts'
import type { Streams } from '../stream/streams.ts'
import { recordStart } from '../turn/start-event.ts'
import type { Turn, TurnRequest } from '../turn/turn.ts'
import type { Turns } from '../turn/turns.ts'
import { checkBudget } from '../turn/usage.ts'
import { type AnswerContext, answer, type Question } from './agent-answer.ts'
import { newChannel } from './conversation-channel.ts'
import type { Conversations, Identified } from './conversations.ts'
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

/** A caller's message to a conversation, with the settings of its answer. */
export interface ChatMessageInput {
  /** 1–10,000 Unicode code points, not all of them blank. */
  message: string
  /** Id of the conversation, which is created where it does not exist. */
  sessionId: string
  /** Channel of the conversation, where exactly that one is meant: once removed it is not created anew. */
  channel?: string
  agentId?: string | undefined
  /** The only provider to ask; no other one is asked in its place. */
  provider?: string | undefined
  model?: string | undefined
  context?: string | undefined
  onDisconnect?: Stream['on_disconnect'] | undefined
  /** false where the interface has no event for an answer that starts over. */
  mayReset: boolean
  about?: Record<string, unknown> | undefined
  /** Id that the client gives the message, new in its conversation, and the field of the request that names it. */
  messageId?: { id: string; field: string } | undefined
  /** Messages of the conversation that the message, or its answer, replaces. */
  replacing?: ReplacementRequest | undefined
  /** Type of the ordered action; undefined for a message that asks for an answer only. */
  action?: string | undefined
  /** Makes the answer, where an agent alone does not. */
  answering?: (context: AnswerContext, question: Question) => TurnRequest['answer']
}

export interface ChatOptions {
  store: Store
  access: AccessControl
  hub: Pick<Hub, 'publish'>
  streams: Pick<Streams, 'cancel'>
  turns: Turns
  conversations: Conversations
  /** Returns the context of a caller's answers. */
  answerContextFor(identity: Identity, language: Language): AnswerContext
  /** Tells whether a provider is configured. */
  hasProvider(name: string): boolean
  /** Tokens that a user may use in a day; 0 sets no limit. */
  maxTokensPerDay: number
  /** Called when the readers of a removed conversation could not be notified at once. */
  onError(error: unknown): void
}

export const MAX_MESSAGE_CHARS = 10_000
/** Attempts to find or create a conversation while other callers create and remove it. */
const MAX_ATTEMPTS = 3

/**
 * Checks the length of a message, and that it is not blank. @throws {Problem} `VALIDATION_FAILED` naming the field
 */
export const checkMessage = (message: string, field = '/message'): void => {
  if (message.trim() === '') throw badField(field, say('field.blank'))
  // PostgreSQL cannot store this character.
  if (message.includes('\0')) throw badField(field, say('field.null_character'))
  // A text has at most as many code points as UTF-16 units: most messages need no counting.
  if (message.length > MAX_MESSAGE_CHARS && [...message].length > MAX_MESSAGE_CHARS)
    throw badField(field, say('field.max_characters', { count: MAX_MESSAGE_CHARS }))
}

/**
 * Replaces halves of surrogate pairs, which the store cannot keep, so that readers, models and the store get the
 * same.
 */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd')

/** Takes messages to conversations; each starts a turn that answers it. */
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
   * Adds a message to a conversation and starts the turn that answers it, which outlives this call.
   * @throws {Problem} `NOT_FOUND` for another user's conversation, `BUDGET_EXCEEDED`, `TOO_MANY_STREAMS`,
   *   `DRAINING`; `VALIDATION_FAILED` for ids of messages, `FORBIDDEN` where messages of others would be replaced;
   *   `CONFLICT` when others create and remove the conversation at the same time
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
    }, false)
  }

  /** Starts the turn. @throws {Overtaken} when the conversation was created or removed meanwhile */
  async #start(
    { identity, audit, language }: Actor,
    input: ChatMessageInput,
    { record, recorded }: { record: RecordEvent; recorded: Alongside<Stream> },
  ): Promise<Turn> {
    const { turns, conversations, answerContextFor, onError } = this.#options
    const { sessionId, messageId, answering = answer } = input
    const known = await conversations.find(identity, sessionId)
    if (input.channel !== undefined && known?.channel !== input.channel) throw noSuch('chat')
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
      answer: answering(answerContextFor(identity, language), { ...input, message, recalled }),
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
    const received = { id: messageId?.id, content: wellFormed(message) }
    const replacement = await findReplacement(store.db, session, replacing, received)
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
   * Returns a conversation that the caller may read, and creates it where it does not exist.
   * @throws {Problem} `NOT_FOUND` for another user's
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
    // Another call may have created it meanwhile.
    return isMade ? session : conversations.require(identity, sessionId)
  }

  /**
   * Removes a conversation of the caller's with all its messages, cancels the turns that run in it, and ends its
   * readers' subscriptions.
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

/** Thrown when another call has created or removed the conversation meanwhile. */
class Overtaken extends Problem {
  constructor() {
    super('CONFLICT', 'The conversation has just been made or removed')
  }
}
