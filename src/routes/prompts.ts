import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { Problem } from '../errors.ts'
import { requireAccess } from '../identity/access.ts'
import type { PromptFields, Prompts } from '../prompt/prompts.ts'
import type { Store } from '../store/database.ts'
import { problemResponses } from './problem-schema.ts'
import { changesIn, Name, pageOf, RowId, RowPage, shownPage } from './row.ts'

export interface PromptRoutesOptions {
  store: Store
  prompts: Prompts
}

const tags = ['prompts']
const config = { access: 'anonymous' } as const

const Nullable = <T extends ReturnType<typeof Type.Integer | typeof Type.Number>>(schema: T) =>
  Type.Union([schema, Type.Null()])
const told = {
  title: Name,
  content: Type.String({
    minLength: 1,
    maxLength: 100_000,
    pattern: '\\S',
    description: 'what is asked; {{name}} stands for a variable',
  }),
}
const settings = {
  modelId: Nullable(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
  temperature: Nullable(Type.Number({ minimum: 0, maximum: 2 })),
  maxTokens: Nullable(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
}
const NewPrompt = Type.Object({ ...told, ...Type.Partial(Type.Object(settings)).properties })
const Prompt = Type.Object({ id: Type.Integer(), ...told, ...settings })

const FIELDS = ['title', 'content', 'modelId', 'temperature', 'maxTokens'] as const
const UNSET = { modelId: null, temperature: null, maxTokens: null }

/** Prompts with placeholders: each belongs to the one who made it. */
export const promptRoutes: FastifyPluginAsyncTypebox<PromptRoutesOptions> = async (app, options) => {
  const { store, prompts } = options

  app.get(
    '/api/prompts',
    {
      config,
      schema: {
        tags,
        summary: 'My prompts; everybody’s for administrators',
        querystring: RowPage,
        response: { 200: pageOf(Prompt), ...problemResponses(400, 401, 403) },
      },
    },
    async ({ identity, query: { limit, after } }) => {
      const whose = identity.role === 'admin' ? null : identity.id
      return shownPage(await prompts.list(whose, limit + 1, Number(after ?? 0)), limit)
    },
  )

  app.post(
    '/api/prompts',
    {
      config,
      schema: {
        tags,
        summary: 'Keeps a prompt',
        body: NewPrompt,
        response: { 201: Prompt, ...problemResponses(400, 401, 403) },
      },
    },
    async (request, reply) => {
      const fields: PromptFields = { ...UNSET, ...request.body }
      const prompt = await request.audited((record) =>
        prompts.create(request.identity.id, fields, (trx, { id, title, modelId }) =>
          record(trx, 'prompt.created', {
            resource_type: 'prompt',
            resource_id: String(id),
            details: { title, modelId },
          }),
        ),
      )
      return reply.code(201).header('location', `/api/prompts/${prompt.id}`).send(prompt)
    },
  )

  app.get(
    '/api/prompts/:id',
    {
      config,
      schema: {
        tags,
        summary: 'One prompt of mine',
        params: RowId,
        response: { 200: Prompt, ...problemResponses(400, 401, 403, 404) },
      },
    },
    async ({ identity, params: { id } }) => {
      await requireAccess(store, identity, { type: 'prompt', id }, 'own')
      const prompt = await prompts.get(Number(id))
      if (!prompt) throw new Problem('NOT_FOUND', 'There is no such prompt')
      return prompt
    },
  )

  for (const [method, body, summary, otherwise] of [
    ['PATCH', Type.Partial(NewPrompt), 'Changes a prompt of mine', {}],
    ['PUT', NewPrompt, 'Puts a prompt of mine in another’s place', UNSET],
  ] as const)
    app.route({
      method,
      url: '/api/prompts/:id',
      config,
      schema: {
        tags,
        summary,
        params: RowId,
        body,
        response: { 200: Prompt, ...problemResponses(400, 401, 403, 404) },
      },
      async handler(request) {
        const { id } = request.params as { id: string }
        await requireAccess(store, request.identity, { type: 'prompt', id }, 'own')
        const given = { ...otherwise, ...(request.body as Partial<PromptFields>) }
        const changes = changesIn<PromptFields>(given, FIELDS)
        return request.audited((record) =>
          prompts.change(Number(id), changes, (trx) =>
            record(trx, 'prompt.updated', {
              resource_type: 'prompt',
              resource_id: id,
              details: { changed: Object.keys(changes) },
            }),
          ),
        )
      },
    })

  app.delete(
    '/api/prompts/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Removes a prompt of mine',
        params: RowId,
        response: { ...problemResponses(400, 401, 403, 404) },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      await requireAccess(store, request.identity, { type: 'prompt', id }, 'own')
      await request.audited((record) =>
        prompts.remove(Number(id), (trx) =>
          record(trx, 'prompt.deleted', { resource_type: 'prompt', resource_id: id }),
        ),
      )
      return reply.code(204).send()
    },
  )
}
