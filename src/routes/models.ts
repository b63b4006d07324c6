import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { Problem } from '../errors.ts'
import { requireAccess } from '../identity/access.ts'
import type { ModelFields, Models } from '../prompt/models.ts'
import type { Store } from '../store/database.ts'
import { problemResponses } from './problem-schema.ts'
import { changesIn, Name, pageOf, RowId, RowPage, shownPage } from './row.ts'

export interface ModelRoutesOptions {
  store: Store
  models: Models
}

const tags = ['prompts']
const config = { access: 'anonymous' } as const

const fields = {
  name: Name,
  provider: Type.String({ minLength: 1, maxLength: 64, description: 'the name of a configured provider' }),
  modelId: { ...Name, description: 'what the provider calls the model' },
}
const NewModel = Type.Object(fields)
const Model = Type.Object({ id: Type.Integer(), ...fields })

const FIELDS = ['name', 'provider', 'modelId'] as const

/** Models by names of our own: everybody reads and uses them, who made one changes it. */
export const modelRoutes: FastifyPluginAsyncTypebox<ModelRoutesOptions> = async (app, options) => {
  const { store, models } = options

  app.get(
    '/api/models',
    {
      config,
      schema: {
        tags,
        summary: 'Models that prompts may be written for',
        querystring: RowPage,
        response: { 200: pageOf(Model), ...problemResponses(400, 401, 403) },
      },
    },
    async ({ query: { limit, after } }) => shownPage(await models.list(limit + 1, Number(after ?? 0)), limit),
  )

  app.post(
    '/api/models',
    {
      config,
      schema: {
        tags,
        summary: 'Names a model of a provider',
        body: NewModel,
        response: { 201: Model, ...problemResponses(400, 401, 403) },
      },
    },
    async (request, reply) => {
      const model = await request.audited((record) =>
        models.create(request.identity.id, request.body, (trx, { id, ...details }) =>
          record(trx, 'model.created', { resource_type: 'model', resource_id: String(id), details }),
        ),
      )
      return reply.code(201).header('location', `/api/models/${model.id}`).send(model)
    },
  )

  app.get(
    '/api/models/:id',
    {
      config,
      schema: {
        tags,
        summary: 'One model',
        params: RowId,
        response: { 200: Model, ...problemResponses(400, 401, 403, 404) },
      },
    },
    async ({ identity, params: { id } }) => {
      await requireAccess(store, identity, { type: 'model', id }, 'shared')
      const model = await models.get(Number(id))
      if (!model) throw new Problem('NOT_FOUND', 'There is no such model')
      return model
    },
  )

  for (const [method, body, summary] of [
    ['PATCH', Type.Partial(NewModel), 'Changes a model of mine'],
    ['PUT', NewModel, 'Puts a model of mine in another’s place'],
  ] as const)
    app.route({
      method,
      url: '/api/models/:id',
      config,
      schema: {
        tags,
        summary,
        params: RowId,
        body,
        response: { 200: Model, ...problemResponses(400, 401, 403, 404) },
      },
      async handler(request) {
        const { id } = request.params as { id: string }
        await requireAccess(store, request.identity, { type: 'model', id }, 'own')
        const changes = changesIn<ModelFields>(request.body as Partial<ModelFields>, FIELDS)
        return request.audited((record) =>
          models.change(Number(id), changes, (trx) =>
            record(trx, 'model.updated', { resource_type: 'model', resource_id: id, details: changes }),
          ),
        )
      },
    })

  app.delete(
    '/api/models/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Removes a model of mine that no prompt uses',
        params: RowId,
        response: { ...problemResponses(400, 401, 403, 404, 409) },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await requireAccess(store, request.identity, { type: 'model', id }, 'own')
      await request.audited((record) =>
        models.remove(Number(id), (trx) =>
          record(trx, 'model.deleted', { resource_type: 'model', resource_id: id }),
        ),
      )
      return reply.code(204).send()
    },
  )
}
