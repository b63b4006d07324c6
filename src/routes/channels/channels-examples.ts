import type { RouteExample } from '../../plugins/route-example.ts'
import { CHAT_ALSO, CHAT_EVENTS } from '../chat/chat-examples.ts'

/** Requests and answers of channels and streams, in an order in which they work one after the other. */
export const CHANNEL_EXAMPLES: readonly RouteExample[] = [
  {
    route: 'POST /api/v1/channels/{channel}/publications',
    request: { params: { channel: 'topic:prices' }, body: { item: 'paper A4', price: 24.9 } },
    answer: {
      status: 202,
      means: 'The position of the (last) publication in the channel',
      body: { epoch: 'f1e78aa632ae8f44', offset: 1 },
    },
  },
  {
    route: 'GET /api/v1/channels/{channel}/history',
    request: { params: { channel: 'topic:prices' }, query: { limit: 10 } },
    answer: {
      status: 200,
      means: 'Publications that the channel still keeps, oldest first',
      body: {
        items: [
          {
            channel: 'topic:prices',
            epoch: 'f1e78aa632ae8f44',
            offset: 1,
            data: { item: 'paper A4', price: 24.9 },
          },
        ],
        next: null,
        epoch: 'f1e78aa632ae8f44',
        first: 1,
        top: 1,
      },
    },
  },
  {
    route: 'GET /api/v1/channels/{channel}/presence',
    request: { params: { channel: 'topic:prices' } },
    answer: {
      status: 200,
      means: 'Who is subscribed, on any instance',
      body: { channel: 'topic:prices', users: [], items: [], next: null },
    },
  },
  {
    route: 'GET /api/v1/channels/{channel}/events',
    request: { params: { channel: 'topic:prices' } },
    answer: {
      status: 200,
      means: 'Publications as they come; it stays open',
      events: [
        {
          id: 2,
          data: { item: 'paper A4', price: 24.9 },
          means: 'A publication, byte for byte as it was sent',
        },
      ],
      mayAlsoCome: '`recovery` where a position cannot be served, `token_expired`',
    },
  },
  {
    route: 'GET /api/v1/events',
    request: { query: { channel: ['topic:prices'] } },
    answer: {
      status: 200,
      means:
        'Publications of all the channels asked for; it stays open. The `id` names the position in each of them',
      events: [
        {
          event: 'publication',
          id: 'm~_BuuJV~f1e78aa632ae8f44~3',
          data: {
            channel: 'topic:prices',
            epoch: 'f1e78aa632ae8f44',
            offset: 3,
            data: { item: 'paper A4', price: 24.9 },
          },
          means: 'A publication, with its channel and position',
        },
      ],
      mayAlsoCome: '`recovery` where a position cannot be served, `token_expired`',
    },
  },
  {
    route: 'GET /api/v1/streams',
    request: { query: { state: 'completed', limit: 1 } },
    answer: {
      status: 200,
      means: 'A page of streams, newest first',
      body: {
        items: [
          {
            stream_id: '822cf82e-1a05-4234-9e5b-b05baa9ded2b',
            kind: 'chat',
            state: 'completed',
            channel: 'chat:budget-2024',
            owner: '53e0fedd-2b18-449c-ad0e-0e1a36b154b3',
            instance: 'host-1-1eb80146',
            started_at: '2026-11-29T12:54:44.920Z',
            ended_at: '2026-11-29T12:54:45.292Z',
            subscribers: 0,
          },
        ],
        next: '1795956884920-822cf82e-1a05-4234-9e5b-b05baa9ded2b',
      },
    },
  },
  {
    route: 'GET /api/v1/streams/{stream_id}',
    request: { params: { stream_id: '822cf82e-1a05-4234-9e5b-b05baa9ded2b' } },
    answer: {
      status: 200,
      means: 'The stream and how many watch it',
      body: {
        stream_id: '822cf82e-1a05-4234-9e5b-b05baa9ded2b',
        kind: 'chat',
        state: 'completed',
        channel: 'chat:budget-2024',
        owner: '53e0fedd-2b18-449c-ad0e-0e1a36b154b3',
        instance: 'host-1-1eb80146',
        started_at: '2026-11-29T12:54:44.920Z',
        ended_at: '2026-11-29T12:54:45.292Z',
        subscribers: 0,
      },
    },
  },
  {
    route: 'GET /api/v1/streams/{stream_id}/events',
    request: { params: { stream_id: '822cf82e-1a05-4234-9e5b-b05baa9ded2b' } },
    answer: {
      status: 200,
      means: 'The events of the stream, in the words of its kind: here of a chat',
      events: CHAT_EVENTS,
      mayAlsoCome: CHAT_ALSO,
    },
  },
  {
    route: 'POST /api/v1/streams/{stream_id}/cancel',
    request: { params: { stream_id: 'dd03f4c0-be04-44ed-aa11-e1268d3a9042' } },
    answer: {
      status: 202,
      means: 'It is told to end; its events end with `cancelled`',
      body: { stream_id: 'dd03f4c0-be04-44ed-aa11-e1268d3a9042', state: 'running' },
    },
  },
]
