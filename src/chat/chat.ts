import { badField, Problem } from '../errors.ts'
import type { Identity } from '../identity/identity.ts'
import { agent } from '../intent/roster.ts'
import { say } from '../language/sentence.ts'
import type { ChatMessage } from '../llm/provider.ts'
import type { Alongside } from '../store/change.ts'
import type { Store } from '../store/database.ts'
import type { Stream } from '../stream/stream.ts'
import type { Turn, TurnRequest } from '../turn/turn.ts'
import type { Turns } from '../turn/turns.ts'
import { checkBudget } from '../turn/usage.ts'
import { type AnswerContext, answer, type Question } from './answer.ts'
import { newChannel } from './channel.ts'
import { type Conversations, type Identified, noSuchChat } from './conversations.ts'
import { inTurns } from './history.ts'

/** What somebody says in a conversation. */
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
  /** Another answer to what was said before is wanted: what followed it then is not recalled. */
  isAgain?: boolean
  /** `chat` unless it is said to have something done. */
  kind?: 'chat' | 'action'
  /** How it is answered, when not by asking an agent and nothing more. */
  answering?: (means: AnswerContext, question: Question) => TurnRequest['answer']
}

export interface ChatOptions {
  store: Store
  turns: Turns
  conversations: Conversations
  /** What answers are made with for a caller. */
  answerContextFor(identity: Identity): AnswerContext
  /** Names of the providers that may be asked for. */
  hasProvider(name: string): boolean
  /** Tokens of a user and day; 0 sets no limit. */
  maxTokensPerDay: number
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

/** What was said before; before it was said the last time, when it is said again. */
const before = (
  recalled: readonly ChatMessage[],
  { message, isAgain }: ChatMessageInput,
): readonly ChatMessage[] => {
  const at = isAgain
    ? recalled.findLastIndex(({ role, content }) => role === 'user' && content === message)
    : -1
  return at < 0 ? recalled : recalled.slice(0, at)
}

/** Conversations: each thing said starts a turn that answers it. */
export class Chat {
  readonly #options: ChatOptions

  constructor(options: ChatOptions) {
    this.#options = options
  }

  /**
   * Refuses an agent or a provider that there is not.
   * @param prefix of the fields' names: `/` in a body, `?` in a query
   * @throws {Problem} `VALIDATION_FAILED` naming the field
   */
  checkNames(
    names: { agentId?: string | undefined; provider?: string | undefined },
    fields: { agentId: string; provider: string } = { agentId: '/agent_id', provider: '/provider' },
  ): void {
    if (names.agentId !== undefined && !agent(names.agentId)) throw badField(fields.agentId, 'is no agent')
    if (names.provider !== undefined && !this.#options.hasProvider(names.provider))
      throw badField(fields.provider, 'is no configured provider')
  }

  /**
   * Says something in a conversation; the answer is a turn that outlives this call.
   * @throws {Problem} `NOT_FOUND` for somebody else's conversation, `BUDGET_EXCEEDED`, `TOO_MANY_STREAMS`, `DRAINING`;
   * `CONFLICT` when the conversation is made and removed faster than anything can be said in it
   */
  async say(identity: Identity, saying: ChatMessageInput, alongside?: Alongside<Stream>): Promise<Turn> {
    const { store, maxTokensPerDay } = this.#options
    await checkBudget(store, identity.id, maxTokensPerDay)
    for (let attempt = 1; ; attempt++)
      try {
        return await this.#start(identity, saying, alongside)
      } catch (error) {
        if (!(error instanceof Overtaken) || attempt === MAX_ATTEMPTS) throw error
      }
  }

  /** @throws {Overtaken} */
  async #start(identity: Identity, saying: ChatMessageInput, alongside?: Alongside<Stream>): Promise<Turn> {
    const { turns, conversations, answerContextFor: meansFor } = this.#options
    const { sessionId, kind = 'chat', answering = answer } = saying
    const message = wellFormed(saying.message)
    const known = await conversations.find(identity, sessionId)
    if (saying.channel !== undefined && known?.channel !== saying.channel) throw noSuchChat()
    const session = known ?? { id: sessionId, channel: newChannel(sessionId) }
    const recalled = known ? inTurns(before(await conversations.recall(known), { ...saying, message })) : []
    return turns.start({
      kind,
      owner: identity.id,
      onDisconnect: saying.onDisconnect ?? 'cancel',
      session: { ...session, question: { author: identity, content: message } },
      ...(saying.about ? { about: saying.about } : {}),
      ...(saying.agentId === undefined ? {} : { agentId: saying.agentId }),
      async insert(db, stream) {
        const isIts = known
          ? await conversations.touch(db, session, message)
          : await conversations.make(db, session, identity.id, message)
        if (!isIts) throw new Overtaken()
        await alongside?.(db, stream)
      },
      answer: answering(meansFor(identity), { ...saying, message, recalled }),
    })
  }

  /**
   * A conversation that the caller may read, making it where nobody has it.
   * @param alongside in the transaction that makes it
   * @throws {Problem} `NOT_FOUND` for somebody else's
   */
  async enter(identity: Identity, sessionId: string, alongside?: Alongside): Promise<Identified> {
    const { store, conversations } = this.#options
    const known = await conversations.find(identity, sessionId)
    if (known) return known
    const session = { id: sessionId, channel: newChannel(sessionId) }
    const isMade = await store.db.transaction().execute(async (trx) => {
      const made = await conversations.make(trx, session, identity.id, '')
      if (made) await alongside?.(trx)
      return made
    })
    // Somebody else may have made it in the meantime.
    return isMade ? session : conversations.require(identity, sessionId)
  }
}

/** The conversation was made, or removed, by somebody else since it was looked for. */
class Overtaken extends Problem {
  constructor() {
    super('CONFLICT', 'The conversation has just been made or removed')
  }
}
