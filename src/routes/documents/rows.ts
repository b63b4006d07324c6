import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type TObject, Type } from 'typebox'
import type { AuditEventType } from '../../audit/events.ts'
import { badField, Problem } from '../../errors.ts'
import { requireAccess } from '../../identity/access.ts'
import type { Identity } from '../../identity/identity.ts'
import type { Alongside } from '../../store/change.ts'
import type { Store } from '../../store/database.ts'
import { problemResponses } from '../problem-schema.ts'

const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })
const Page = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
  after: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$', description: 'next of the page before' })),
})

/** Rows that count up, each of somebody. */
export interface Rows<Fields extends object, Row extends Fields & { id: number }> {
  get(id: number): Promise<Row | undefined>
  create(owner: string, fields: Fields, alongside: Alongside<Row>): Promise<Row>
  change(id: number, fields: Partial<Fields>, alongside: Alongside<Row>): Promise<Row>
  remove(id: number, alongside: Alongside): Promise<void>
}

export interface RowRoutesOptions<Fields extends object, Row extends Fields & { id: number }> {
  store: Store
  /** They are at `/api/<type>s`. */
  type: 'model' | 'prompt'
  rows: Rows<Fields, Row>
  /** Those that the caller is shown, behind `after`, by id. */
  list(identity: Identity, limit: number, after: number): Promise<Row[]>
  /** Whether everybody may read one, or its owner alone. */
  readableWith: 'shared' | 'own'
  /** Of a body that makes one; one that changes one may leave out each of its fields. */
  schema: TObject
  /** Of a row as it is shown, its `id` included. */
  shown: TObject
  /** Values of the fields that a whole row may leave out. */
  unset: Partial<Fields>
  summaries: Record<'list' | 'create' | 'get' | 'change' | 'replace' | 'remove', string>
  /** What may be said to a removal. */
  refusals: Parameters<typeof problemResponses>
  /** Written to the audit log. */
  events: Record<'created' | 'updated' | 'deleted', AuditEventType>
  /** Details of those events. */
  told: {
    created(row: Row): Record<string, unknown>
    updated(changes: Partial<Fields>): Record<string, unknown>
  }
}

/** List, make, read, change, replace and remove; what is changed is its owner's. */
export const rowRoutes = <Fields extends object, Row extends Fields & { id: number }>(
  app: Parameters<FastifyPluginAsyncTypebox>[0],
  options: RowRoutesOptions<Fields, Row>,
): void => {
  const { store, type, rows, schema, shown, unset, summaries, events, told } = options
  const config = { access: 'anonymous' } as const
  const tags = ['prompts']
  const url = `/api/${type}s`
  const names = Object.keys(schema.properties) as (keyof Fields)[]

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
      // One more than a page has, to know whether there is another.
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
      const row = await request.audited((record) =>
        rows.create(request.identity.id, { ...unset, ...(request.body as Fields) }, (trx, made) =>
          record(trx, events.created, {
            resource_type: type,
            resource_id: String(made.id),
            details: told.created(made),
          }),
        ),
      )
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
    async ({ identity, params }) => {
      const { id } = params as { id: string }
      await requireAccess(store, identity, { type, id }, options.readableWith)
      const row = await rows.get(Number(id))
      if (!row) throw new Problem('NOT_FOUND', `There is no such ${type}`)
      return row as never
    },
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
        await requireAccess(store, request.identity, { type, id }, 'own')
        const given: Partial<Fields> = { ...otherwise, ...(request.body as Partial<Fields>) }
        const named = names.filter((name) => given[name] !== undefined)
        if (named.length === 0) throw badField('/', `must name one of ${names.join(', ')}`)
        const changes = Object.fromEntries(named.map((name) => [name, given[name]])) as Partial<Fields>
        return request.audited((record) =>
          rows.change(Number(id), changes, (trx) =>
            record(trx, events.updated, {
              resource_type: type,
              resource_id: id,
              details: told.updated(changes),
            }),
          ),
        ) as never
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
      const { id } = request.params as { id: string }
      await requireAccess(store, request.identity, { type, id }, 'own')
      await request.audited((record) =>
        rows.remove(Number(id), (trx) =>
          record(trx, events.deleted, { resource_type: type, resource_id: id }),
        ),
      )
      return reply.code(204).send()
    },
  )
}
