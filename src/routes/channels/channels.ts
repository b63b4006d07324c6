import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { badField } from '../../errors.ts'
import type { ChannelPage, ChannelUse } from '../../feed/channel-use.ts'
import type { FeedOf } from '../../feed/feeds.ts'
import { say } from '../../language/sentence.ts'
import type { Asked } from '../../plugins/repeated-request.ts'
import { keyOf, parsePosition } from '../../transport/cursor.ts'
import { feedVocabulary } from '../../transport/frames.ts'
import { type EventStreamSettings, MAX_FEEDS, serveEvents } from '../../transport/sse.ts'
import { publication } from '../../vocabulary/publication.ts'
import { viewerOf } from '../request-viewer.ts'
import {
  PUBLICATION_LIMITS,
  type PublicationLimits,
  readPublication,
  readPublications,
} from './publications-routes.ts'

export interface ChannelRoutesOptions {
  channels: ChannelUse
  streaming: EventStreamSettings
  feedOf: FeedOf
  limits?: PublicationLimits
}

const tags = ['channels']
const ChannelParams = Type.Object({ channel: Type.String({ minLength: 1, maxLength: 255 }) })
const Position = Type.Object({ epoch: Type.String(), offset: Type.Integer() })
const Published = Type.Object({
  channel: Type.String(),
  epoch: Type.String(),
  offset: Type.Integer(),
  data: Type.Unknown(),
})
const LastEventId = Type.Optional(
  Type.String({ description: 'where to go on, when the Last-Event-ID header cannot be sent' }),
)
const NDJSON = 'application/x-ndjson'

/** Wraps a body as it was sent, so that hooks which walk through parsed bodies have nothing to walk through. */
class RawBody {
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get bytes(): Buffer {
    return this.#bytes
  }
}

const text = (name: string, { epoch, offset, data }: ChannelPage['publications'][number]): string =>
  `{"channel":${JSON.stringify(name)},"epoch":${JSON.stringify(epoch)},"offset":${offset},"data":${data}}`

/** Parses the position in `after`: an offset, or `<epoch>:<offset>` as in `next`. */
function parseAfter(after: string | undefined): { epoch?: string; offset: number } {
  if (after === undefined || after === '') return { offset: 0 }
  if (/^\d{1,15}$/.test(after)) return { offset: Number(after) }
  const position = parsePosition(after)
  if (position === undefined) throw badField('?after', say('field.no_position'))
  return position
}

/** @throws {Problem} `VALIDATION_FAILED` for one that is no `<epoch>:<offset>:<channel>` */
const parsePositions = (named: readonly string[]) =>
  new Map(
    named.map((text) => {
      const [, at = '', channel = ''] = /^([^:]*:\d*):(.+)$/s.exec(text) ?? []
      const position = parsePosition(at)
      if (position === undefined) throw badField('?position', say('field.no_position'))
      return [keyOf(channel), position] as const
    }),
  )

