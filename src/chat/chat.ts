import { agent } from '../agent/roster.ts'
import { badField, Problem } from '../errors.ts'
import { requireAccess } from '../identity/access.ts'
import type { Identity } from '../identity/identity.ts'
import type { ChatMessage } from '../llm/provider.ts'
import type { Alongside } from '../store/change.ts'
import type { Store } from '../store/database.ts'
import type { Db, Stream } from '../stream/stream.ts'
import type { Turn, TurnRequest } from '../turn/turn.ts'
import type { Turns } from '../turn/turns.ts'
import { checkBudget } from '../turn/usage.ts'
import { answer, type Means, type Question } from './answer.ts'
import type { Conversations } from './conversations.ts'

/** What somebody says in a conversation. */
export interface Saying {
  /** 1–10,000 Unicode code points, not all of them blank. */
  message: string
  /** Made, and the caller's, where nobody has it. */
  sessionId: string
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
  answering?: (means: Means, question: Question) => TurnRequest['answer']
}

export interface ChatOptions {
  store: Store
  turns: Turns
  conversations: Conversations
  /** What answers are made with for a caller. */
  meansFor(identity: Identity): Means
  /** Names of the providers that may be asked for. */
  hasProvider(name: string): boolean
  /** Tokens of a user and day; 0 sets no limit. */
  maxTokensPerDay: number
}

export const MAX_MESSAGE_CHARS = 10_000

/** @throws {Problem} `VALIDATION_FAILED` naming the field */
export const checkMessage = (message: string, field = '/message'): void => {
  if (message.trim() === '') throw badField(field, 'must not be blank')
  // Code points are at most as many as units: most messages need no counting.
  if (message.length > MAX_MESSAGE_CHARS && [...message].length > MAX_MESSAGE_CHARS)
    throw badField(field, `must have ${MAX_MESSAGE_CHARS} characters or fewer`)
}

/** What was said before; before it was said the last time, when it is said again. */
const before = (recalled: readonly ChatMessage[], { message, isAgain }: Saying): readonly ChatMessage[] => {
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
   * @throws {Problem} `NOT_FOUND` for somebody else's conversation, `BUDGET_EXCEEDED`, `TOO_MANY_STREAMS`, `DRAINING`
   */
  async say(identity: Identity, saying: Saying, alongside?: Alongside<Stream>): Promise<Turn> {
    const { store, turns, conversations, meansFor, maxTokensPerDay } = this.#options
    const { sessionId, message, kind = 'chat', answering = answer } = saying
    await checkBudget(store, identity.id, maxTokensPerDay)
    const resource = { type: 'chat', id: sessionId } as const
    const isNew = !(await conversations.get(sessionId))
    if (!isNew) await requireAccess(store, identity, resource, 'shared')
    const recalled = isNew ? [] : before(await conversations.recall(sessionId), saying)
    return turns.start({
      kind,
      owner: identity.id,
      onDisconnect: saying.onDisconnect ?? 'cancel',
      session: { id: sessionId, question: { author: identity, content: message } },
      ...(saying.about ? { about: saying.about } : {}),
      ...(saying.agentId === undefined ? {} : { agentId: saying.agentId }),
      async insert(db, stream) {
        const owner = await conversations.touch(db, sessionId, identity.id, message)
        // Somebody else may have made it in the meantime.
        if (isNew && owner !== identity.id) throw new Problem('NOT_FOUND', 'There is no such chat')
        await alongside?.(db, stream)
      },
      answer: answering(meansFor(identity), { ...saying, recalled }),
    })
  }

  /**
   * A conversation that the caller may read, making it where nobody has it.
   * @param alongside in the transaction that makes it
   * @throws {Problem} `NOT_FOUND` for somebody else's
   */
  async enter(identity: Identity, sessionId: string, alongside?: Alongside): Promise<void> {
    const { store, conversations } = this.#options
    if (await conversations.get(sessionId)) {
      await requireAccess(store, identity, { type: 'chat', id: sessionId }, 'shared')
      return
    }
    await store.db.transaction().execute(async (trx) => {
      await conversations.touch(trx, sessionId, identity.id, '')
      await requireOwner(trx, sessionId, identity)
      await alongside?.(trx)
    })
  }
}

/**
 * Somebody else may have made the conversation in the meantime.
 * @throws {Problem} `NOT_FOUND`
 */
const requireOwner = async (db: Db, sessionId: string, identity: Identity): Promise<void> => {
  const { owner } = await db
    .selectFrom('chat_sessions')
    .select('owner')
    .where('id', '=', sessionId)
    .executeTakeFirstOrThrow()
  if (owner !== identity.id) throw new Problem('NOT_FOUND', 'There is no such chat')
}
