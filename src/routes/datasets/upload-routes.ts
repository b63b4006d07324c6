import { createWriteStream } from 'node:fs'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import multipart from '@fastify/multipart'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { DatasetChanges } from '../../dataset/dataset-changes.ts'
import type { Upload } from '../../dataset/datasets.ts'
import { isCurrencyCode } from '../../dataset/reading/currency.ts'
import { badField, Problem } from '../../errors.ts'
import { say } from '../../language/sentence.ts'
import { MAPPABLE_COLUMNS } from '../../protocol/contract.ts'
import { whenRevoked } from '../../transport/expiry.ts'
import { problemResponses } from '../problem-schema.ts'
import { LanguageQuery } from '../query-fields.ts'
import { shownDataset } from './datasets-routes.ts'

export interface UploadRouteOptions {
  datasetChanges: DatasetChanges
  /** Largest body in bytes, both as sent and decompressed. */
  maxDatasetBytes: number
}

type ContentType = Upload['contentType']

const READ_AS = ['text/csv', 'application/x-ndjson', 'application/json'] as const
const ACCEPTED = [
  ...READ_AS,
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.oasis.opendocument.spreadsheet',
  'application/zip',
] as const
/** Matches media types of files whose bytes are examined for their format. */
const PACKED =
  /^application\/(?:vnd\.openxmlformats-officedocument\.spreadsheetml\.\w+|vnd\.oasis\.opendocument\.spreadsheet|(?:x-)?zip(?:-compressed)?)$/
/** Matches further media types that browsers and portals use for CSV. */
const ALSO_CSV = /^(text\/(plain|tab-separated-values)|application\/(csv|vnd\.ms-excel|octet-stream))$/
const ALSO_NDJSON = /^application\/(ndjson|jsonl|x-jsonlines)$/
/** Milliseconds without a byte after which a body is given up. */
const IDLE_MS = 30_000
/** Node's error codes of a body whose sender has gone. */
const CUT: ReadonlySet<string> = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET'])

/** Matches the parser's messages for a form that is cut short, which have no code. */
const UNENDED = /^(?:Unexpected end of multipart data|Part terminated early)/

/** Returns the type by which a file is read: its own, or, where that is unspecific, the one of its name. */
const contentTypeOf = (type: string, filename: string | undefined): ContentType | undefined => {
  const plain = type.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const name = filename?.toLowerCase().replace(/\.gz$/, '')
  if (name?.endsWith('.json')) return 'application/json'
  if (name && /\.(ndjson|jsonl)$/.test(name)) return 'application/x-ndjson'
  if ((READ_AS as readonly string[]).includes(plain)) return plain as ContentType
  if (ALSO_NDJSON.test(plain)) return 'application/x-ndjson'
  if (PACKED.test(plain) || /\.(?:xlsx|ods|zip|xls)$/.test(name ?? '')) return 'text/csv'
  return ALSO_CSV.test(plain) || /^application\/(x-)?gzip$/.test(plain) ? 'text/csv' : undefined
}

/**
 * Writes a body to a file. @throws {Problem} `PAYLOAD_TOO_LARGE` beyond `maxBytes`; the stream's own error when the
 * client is gone or idle
 */
const spool = async (body: Readable, path: string, maxBytes: number): Promise<number> => {
  let bytes = 0
  let idle: NodeJS.Timeout | undefined
  const watchIdle = () => {
    clearTimeout(idle)
    idle = setTimeout(
      () =>
        body.destroy(
          new Problem('UPLOAD_INTERRUPTED', say('upload.stood_still', { seconds: IDLE_MS / 1000 })),
        ),
      IDLE_MS,
    )
  }
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      watchIdle()
      if (bytes > maxBytes)
        done(new Problem('PAYLOAD_TOO_LARGE', say('upload.too_large', { bytes: maxBytes })))
      else done(null, chunk)
    },
  })
  watchIdle()
  try {
    await pipeline(body, counter, createWriteStream(path))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (CUT.has(code ?? '') || UNENDED.test(message))
      throw new Problem('UPLOAD_INTERRUPTED', say('upload.cut_short'), { cause: error })
    throw error
  } finally {
    clearTimeout(idle)
  }
  return bytes
}

/** Longest settings in characters. */
const LONGEST_SETTING = 200
const LONGEST_MAPPING = 16_384

/** Settings of an upload, in the query or as parts of a form. */
const SETTINGS = Type.Object({
  name: Type.Optional(Type.String({ minLength: 1, maxLength: LONGEST_SETTING })),
  buyer: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: LONGEST_SETTING,
      description: 'the body whose file this is, where no column says',
    }),
  ),
  currency: Type.Optional(
    Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217 code of amounts that name none' }),
  ),
  sheet: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: LONGEST_SETTING,
      description: 'sheet of a workbook; else the first usable one',
    }),
  ),
  mapping: Type.Optional(
    Type.String({ maxLength: LONGEST_MAPPING, description: 'JSON: canonical column → source column' }),
  ),
})
type Settings = Static<typeof SETTINGS>
const isSetting = (name: string): name is keyof Settings => Object.hasOwn(SETTINGS.properties, name)

/** Checks the settings of a form, which no schema has seen. @throws {Problem} `VALIDATION_FAILED` */
const checkedForm = (form: Settings): Settings => {
  for (const [name, value] of Object.entries(form)) {
    const maxLength = name === 'mapping' ? LONGEST_MAPPING : LONGEST_SETTING
    if (value === '') throw badField(`/${name}`, say('field.empty'))
    if (value.length > maxLength)
      throw badField(`/${name}`, say('field.max_characters', { count: maxLength }))
  }
  return form
}

