import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { shownChannel } from '../../chat/conversation-channel.ts'
import { existing } from '../../errors.ts'
import type { FeedOf } from '../../feed/feeds.ts'
import type { AccessControl } from '../../identity/access.ts'
import { cursorOf } from '../../protocol/page.ts'
import type { CancelStream } from '../../stream/cancellation.ts'
import type { Stream } from '../../stream/stream.ts'
import type { Streams } from '../../stream/streams.ts'
import { type EventStreamSettings, serveEvents } from '../../transport/sse.ts'
import { limitOf, nextOf, PageQuery } from '../page-query.ts'
import { problemResponses } from '../problem-schema.ts'
import { FilterQuery } from '../query-fields.ts'
import { viewerOf } from '../request-viewer.ts'
import { cancelRoute } from './cancel.ts'

export interface StreamRoutesOptions {
  access: AccessControl
  cancelStream: CancelStream
  streams: Streams
  feedOf: FeedOf
  streaming: EventStreamSettings
}

const tags = ['streams']
const Params = Type.Object({ stream_id: Type.String({ minLength: 1, maxLength: 64 }) })
const Nullable = Type.Union([Type.String(), Type.Null()])
const StreamState = Type.Object({
  stream_id: Type.String(),
  kind: Type.String(),
  state: Type.Enum(['running', 'completed', 'failed', 'cancelled']),
  channel: Type.String(),
  owner: Type.String(),
  instance: Nullable,
  started_at: Type.String(),
  ended_at: Nullable,
  progress: Type.Optional(
    Type.Object(
      { rows: Type.Integer(), bytes: Type.Integer() },
      { description: 'how far a download has come' },
    ),
  ),
  subscribers: Type.Integer({ description: 'on any instance' }),
})

/** Serves streams of every kind: list, state, events, cancel. */
export const streamRoutes: FastifyPluginAsyncTypebox<StreamRoutesOptions> = async (app, options) => {
  const { access, cancelStream, streams, feedOf, streaming } = options

  const shown = async (stream: Stream) => ({
    stream_id: stream.id,
    kind: stream.kind,
    state: stream.state,
    channel: shownChannel(stream.channel),
    owner: stream.owner,
    instance: stream.instance,
    started_at: new Date(stream.started_at).toISOString(),
    ended_at: stream.ended_at === null ? null : new Date(stream.ended_at).toISOString(),
    ...(stream.progress_json === null ? {} : { progress: JSON.parse(stream.progress_json) }),
    subscribers: await streams.subscribers(stream.channel),
  })

  app.get(
    '/api/v1/streams',
    {
      config: { access: 'read' },
      schema: {
        tags,
        summary: 'My streams, newest first; for an administrator all',
        querystring: FilterQuery({
          state: Type.Optional(StreamState.properties.state),
          ...PageQuery,
        }),
        response: { 200: Type.Object({ items: Type.Array(StreamState), next: Nullable }) },
      },
    },
    async ({ identity, query }) => {
      const limit = limitOf(query)
      const found = await streams.list({
        ...(identity.role === 'admin' ? {} : { owner: identity.id }),
        ...(query.state ? { state: query.state as Stream['state'] } : {}),
        ...(query.after ? { after: query.after } : {}),
        limit,
      })
      return {
        items: (await Promise.all(found.map(shown))) as never,
        next: nextOf(found, limit, ({ started_at, id }) => cursorOf(started_at, id)),
      }
    },
  )

  app.get(
    '/api/v1/streams/:stream_id',
    {
      config: { access: 'anonymous' },
      schema: {
        tags,
        summary: 'One stream',
        params: Params,
        response: { 200: StreamState, ...problemResponses(401, 404) },
      },
    },
    async ({ identity, params }) => {
      await access.require(identity, { type: 'stream', id: params.stream_id }, 'shared')
      return (await shown(existing(await streams.get(params.stream_id), 'stream'))) as never
    },
  )

  app.get(
    '/api/v1/streams/:stream_id/events',
    {
      exposeHeadRoute: false,
      config: { access: 'anonymous', eventStream: true },
      schema: {
        tags,
        summary: 'What a stream publishes, recoverable',
        produces: ['text/event-stream'],
        params: Params,
        querystring: Type.Object({ last_event_id: Type.Optional(Type.String()) }),
      },
    },
    async (request, reply) => {
      const { stream_id } = request.params
      return serveEvents(request, reply, {
        ...streaming,
        feeds: [await feedOf(request.identity, `stream:${stream_id}`)],
        viewer: viewerOf(request.identity, request),
        endpoint: '/api/v1/streams/:stream_id/events',
        streamId: stream_id,
      })
    },
  )

  await app.register(cancelRoute, {
    cancelStream,
    tags,
    path: '/api/v1/streams/:stream_id/cancel',
    idName: 'stream_id',
  })
}
