import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { DatasetChanges } from '../../dataset/dataset-changes.ts'
import type { Dataset, Datasets } from '../../dataset/datasets.ts'
import { noSuch, tellWords } from '../../errors.ts'
import type { AccessControl } from '../../identity/access.ts'
import type { ContractRows } from '../../knowledge/contract-rows.ts'
import type { Language } from '../../language/language.ts'
import { cursorOf } from '../../protocol/page.ts'
import { limitOf, nextOf, PageLimit, PageQuery } from '../page-query.ts'
import { FilterQuery, LanguageQuery, SpreadsheetQuery } from '../query-fields.ts'
import { RowFilters, whereOf } from './row-filters.ts'

export interface DatasetRoutesOptions {
  contractRows: ContractRows
  access: AccessControl
  datasets: Datasets
  datasetChanges: DatasetChanges
}

const tags = ['datasets']
const READ_WITHIN_MS = 60_000
const EXPORT_WITHIN_MS = 600_000
const Params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })
/** Returns a dataset with the fields that clients see, its warnings and rejects in a language. */
/** Returns what filters left out as a header: `commitments=15, without_value=3, without_date=0`. */
const leftOutText = (leftOut: object): string =>
  Object.entries(leftOut)
    .map(([why, count]) => `${why}=${count}`)
    .join(', ')

export const shownDataset = ({ owner: _, warnings, rejects, ...dataset }: Dataset, language: Language) => ({
  ...dataset,
  warnings: warnings.map((warning) => tellWords(warning, language)),
  rejects: rejects.map(({ line, reason }) => ({ line, reason: tellWords(reason, language) })),
})

/** Serves datasets: list, read and remove. */
export const datasetRoutes: FastifyPluginAsyncTypebox<DatasetRoutesOptions> = async (app, options) => {
  const { access, contractRows, datasets, datasetChanges } = options

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
      if (!dataset) throw noSuch('dataset')
      return shownDataset(dataset, language)
    },
  )

  app.get(
    '/api/v1/datasets/:id/contracts',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'The rows in canonical columns, in the order of the file; filtered, or all',
        description:
          'With `format=csv` all rows that the filters leave come as one file. Names are matched without case and accents, whole or in part; of several values of one filter any may fit. What a filter leaves out since it cannot be decided is counted in `left_out`, for CSV in `X-Rows-Left-Out`: rows without the value or the day that it is about, and budget commitments of contracts that are listed too. `q` takes words of which all stand in object, item or category.',
        params: Params,
        querystring: FilterQuery({
          limit: PageLimit,
          after: Type.Optional(Type.Integer({ minimum: 0, description: 'next of the page before' })),
          format: Type.Optional(Type.Enum(['json', 'csv'], { default: 'json' })),
          ...RowFilters,
          ...SpreadsheetQuery,
        }),
        produces: ['application/json', 'text/csv'],
      },
    },
    async (request, reply) => {
      const { identity, params, query } = request
      await access.require(identity, { type: 'dataset', id: params.id }, 'shared')
      const limit = limitOf(query)
      const where = whereOf(query)
      const filters = Object.keys(where).length > 0
      if (query.format === 'csv') {
        const spreadsheet = query.for === 'excel' ? request.language : undefined
        const signal = AbortSignal.timeout(EXPORT_WITHIN_MS)
        const { pieces, leftOut } = await contractRows.file(
          request.actor(),
          params.id,
          where,
          spreadsheet,
          signal,
        )
        if (leftOut) reply.header('x-rows-left-out', leftOutText(leftOut))
        return reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="contracts-${params.id}.csv"`)
          .send(Readable.from(pieces))
      }
      const signal = AbortSignal.timeout(READ_WITHIN_MS)
      const page = { limit, after: query.after ?? 0 }
      const { items, leftOut } = filters
        ? await contractRows.page(request.actor(), params.id, where, page, signal)
        : { items: await datasets.contracts(params.id, limit, page.after, signal), leftOut: undefined }
      const next = nextOf(items, limit, (last) => String(last.line))
      return reply.send({ items, next, ...(leftOut && { left_out: leftOut }) })
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
