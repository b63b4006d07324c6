import { Problem } from '../errors.ts'
import { requireAccess } from '../identity/access.ts'
import type { Identity } from '../identity/identity.ts'
import { say } from '../language/sentence.ts'
import type { Provider } from '../llm/provider.ts'
import type { Router } from '../llm/router.ts'
import type { Alongside } from '../store/change.ts'
import type { Store } from '../store/database.ts'
import type { Stream } from '../stream/stream.ts'
import { type LlmObserver, relay } from '../turn/relay.ts'
import type { Turn } from '../turn/turn.ts'
import type { Turns } from '../turn/turns.ts'
import { checkBudget } from '../turn/usage.ts'
import type { Model, Models } from './models.ts'
import type { Prompts } from './prompts.ts'
import { fillIn, type Variables } from './template.ts'

export interface ExecutionMeans {
  store: Store
  turns: Turns
  prompts: Prompts
  models: Models
  router: Router
  /** Answers from the data itself, for this caller. */
  localFor(identity: Identity): Provider
  observer?: LlmObserver
  /** Tokens of a user and day; 0 sets no limit. */
  maxTokensPerDay: number
}

export interface ExecutionRequest {
  promptId: number
  variables: Variables
  onDisconnect?: Stream['on_disconnect'] | undefined
}

/** What an execution's `start` tells beside its stream. */
interface About {
  promptId: number
  /** Of a model of ours; null where the routing chooses. */
  modelId: number | null
  /** Its name, or that of the provider which is asked first. */
  modelName: string
}

export interface Executed {
  turn: Turn
  about: About
}

/**
 * The model that a prompt is written for; undefined where the routing chooses.
 * @throws {Problem} `INVALID_STATE` where it, or its provider in the settings, has been taken away
 */
const modelOf = async (models: Models, router: Router, id: number | null): Promise<Model | undefined> => {
  if (id === null) return undefined
  const model = await models.get(id)
  if (!model) throw new Problem('INVALID_STATE', 'The model of this prompt has just been removed')
  const { name, provider } = model
  if (!router.has(provider))
    throw new Problem(
      'INVALID_STATE',
      `The model ${name} is asked of ${provider}, which is not configured here`,
    )
  return model
}

/**
 * Asks what a prompt says, as one message of the user. A prompt's model is asked alone; without one the routing
 * chooses, and nobody takes over after the first token.
 * @throws {Problem} `NOT_FOUND` for somebody else's prompt; `VALIDATION_FAILED` naming `/variables/<name>`;
 *   `INVALID_STATE`, `BUDGET_EXCEEDED`, `TOO_MANY_STREAMS`, `DRAINING`
 */
export const execute = async (
  { store, turns, prompts, models, router, localFor, observer = {}, maxTokensPerDay }: ExecutionMeans,
  identity: Identity,
  { promptId, variables, onDisconnect = 'cancel' }: ExecutionRequest,
  alongside?: Alongside<Stream>,
): Promise<Executed> => {
  await requireAccess(store, identity, { type: 'prompt', id: String(promptId) }, 'own')
  const prompt = await prompts.get(promptId)
  if (!prompt) throw new Problem('NOT_FOUND', say('thing.no_such', { thing: 'prompt' }))
  const { modelId, temperature, maxTokens } = prompt
  const content = fillIn(prompt.content, variables)
  const model = await modelOf(models, router, modelId)
  await checkBudget(store, identity.id, maxTokensPerDay)

  const about = { promptId, modelId, modelName: model?.name ?? router.order[0] ?? 'none' }
  const turn = await turns.start({
    kind: 'prompt',
    owner: identity.id,
    onDisconnect,
    about,
    insert: async (db, stream) => void (await alongside?.(db, stream)),
    async answer(telling) {
      const question = {
        messages: [{ role: 'user', content } as const],
        provider: model?.provider,
        model: model?.modelId,
        temperature: temperature ?? undefined,
        maxTokens: maxTokens ?? undefined,
        mayReset: false,
      }
      const extra = [localFor(identity)]
      const relayed = await relay(telling, (taking) => router.answer(question, { extra, ...taking }), {
        observer,
      })
      const { provider, model: asked, finishReason, cached } = relayed
      return { provider, model: asked, finishReason, cached }
    },
  })
  return { turn, about }
}
