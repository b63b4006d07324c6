import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { Problem } from '../../errors.ts'
import { say } from '../../language/sentence.ts'
import type { Router } from '../../llm/router.ts'
import { modelList } from '../../vocabulary/openai.ts'

export interface ModelRoutesOptions {
  router: Router
}

/** Name of the model that selects the routed agents. */
const ROUTED = 'tributary'
/** Name of the model in requests without one; other instances of this service send it too. */
const UNNAMED = 'default'

const tags = ['openai']

/**
 * Returns the provider, and its model, for a model's name; no provider for the routed agents.
 * @throws {Problem} `NOT_FOUND`
 */
export const modelTarget = (router: Router, name: string): { provider?: string; model?: string } => {
  if (name === ROUTED || name === UNNAMED) return {}
  const slash = name.indexOf('/')
  const [provider, model] = slash < 0 ? [name] : [name.slice(0, slash), name.slice(slash + 1)]
  const found = router.states().find((state) => state.name === provider)
  if (!found || model === '' || (model !== undefined && found.model === null))
    throw new Problem('NOT_FOUND', say('chat.no_model_of', { name }), {
      errors: [{ field: '/model', reason: say('field.no_model') }],
    })
  return { provider: found.name, ...(model === undefined ? {} : { model }) }
}

/** Serves `/models`: the models that a completion may name. */
export const modelRoutes: FastifyPluginAsyncTypebox<ModelRoutesOptions> = async (app, { router }) => {
  const startedAt = Math.floor(Date.now() / 1000)
  const models = () => [
    { id: ROUTED, ownedBy: ROUTED },
    ...router
      .states()
      .flatMap(({ name, model }) => [
        { id: name, ownedBy: name },
        ...(model === null ? [] : [{ id: `${name}/${model}`, ownedBy: name }]),
      ]),
  ]

  app.get(
    '/models',
    { config: { access: 'anonymous' }, schema: { tags, summary: 'What may be asked' } },
    async () => modelList(models(), startedAt),
  )

  app.get(
    '/models/*',
    {
      config: { access: 'anonymous' },
      schema: {
        tags,
        summary: 'One of them; a provider takes any name of a model behind its own',
        params: Type.Object({ '*': Type.String({ minLength: 1 }) }),
      },
    },
    async ({ params: { '*': id } }) => {
      const { provider = ROUTED } = modelTarget(router, id)
      return modelList([{ id, ownedBy: provider }], startedAt).data[0]
    },
  )
}
