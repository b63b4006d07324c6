import type { RouteExample } from '../../plugins/route-example.ts'

/** Requests and answers of the audit log, in an order in which they work one after the other. */
export const AUDIT_EXAMPLES: readonly RouteExample[] = [
  {
    route: 'GET /api/v1/audit/verify',
    answer: {
      status: 200,
      means: 'Whether the chain holds, and the first event that breaks it',
      body: { valid: true, checked: 41, first_broken: null },
    },
  },
  {
    route: 'GET /api/v1/audit/events',
    request: { query: { event_type: 'auth.login', limit: 1 } },
    answer: {
      status: 200,
      means: 'A page of events',
      body: {
        items: [
          {
            id: '45f16cd1-1b79-48b5-915f-57036d2bf602',
            timestamp: '2026-11-29T12:54:31.672Z',
            event_type: 'auth.login',
            severity: 'low',
            message: 'Signed in',
            user_id: '53e0fedd-2b18-449c-ad0e-0e1a36b154b3',
            user_email: null,
            success: true,
            error_code: null,
            resource_type: null,
            resource_id: null,
            ip_address: '127.0.0.1',
            user_agent: 'node',
            request_id: '4fa08625-bceb-4026-9ec6-94b08b4f43eb',
            details: { username: 'admin' },
            prev_hash: 'b2fab77a82b3da67d660b2dcad82ddd4fc88e86f315cd4ad18a04b385c77a48f',
            hash: '1eecb4c8717e5384fc18e97c0194855da50a9b2e7b3a69351365a4ff450c20ca',
          },
        ],
        next: '45f16cd1-1b79-48b5-915f-57036d2bf602',
      },
    },
  },
  {
    route: 'POST /api/v1/audit/checkpoints',
    answer: {
      status: 201,
      means: 'The checkpoint, signed',
      body: {
        id: 'd96f5688-95f1-4a1c-a4b1-7e72dd37c305',
        event_id: '901096a3-1a76-43f9-a3a6-7cb4eae9523e',
        hash: '2ea8003c42ec2358433795c71b1768d9739e79050554078b4d19de615e57d339',
        count: 42,
        at: '2026-11-29T12:54:47.069Z',
        cut: false,
        key_id: 'ee48d432943b1e3267db630882c304239113c23d010326adc387cea24146160e',
        signature: 'QABitaBp07PXVjwoRLzdenoJ…',
      },
    },
  },
  {
    route: 'GET /api/v1/audit/checkpoints',
    request: { query: { limit: 10 } },
    answer: {
      status: 200,
      means: 'A page of checkpoints',
      body: {
        items: [
          {
            id: 'd96f5688-95f1-4a1c-a4b1-7e72dd37c305',
            event_id: '901096a3-1a76-43f9-a3a6-7cb4eae9523e',
            hash: '2ea8003c42ec2358433795c71b1768d9739e79050554078b4d19de615e57d339',
            count: 42,
            at: '2026-11-29T12:54:47.069Z',
            cut: false,
            key_id: 'ee48d432943b1e3267db630882c304239113c23d010326adc387cea24146160e',
            signature: 'QABitaBp07PXVjwoRLzdenoJ…',
          },
        ],
        next: null,
      },
    },
  },
  {
    route: 'GET /api/v1/audit/export',
    request: { query: { start_date: '2025-01-01', format: 'csv' } },
    answer: {
      status: 200,
      means: 'The log as a file, streamed',
      contentType: 'text/csv',
      body: 'id,timestamp,event_type,severity,message,user_id,user_email,success,error_code,resource_type,resource_id,ip_address,user_agent,request_id,details,prev_hash,hash\r\n9bd85b7f-714e-43f9-ba10-400eff3e586c,2026-11-29T12:52:27.165Z,user.created,medium,"User created","",,true,,"user","53e0fedd-2b18-449c-ad0e-0e1a36b154b3","","","","{""made_by"":""the first start"",""role"":""admin"",""username"":""admin""}",0000000000000000000000000000000000000000000000000000000000000000,4aacefa4200384f6fddc8c08eccd2b7c78749dea194a14b4221a11686c225283\r\n',
    },
  },
  {
    route: 'GET /api/v1/audit/stream',
    answer: {
      status: 200,
      means: 'Audit events as they are appended; it stays open',
      events: [
        {
          id: 46,
          data: {
            id: 'a28ece5d-fc38-4459-a3d5-820029ee2b3f',
            timestamp: '2026-11-29T12:54:48.594Z',
            event_type: 'auth.login',
            severity: 'low',
            message: 'Signed in',
            user_id: '53e0fedd-2b18-449c-ad0e-0e1a36b154b3',
            user_email: null,
            success: true,
            error_code: null,
            resource_type: null,
            resource_id: null,
            ip_address: '127.0.0.1',
            user_agent: 'node',
            request_id: '5091cb4e-bca8-431a-9d03-4ca884dd6c4c',
            details: { username: 'admin' },
            prev_hash: 'eb53d83d5fc8d99f7dfe384a3b5d93e6af877920b5476da21938fbe067e9629e',
            hash: 'b67bdb08fa6803888014b81e04c705eb8fc8b2a1a0783028e79203d33f1f98b1',
          },
          means: 'An audit event',
        },
      ],
      mayAlsoCome: '`recovery` where a position cannot be served, `token_expired`',
    },
  },
  {
    route: 'POST /api/v1/audit/retention',
    request: { body: { before: '2025-01-01' } },
    answer: {
      status: 200,
      means: 'How many were removed, and the checkpoint behind them',
      body: { removed: 0, checkpoint: null },
    },
  },
]
