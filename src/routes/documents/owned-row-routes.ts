import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type TObject, Type } from 'typebox'
import type { Identity } from '../../identity/identity.ts'
import type { OwnedRows } from '../../prompt/owned-rows.ts'
import { problemResponses } from '../problem-schema.ts'

const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })
const Page = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
  after: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$', description: 'next of the page before' })),
})

export interface RowRoutesOptions<Fields extends object, Row extends Fields & { id: number }> {
  /** Type of the rows, whose path is `/api/<type>s`. */
  type: 'model' | 'prompt'
  rows: OwnedRows<Fields, Row>
  /** Lists the rows that the caller may see, with ids above `after`, by id. */
  list(identity: Identity, limit: number, after: number): Promise<Row[]>
  /** Schema of a body that creates a row; for changes each of its fields is optional. */
  schema: TObject
  /** Schema of a row in answers, with its `id`. */
  shown: TObject
  /** Values of the fields that a whole row may omit. */
  unset: Partial<Fields>
  summaries: Record<'list' | 'create' | 'get' | 'change' | 'replace' | 'remove', string>
  /** Statuses with which a removal may be refused. */
  refusals: Parameters<typeof problemResponses>
}

/** Serves rows: list, create, read, change, replace and remove; only their owners change them. */
export const rowRoutes = <Fields extends object, Row extends Fields & { id: number }>(
  app: Parameters<FastifyPluginAsyncTypebox>[0],
  options: RowRoutesOptions<Fields, Row>,
): void => {
  const { type, rows, schema, shown, unset, summaries } = options
  const config = { access: 'anonymous' } as const
  const tags = ['prompts']
  const url = `/api/${type}s`

  app.get(
    url,
    {
      config,
      schema: {
        tags,
        summary: summaries.list,
        querystring: Page,
        response: {
          200: Type.Object({ items: Type.Array(shown), next: Type.Union([Type.String(), Type.Null()]) }),
          ...problemResponses(400, 401, 403),
        },
      },
    },
    async ({ identity, query: { limit, after } }) => {
      // One row more than a page shows whether there is another page.
      const found = await options.list(identity, limit + 1, Number(after ?? 0))
      const items = found.slice(0, limit)
      return { items: items as never, next: found.length > limit ? String(items.at(-1)?.id) : null }
    },
  )

  app.post(
    url,
    {
      config,
      schema: {
        tags,
        summary: summaries.create,
        body: schema,
        response: { 201: shown, ...problemResponses(400, 401, 403) },
      },
    },
    async (request, reply) => {
      const row = await rows.create(request.actor(), { ...unset, ...(request.body as Fields) })
      return reply
        .code(201)
        .header('location', `${url}/${row.id}`)
        .send(row as never)
    },
  )

  app.get(
    `${url}/:id`,
    {
      config,
      schema: {
        tags,
        summary: summaries.get,
        params: Id,
        response: { 200: shown, ...problemResponses(400, 401, 403, 404) },
      },
    },
    async ({ identity, params }) => (await rows.get(identity, (params as { id: string }).id)) as never,
  )

  for (const [method, body, summary, otherwise] of [
    ['PATCH', Type.Partial(schema), summaries.change, {}],
    ['PUT', schema, summaries.replace, unset],
  ] as const)
    app.route({
      method,
      url: `${url}/:id`,
      config,
      schema: {
        tags,
        summary,
        params: Id,
        body,
        response: { 200: shown, ...problemResponses(400, 401, 403, 404) },
      },
      async handler(request) {
        const { id } = request.params as { id: string }
        const given: Partial<Fields> = { ...otherwise, ...(request.body as Partial<Fields>) }
        return (await rows.change(request.actor(), id, given)) as never
      },
    })

  app.delete(
    `${url}/:id`,
    {
      config,
      schema: {
        tags,
        summary: summaries.remove,
        params: Id,
        response: problemResponses(...options.refusals),
      },
    },
    async (request, reply) => {
      await rows.remove(request.actor(), (request.params as { id: string }).id)
      return reply.code(204).send()
    },
  )
}
