import { LRUCache } from 'lru-cache'
import type { AdaptedModel, ChatMessage, ChatRequest } from './provider.ts'
import { VendorFailure } from './provider-failure.ts'
import type { Reply } from './reply.ts'
import type { Ask, Upstream } from './upstream.ts'
import { withoutCalls } from './without-calls.ts'

/** One change of a request for servers and models that refuse its usual form. */
export interface Adaptation {
  /** The name under which `GET /api/v1/providers` shows it. */
  readonly name: string
  /** Matches the text of a refusal of this form. */
  readonly named: RegExp
  /** True where every model of the vendor refuses it alike. */
  readonly byVendor?: boolean
  /** Tells whether a request has the refused form. */
  concerns(request: ChatRequest, streaming: boolean): boolean
  /** Returns the request in another form; absent where the dialect writes another body by {@link Form}. */
  adapt?(request: ChatRequest): ChatRequest
}

/** The form in which a request is written. */
export interface Form {
  readonly streaming: boolean
  /** Tells whether an adaptation applies. */
  has(name: string): boolean
}

const joinTexts = (...texts: readonly string[]): string => texts.filter((text) => text !== '').join('\n\n')

/** Joins neighbouring messages of one role, and puts the system messages in front of the first user message. */
const joinRoles = (messages: readonly ChatMessage[]): ChatMessage[] => {
  const system = messages.flatMap(({ role, content }) => (role === 'system' ? [content] : []))
  const turns: ChatMessage[] = []
  for (const message of messages) {
    const last = turns.at(-1)
    if (message.role === 'system') continue
    if (last?.role === message.role && message.role !== 'tool' && !last.toolCalls?.length)
      turns[turns.length - 1] = { ...message, content: joinTexts(last.content, message.content) }
    else turns.push(message)
  }
  const [first] = turns
  const words = joinTexts(...system)
  if (words === '') return turns
  return first?.role === 'user'
    ? [{ ...first, content: joinTexts(words, first.content) }, ...turns.slice(1)]
    : [{ role: 'user', content: words }, ...turns]
}

/** Requests a whole answer in place of a stream. */
export const WHOLE: Adaptation = {
  name: 'stream',
  named: /\bstream(ing|GenerateContent)?\b/i,
  concerns: (_, streaming) => streaming,
}

/** Alternates messages of the user and of the model, without a system role. */
export const ALTERNATING: Adaptation = {
  name: 'roles',
  named:
    /alternat|consecutive|developer instruction|\broles?\b.{0,120}\bsystem\b|\bsystem\b.{0,120}\b(role|message|prompt|instruction)s?\b/is,
  concerns: ({ messages }) =>
    messages.some(
      ({ role }, at) => role === 'system' || (role !== 'tool' && role === messages[at - 1]?.role),
    ),
  adapt: (request) => ({ ...request, messages: joinRoles(request.messages) }),
}

/** Makes the adaptation that sends no tools, and the results of earlier calls as data. */
export const withoutTools = (named: RegExp): Adaptation => ({
  name: 'tools',
  named,
  concerns: ({ tools }) => (tools?.length ?? 0) > 0,
  adapt: ({ tools, toolChoice, ...request }) => ({ ...request, messages: withoutCalls(request.messages) }),
})

/** Leaves the temperature to the model. */
export const WITHOUT_TEMPERATURE: Adaptation = {
  name: 'temperature',
  named: /temperature/,
  concerns: ({ temperature }) => temperature !== undefined,
  adapt: ({ temperature, ...request }) => request,
}

/** Leaves `top_p` to the model. */
export const WITHOUT_TOP_P: Adaptation = {
  name: 'top_p',
  named: /top_?p\b/i,
  concerns: ({ topP }) => topP !== undefined,
  adapt: ({ topP, ...request }) => request,
}

/** Models whose adaptations are remembered; callers choose models, so there could be any number. */
const MAX_REMEMBERED = 1000

/** Statuses that say nothing about the form of a request. */
const OTHER_CAUSES = new Set([401, 408, 429])

/**
 * Tells whether a failure refuses the form of a request; some servers report a refusal by their template as their own
 * fault.
 */
const isRefusal = ({ status = 0, said }: VendorFailure): boolean =>
  status === 501 ||
  (status >= 400 && status < 500 && !OTHER_CAUSES.has(status)) ||
  (status === 500 && /jinja|template/i.test(said))

/** The part of a dialect that writes requests. */
interface Asked {
  readonly adaptations: readonly Adaptation[]
  askFor(request: ChatRequest, model: string, form: Form): Ask
}

export interface AdaptedUpstream {
  /**
   * Requests one answer.
   * @throws {Problem} as {@link Upstream.ask}
   */
  ask(request: ChatRequest, model: string, signal: AbortSignal): Promise<Reply>
  /** Tells whether a model is known to give whole answers only. */
  isWhole(model: string): boolean
  /** The models that get another form than the usual one. */
  readonly adapted: readonly AdaptedModel[]
}

/** Key of the adaptations that apply to every model. */
const EVERY_MODEL = ''

/**
 * Sends requests to a vendor, and again after each refusal that names a known form, with that form changed. A change
 * that helped is remembered for that model, or for the vendor.
 * @param streaming true where answers are requested as streams
 */
export const adaptTo = (upstream: Upstream, dialect: Asked, streaming: boolean): AdaptedUpstream => {
  const remembered = new LRUCache<string, ReadonlySet<Adaptation>>({ max: MAX_REMEMBERED })
  const keyOf = ({ byVendor }: Adaptation, model: string): string => (byVendor ? EVERY_MODEL : model)
  const recall = (model: string): Set<Adaptation> =>
    new Set([...(remembered.get(EVERY_MODEL) ?? []), ...(remembered.get(model) ?? [])])

  const write = (request: ChatRequest, model: string, holding: ReadonlySet<Adaptation>): Ask => {
    const names = new Set([...holding].map(({ name }) => name))
    const adapted = [...holding].reduce((asked, { adapt }) => adapt?.(asked) ?? asked, request)
    const form = { streaming: streaming && !holding.has(WHOLE), has: (name: string) => names.has(name) }
    return dialect.askFor(adapted, model, form)
  }

  return {
    async ask(request, model, signal) {
      const holding = recall(model)
      const added: Adaptation[] = []
      for (;;) {
        try {
          const reply = await upstream.ask(write(request, model, holding), signal)
          for (const one of added) {
            const key = keyOf(one, model)
            remembered.set(key, new Set([...(remembered.get(key) ?? []), one]))
          }
          return reply
        } catch (error) {
          const failure = error instanceof Error ? error.cause : undefined
          if (!(failure instanceof VendorFailure) || !isRefusal(failure)) throw error
          const refused = dialect.adaptations.find(
            (one) => !holding.has(one) && one.concerns(request, streaming) && one.named.test(failure.said),
          )
          if (refused === undefined) throw error
          holding.add(refused)
          added.push(refused)
        }
      }
    },
    isWhole: (model) => recall(model).has(WHOLE),
    get adapted() {
      return [...remembered.entries()].map(([model, adaptations]) => ({
        model: model === EVERY_MODEL ? null : model,
        adaptations: [...adaptations].map(({ name }) => name),
      }))
    },
  }
}
