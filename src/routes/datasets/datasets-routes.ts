import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { DatasetChanges } from '../../dataset/dataset-changes.ts'
import type { Dataset, Datasets } from '../../dataset/datasets.ts'
import { Problem, tellWords } from '../../errors.ts'
import type { AccessControl } from '../../identity/access.ts'
import type { Language } from '../../language/language.ts'
import { say } from '../../language/sentence.ts'
import { cursorOf } from '../../protocol/page.ts'
import { limitOf, nextOf, PageLimit, PageQuery } from '../page-query.ts'
import { FilterQuery, LanguageQuery } from '../query-fields.ts'

export interface DatasetRoutesOptions {
  access: AccessControl
  datasets: Datasets
  datasetChanges: DatasetChanges
}

const tags = ['datasets']
const Params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })
/** Returns a dataset with the fields that clients see, its warnings and rejects in a language. */
export const shownDataset = ({ owner: _, warnings, rejects, ...dataset }: Dataset, language: Language) => ({
  ...dataset,
  warnings: warnings.map((warning) => tellWords(warning, language)),
  rejects: rejects.map(({ line, reason }) => ({ line, reason: tellWords(reason, language) })),
})

/** Serves datasets: list, read and remove. */
export const datasetRoutes: FastifyPluginAsyncTypebox<DatasetRoutesOptions> = async (app, options) => {
  const { access, datasets, datasetChanges } = options

  app.get(
    '/api/v1/datasets',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'My datasets and the bundled sample',
        querystring: Type.Object({ ...PageQuery, ...LanguageQuery }),
      },
    },
    async ({ identity, language, query }) => {
      const limit = limitOf(query)
      const whose = identity.role === 'admin' ? 'everybody' : identity.id
      const items = await datasets.list(whose, limit, query.after ?? null)
      return {
        items: items.map((item) => shownDataset(item, language)),
        next: nextOf(items, limit, (last) => cursorOf(Date.parse(last.created_at), last.dataset_id)),
      }
    },
  )

  app.get(
    '/api/v1/datasets/:id',
    {
      config: { access: 'read' },
      schema: { tags, summary: 'One dataset', params: Params, querystring: Type.Object(LanguageQuery) },
    },
    async ({ identity, language, params }) => {
      await access.require(identity, { type: 'dataset', id: params.id }, 'shared')
      const dataset = await datasets.get(params.id)
      if (!dataset) throw new Problem('NOT_FOUND', say('thing.no_such', { thing: 'dataset' }))
      return shownDataset(dataset, language)
    },
  )

  app.get(
    '/api/v1/datasets/:id/contracts',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'The rows in canonical columns, in the order of the file',
        params: Params,
        querystring: FilterQuery({
          limit: PageLimit,
          after: Type.Optional(Type.Integer({ minimum: 0, description: 'next of the page before' })),
        }),
      },
    },
    async ({ identity, params, query }) => {
      await access.require(identity, { type: 'dataset', id: params.id }, 'shared')
      const limit = limitOf(query)
      const items = await datasets.contracts(params.id, limit, query.after ?? 0, AbortSignal.timeout(60_000))
      return { items, next: nextOf(items, limit, (last) => String(last.line)) }
    },
  )

  app.delete(
    '/api/v1/datasets/:id',
    { config: { access: 'start' }, schema: { tags, summary: 'Removes a dataset of mine', params: Params } },
    async (request, reply) => {
      await datasetChanges.remove(request.actor(), request.params.id)
      return reply.code(204).send()
    },
  )
}