const readRoutes: FastifyPluginAsyncTypebox<ChannelRoutesOptions> = async (app, options) => {
  const { channels, streaming, feedOf } = options

  app.get(
    '/api/v1/events',
    {
      exposeHeadRoute: false,
      config: { access: 'read', eventStream: true },
      schema: {
        tags,
        summary: 'One event-stream over up to 100 channels, with one cursor',
        produces: ['text/event-stream'],
        querystring: Type.Object({
          channel: Type.Union([Type.Array(Type.String(), { minItems: 1 }), Type.String()]),
          last_event_id: LastEventId,
          position: Type.Optional(
            Type.Union([Type.Array(Type.String()), Type.String()], {
              description:
                '`<epoch>:<offset>:<channel>`, once for each channel that is to go on behind a position of its own; a cursor ' +
                'that names the channel counts before it',
            }),
          ),
          recover: Type.Optional(
            Type.Literal('all', {
              description:
                'the history of each channel first; a channel that the cursor or `position` names goes on behind it',
            }),
          ),
        }),
      },
    },
    async (request, reply) => {
      const since = request.query.recover === 'all' ? ({ since: 'beginning' } as const) : {}
      const names = [...new Set([request.query.channel].flat())]
      if (names.length > MAX_FEEDS)
        throw badField('?channel', say('socket.channel_count', { most: MAX_FEEDS }))
      const shown = await Promise.all(names.map((channel) => feedOf(request.identity, channel)))
      return serveEvents(request, reply, {
        ...streaming,
        feeds: shown.map((feed) => ({ ...feed, ...since, events: feedVocabulary(publication, feed) })),
        viewer: viewerOf(request.identity, request),
        endpoint: '/api/v1/events',
        cursor: true,
        positions: parsePositions([request.query.position ?? []].flat()),
      })
    },
  )

  app.get(
    '/api/v1/channels/:channel/events',
    {
      exposeHeadRoute: false,
      config: { access: 'read', eventStream: true },
      schema: {
        tags,
        summary: 'The publications of one channel as an event-stream of bare data',
        produces: ['text/event-stream'],
        params: ChannelParams,
        querystring: Type.Object({ last_event_id: LastEventId }),
      },
    },
    async (request, reply) =>
      serveEvents(request, reply, {
        ...streaming,
        feeds: [await feedOf(request.identity, request.params.channel)],
        viewer: viewerOf(request.identity, request),
        endpoint: '/api/v1/channels/:channel/events',
      }),
  )

  app.get(
    '/api/v1/channels/:channel/history',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'What is kept of a channel, oldest first',
        params: ChannelParams,
        querystring: Type.Object({
          after: Type.Optional(Type.String({ description: 'an offset, or next of the page before' })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
        }),
        response: {
          200: Type.Object({
            items: Type.Array(Published),
            next: Type.Union([Type.String(), Type.Null()]),
            epoch: Type.String(),
            first: Type.Integer({ description: 'oldest offset still kept' }),
            top: Type.Integer({ description: 'newest offset' }),
          }),
        },
      },
    },
    async (request, reply) => {
      const { identity, params, query } = request
      const feed = await feedOf(identity, params.channel)
      const page = await channels.history(feed, parseAfter(query.after), query.limit ?? 100)
      const { name, publications, last, epoch, first, top } = page
      const next = last < top ? JSON.stringify(`${epoch}:${last}`) : 'null'
      const items = publications.map((publication) => text(name, publication))
      const ends = JSON.stringify({ epoch, first, top }).slice(1)
      return reply
        .type('application/json; charset=utf-8')
        .send(`{"items":[${items.join(',')}],"next":${next},${ends}` as never)
    },
  )

  app.get(
    '/api/v1/channels/:channel/presence',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'Who is subscribed to a channel, on any instance',
        params: ChannelParams,
        response: {
          200: Type.Object({
            channel: Type.String(),
            users: Type.Array(Type.String()),
            items: Type.Array(Type.Object({ connection_id: Type.String(), user: Type.String() })),
            next: Type.Null(),
          }),
        },
      },
    },
    async ({ identity, params }) => {
      const feed = await feedOf(identity, params.channel)
      const items = await channels.members(feed)
      return {
        channel: feed.name ?? feed.channel,
        users: [...new Set(items.map(({ user }) => user))],
        items,
        next: null,
      }
    },
  )
}

const publishRoutes: FastifyPluginAsyncTypebox<ChannelRoutesOptions> = async (app, options) => {
  const { channels, limits = PUBLICATION_LIMITS } = options
  app.removeAllContentTypeParsers()
  for (const [type, bodyLimit] of [
    ['application/json', limits.maxBytes],
    [NDJSON, limits.maxBatchBytes],
  ] as const) {
    app.addContentTypeParser(type, { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
      done(null, new RawBody(body as Buffer)),
    )
  }

  const publish = async (request: Asked, bytes: Buffer | undefined) => {
    const { channel } = request.params as { channel: string }
    channels.checkPublishable(request.identity, channel)
    if (bytes === undefined) throw badField('body', say('field.empty'))
    const { 'content-type': type, 'idempotency-key': key } = request.headers
    const read = type?.startsWith(NDJSON) ? readPublications : readPublication
    return channels.publish(request.identity, channel, read(bytes, limits), key as string | undefined)
  }

  app.post(
    '/api/v1/channels/:channel/publications',
    {
      config: { access: 'publish', repeatable: { status: 202, answer: publish } },
      bodyLimit: limits.maxBatchBytes,
      schema: {
        tags,
        summary: 'Publishes a JSON payload as it is sent, or many as NDJSON, all or none',
        consumes: ['application/json', NDJSON],
        params: ChannelParams,
        headers: Type.Object({
          'idempotency-key': Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 255,
              description: 'kept for five minutes; with another body it is refused',
            }),
          ),
        }),
        response: { 202: Position },
      },
    },
    async (request, reply) => {
      const position = await publish(
        request,
        request.body instanceof RawBody ? request.body.bytes : undefined,
      )
      reply.code(202)
      return position
    },
  )
}

/** Serves any channel over HTTP: `/api/v1/events` and `/api/v1/channels/:channel/…`. */
export const channelRoutes: FastifyPluginAsyncTypebox<ChannelRoutesOptions> = async (app, options) => {
  await app.register(readRoutes, options)
  await app.register(publishRoutes, options)
}