/** Parses a mapping. @throws {Problem} `VALIDATION_FAILED` */
const parseMapping = (text: string | undefined): Record<string, string> | undefined => {
  if (text === undefined) return undefined
  let mapping: unknown
  try {
    mapping = JSON.parse(text)
  } catch {
    throw badField('?mapping', say('field.not_json'))
  }
  if (mapping === null || typeof mapping !== 'object' || Array.isArray(mapping))
    throw badField('?mapping', say('field.mapping_object'))
  for (const [column, source] of Object.entries(mapping)) {
    if (!(MAPPABLE_COLUMNS as readonly string[]).includes(column))
      throw badField(
        '?mapping',
        say('field.mapping_column', { column: JSON.stringify(column), allowed: MAPPABLE_COLUMNS }),
      )
    if (typeof source !== 'string') throw badField('?mapping', say('field.mapping_source', { column }))
  }
  return mapping as Record<string, string>
}

const requireCurrency = (currency: string | undefined): void => {
  if (currency !== undefined && !isCurrencyCode(currency))
    throw badField('?currency', say('field.no_currency', { currency }))
}

const parseEncoding = (header: string | undefined): boolean => {
  if (header === undefined || header === 'identity') return false
  if (header === 'gzip' || header === 'x-gzip') return true
  throw new Problem('UNSUPPORTED_MEDIA_TYPE', say('upload.encoding', { encoding: header }))
}

/** Returns a name to show: without path and control characters, 200 characters at most. */
const cleanName = (name: string): string =>
  name
    .replace(/^.*[/\\]/, '')
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')
    .trim()
    .slice(0, 200)

/** Serves `POST /api/v1/datasets`: the body is spooled to disk as it arrives, then read by a worker. */
export const uploadRoute: FastifyPluginAsyncTypebox<UploadRouteOptions> = async (app, options) => {
  const { datasetChanges, maxDatasetBytes: maxBytes } = options

  /** Spools the body, or the one file of a form, to `path`. A form's other parts may be settings. */
  const receive = async (
    request: FastifyRequest,
    path: string,
  ): Promise<Pick<Upload, 'contentType' | 'gzip'> & { filename: string | undefined; form: Settings }> => {
    const type = request.headers['content-type'] ?? ''
    if (!type.startsWith('multipart/form-data')) {
      const contentType = contentTypeOf(type, undefined)
      if (!contentType)
        throw new Problem('UNSUPPORTED_MEDIA_TYPE', say('upload.send_one_of', { types: ACCEPTED }))
      const gzip = parseEncoding(request.headers['content-encoding'])
      await spool(request.body as Readable, path, maxBytes)
      return { contentType, gzip: gzip || /gzip/.test(type), filename: undefined, form: {} }
    }
    if (!/boundary=\s*"?[^\s";]/i.test(type))
      throw new Problem('UNSUPPORTED_MEDIA_TYPE', say('upload.no_boundary'))
    const form: Settings = {}
    let file: (Pick<Upload, 'contentType' | 'gzip'> & { filename: string }) | undefined
    const limits = { fileSize: maxBytes + 1, files: 2, fields: 20, fieldSize: 65_536 }
    for await (const part of request.parts({ limits })) {
      if (part.type === 'field') {
        if (!isSetting(part.fieldname)) continue
        if (form[part.fieldname] !== undefined) throw badField(`/${part.fieldname}`, say('field.given_twice'))
        form[part.fieldname] = String(part.value)
        continue
      }
      const contentType = contentTypeOf(part.mimetype, part.filename)
      if (file || !contentType) {
        part.file.resume()
        if (file) throw badField('/file', say('field.one_file'))
        throw new Problem('UNSUPPORTED_MEDIA_TYPE', say('upload.file_type', { type: part.mimetype }))
      }
      await spool(part.file, path, maxBytes)
      const gzip = /\.gz$/i.test(part.filename) || /gzip/.test(part.mimetype)
      file = { contentType, gzip, filename: part.filename }
    }
    if (!file) throw badField('/file', say('field.no_file'))
    return { ...file, form: checkedForm(form) }
  }

  app.removeAllContentTypeParsers()
  await app.register(multipart)
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  app.post(
    '/api/v1/datasets',
    {
      config: { access: 'start', watchesBody: true },
      bodyLimit: maxBytes + 1_048_576,
      schema: {
        tags: ['datasets'],
        summary: "Uploads a portal's file as it is",
        consumes: [...ACCEPTED, 'multipart/form-data'],
        querystring: Type.Object({
          ...LanguageQuery,
          ...SETTINGS.properties,
        }),
        response: problemResponses(400, 401, 403, 413, 415, 422),
      },
    },
    async (request, reply) => {
      const { lang: _, ...query } = request.query
      parseMapping(query.mapping)
      requireCurrency(query.currency)
      const gone = new AbortController()
      const stopWaiting = whenRevoked(request.identity.revoked, () =>
        gone.abort(new Problem('UNAUTHENTICATED', say('identity.revoked'))),
      )
      reply.raw.once('close', () => {
        stopWaiting()
        gone.abort(new Problem('UPLOAD_INTERRUPTED', say('stream.client_gone')))
      })
      const dataset = await datasetChanges.upload(
        request.actor(),
        async (path) => {
          const { filename, form, ...received } = await receive(request, path)
          const { buyer, currency, sheet, ...told } = { ...form, ...query }
          requireCurrency(currency)
          const name = cleanName(told.name ?? filename ?? '') || 'dataset'
          return { ...received, name, mapping: parseMapping(told.mapping), buyer, currency, sheet }
        },
        gone.signal,
      )
      return reply
        .code(201)
        .header('location', `/api/v1/datasets/${dataset.dataset_id}`)
        .send(shownDataset(dataset, request.language) as never)
    },
  )
}
