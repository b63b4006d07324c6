import { noSuch, Problem } from '../errors.ts'
import type { AccessControl } from '../identity/access.ts'
import type { Actor } from '../identity/actor.ts'
import type { Identity } from '../identity/identity.ts'
import type { Language } from '../language/language.ts'
import { say } from '../language/sentence.ts'
import type { Router } from '../llm/router.ts'
import type { Store } from '../store/database.ts'
import type { Stream } from '../stream/stream.ts'
import { askProvider, type Providers } from '../turn/completion.ts'
import { recordStart } from '../turn/start-event.ts'
import type { Turn } from '../turn/turn.ts'
import type { Turns } from '../turn/turns.ts'
import { checkBudget } from '../turn/usage.ts'
import type { Model, Models } from './models.ts'
import type { Prompts } from './prompts.ts'
import { fillIn, type Variables } from './template.ts'

export interface ExecutionOptions {
  store: Store
  access: AccessControl
  turns: Turns
  prompts: Prompts
  models: Models
  /** Returns the providers that answer a caller. */
  providersFor(identity: Identity, language: Language): Providers
  /** Tokens that a user may use in a day; 0 sets no limit. */
  maxTokensPerDay: number
}

export interface ExecutionRequest {
  promptId: number
  variables: Variables
  onDisconnect?: Stream['on_disconnect'] | undefined
  /** Whether another provider may begin the answer anew after its first token. */
  mayReset: boolean
}

/** The fields of an execution's `start` event beside those of every turn. */
interface About {
  promptId: number
  /** The id of the prompt's model; null where the router chooses. */
  modelId: number | null
  /** The name of that model, or of the provider that is asked first. */
  modelName: string
}

export interface Executed {
  turn: Turn
  about: About
}

/**
 * Executes a prompt of the caller's, sent as one message of the user. A prompt's model is asked alone; without one
 * the router chooses.
 * @throws {Problem} `NOT_FOUND` for another user's prompt; `VALIDATION_FAILED` naming `/variables/<name>`;
 *   `INVALID_STATE`, `BUDGET_EXCEEDED`, `TOO_MANY_STREAMS`, `DRAINING`
 */
export type ExecutePrompt = (actor: Actor, request: ExecutionRequest) => Promise<Executed>

/**
 * Returns the model of a prompt; undefined where the router chooses.
 * @throws {Problem} `INVALID_STATE` where the model was removed, or its provider is not configured
 */
const modelOf = async (models: Models, router: Router, id: number | null): Promise<Model | undefined> => {
  if (id === null) return undefined
  const model = await models.get(id)
  if (!model) throw new Problem('INVALID_STATE', say('prompt.model_gone'))
  const { name, provider } = model
  if (!router.has(provider))
    throw new Problem('INVALID_STATE', say('prompt.provider_missing', { name, provider }))
  return model
}

/** Makes the use case that executes prompts. */
export const promptExecution =
  ({
    store,
    access,
    turns,
    prompts,
    models,
    providersFor,
    maxTokensPerDay,
  }: ExecutionOptions): ExecutePrompt =>
  async ({ identity, audit, language }, { promptId, variables, onDisconnect = 'cancel', mayReset }) => {
    await access.require(identity, { type: 'prompt', id: String(promptId) }, 'own')
    const prompt = await prompts.get(promptId)
    if (!prompt) throw noSuch('prompt')
    const { modelId, temperature, maxTokens } = prompt
    const content = fillIn(prompt.content, variables)
    const providers = providersFor(identity, language)
    const model = await modelOf(models, providers.router, modelId)
    await checkBudget(store, identity.id, maxTokensPerDay)

    const about = { promptId, modelId, modelName: model?.name ?? providers.router.order[0] ?? 'none' }
    const turn = await audit.change(
      (record) =>
        turns.start({
          kind: 'prompt',
          owner: identity.id,
          language,
          onDisconnect,
          about,
          insert: recordStart(record, 'prompt.started', { prompt_id: promptId }),
          answer: askProvider(providers, {
            messages: [{ role: 'user', content }],
            provider: model?.provider,
            model: model?.modelId,
            temperature: temperature ?? undefined,
            maxTokens: maxTokens ?? undefined,
            mayReset,
          }),
        }),
      false,
    )
    return { turn, about }
  }
