import { type CallOptions, type Client, client, USER_PASSWORD } from '../support/process.ts'

export interface Asked extends CallOptions {
  path: string
  /** The administrator unless named. */
  as?: Client
}

/** What is done to a route, and which events that leaves behind. */
interface Case {
  done: () => Promise<Asked> | Asked
  events: string[]
  /** Without credentials unless told otherwise. */
  refused?: () => Promise<Asked> | Asked
  refusals?: string[]
}

/** An investigation that runs until it is stopped, where the PNCP never answers. */
export const ENDLESS = {
  query: 'whatever there is',
  data_source: 'pncp',
  filters: { start_date: '2026-01-01', end_date: '2026-01-31' },
}

/** Starts an {@link ENDLESS} one. */
export const start = async (user: Client): Promise<{ investigation_id: string; stream_id: string }> => {
  const { status, body, text } = await user.post('/api/v1/investigations', ENDLESS)
  if (status !== 202) throw new Error(`not started, ${status}: ${text}`)
  return body
}

/**
 * By method and path as the service registers them.
 * @param admin does what is granted, unless a case names somebody else
 * @param alice an analyst, who is refused what is not hers
 */
export const routeCases = (url: string, admin: Client, alice: Client): Record<string, Case> => {
  const stranger = client(url)
  const tokens = async () =>
    (await stranger.post('/auth/login', { username: 'alice', password: USER_PASSWORD })).body
  const investigation = async () => (await start(admin)).investigation_id
  const ended = async () => {
    const { investigation_id: id, stream_url } = await admin.investigate('sample')
    await (await admin.events(stream_url)).ended()
    return id
  }
  const finding = async () => {
    const path = `/api/v1/investigations/${await ended()}/anomalies`
    return `${path}/${(await admin.get(`${path}?limit=1`)).body.items[0].anomaly_id}`
  }
  const user = async () => {
    const username = `user-${Math.random().toString(36).slice(2)}`
    const { body } = await admin.post('/api/v1/users', { username, password: USER_PASSWORD, role: 'viewer' })
    return body.id as string
  }
  const conversation = async () => (await admin.post('/api/v1/chat/sessions', {})).body.session_id as string
  const modelBody = { name: 'Mine', provider: 'local', modelId: 'none' }
  const model = async () => `/api/models/${(await admin.post('/api/models', modelBody)).body.id}`
  const promptBody = { title: 'Greeting', content: 'Olá {{name}}' }
  const promptId = async () => (await admin.post('/api/prompts', promptBody)).body.id as number
  const prompt = async () => `/api/prompts/${await promptId()}`
  /** What the administrator may do, and alice may not. */
  const guarded = (asked: () => Promise<Asked> | Asked, ...events: string[]): Case => ({
    done: asked,
    events,
    refused: async () => ({ ...(await asked()), as: alice }),
  })
  const executed = (path: string): Case =>
    guarded(
      async () => ({ path, body: { promptId: await promptId(), variables: { name: 'Ana' } } }),
      'prompt.started',
    )
  const dataset = () => ({
    path: '/api/v1/datasets?name=few',
    body: 'numero_contrato,fornecedor,valor\n1,Alfa,10\n2,Beta,20\n',
    type: 'text/csv',
  })
  const steered = (verb: string): Case => ({
    async done() {
      const id = await investigation()
      if (verb === 'resume') await admin.post(`/api/v1/investigations/${id}/pause`)
      return { path: `/api/v1/investigations/${id}/${verb}` }
    },
    events: [`investigation.${{ cancel: 'cancelled', pause: 'paused', resume: 'resumed' }[verb]}`],
    refused: async () => ({ path: `/api/v1/investigations/${await investigation()}/${verb}`, as: alice }),
  })
  const signIn = (path: string): Case => ({
    done: () => ({ path, as: stranger, body: { username: 'alice', password: USER_PASSWORD } }),
    events: ['auth.login'],
    refused: () => ({ path, as: stranger, body: { username: 'alice', password: 'a wrong guess' } }),
    refusals: ['auth.login_failed'],
  })

  return {
    'POST /auth/login': signIn('/auth/login'),
    'POST /api/v1/auth/login': signIn('/api/v1/auth/login'),
    'POST /api/v1/auth/refresh': {
      done: async () => ({
        path: '/api/v1/auth/refresh',
        as: stranger,
        body: { refresh_token: (await tokens()).refresh_token },
      }),
      events: ['auth.refresh'],
      refused: () => ({ path: '/api/v1/auth/refresh', as: stranger, body: { refresh_token: 'nothing' } }),
      refusals: ['auth.refresh_failed'],
    },
    'POST /api/v1/auth/logout': {
      done: async () => ({
        path: '/api/v1/auth/logout',
        as: client(url, (await tokens()).access_token),
      }),
      events: ['auth.logout'],
    },
    'POST /api/v1/auth/tickets': { done: () => ({ path: '/api/v1/auth/tickets' }), events: ['auth.ticket'] },
    'POST /api/v1/users': {
      done: () => ({
        path: '/api/v1/users',
        body: { username: 'new', password: USER_PASSWORD, role: 'viewer' },
      }),
      events: ['user.created'],
    },
    'PATCH /api/v1/users/:id': {
      done: async () => ({ path: `/api/v1/users/${await user()}`, body: { password: 'another password' } }),
      events: ['user.updated'],
    },
    'DELETE /api/v1/users/:id': {
      done: async () => ({ path: `/api/v1/users/${await user()}` }),
      events: ['user.deleted'],
    },
    'POST /api/v1/datasets': { done: dataset, events: ['data.uploaded'] },
    'DELETE /api/v1/datasets/:id': {
      async done() {
        const { path, ...options } = dataset()
        const { body } = await admin.call('POST', path, options)
        return { path: `/api/v1/datasets/${body.dataset_id}` }
      },
      events: ['data.deleted'],
      refused: () => ({ path: '/api/v1/datasets/sample', as: alice }),
    },
    'POST /api/v1/investigations': {
      done: () => ({ path: '/api/v1/investigations', body: { query: 'anything', dataset_id: 'sample' } }),
      events: ['investigation.created'],
    },
    'POST /api/v1/investigations/:id/cancel': steered('cancel'),
    'POST /api/v1/investigations/:id/pause': steered('pause'),
    'POST /api/v1/investigations/:id/resume': steered('resume'),
    'POST /api/v1/investigations/:id/share': {
      done: async () => ({
        path: `/api/v1/investigations/${await investigation()}/share`,
        body: { username: 'alice' },
      }),
      events: ['investigation.shared'],
    },
    'DELETE /api/v1/investigations/:id/share': {
      done: async () => {
        const path = `/api/v1/investigations/${await investigation()}/share`
        await admin.post(path, { username: 'alice' })
        return { path: `${path}?username=alice` }
      },
      events: ['investigation.unshared'],
    },
    'DELETE /api/v1/investigations/:id': {
      done: async () => ({ path: `/api/v1/investigations/${await ended()}` }),
      events: ['investigation.deleted'],
    },
    'PUT /api/v1/investigations/:id/anomalies/:anomaly_id/review': {
      done: async () => ({ path: `${await finding()}/review`, body: { verdict: 'confirmed' } }),
      events: ['investigation.finding_reviewed'],
    },
    'DELETE /api/v1/investigations/:id/anomalies/:anomaly_id/review': {
      done: async () => {
        const path = `${await finding()}/review`
        await admin.call('PUT', path, { body: { verdict: 'to_check' } })
        return { path }
      },
      events: ['investigation.finding_reviewed'],
    },
    'GET /api/v1/investigations/:id/report': guarded(
      async () => ({ path: `/api/v1/investigations/${await ended()}/report` }),
      'investigation.exported',
    ),
    'GET /api/v1/investigations/:id/anomalies/export': guarded(
      async () => ({ path: `/api/v1/investigations/${await ended()}/anomalies/export` }),
      'investigation.exported',
      'investigation.exported',
    ),
    'POST /api/v1/streams/:stream_id/cancel': guarded(
      async () => ({ path: `/api/v1/streams/${(await start(admin)).stream_id}/cancel` }),
      'stream.cancelled',
    ),
    'POST /api/v1/chat/stream': {
      done: () => ({ path: '/api/v1/chat/stream', body: { message: 'Olá' } }),
      events: ['chat.started'],
    },
    'POST /api/v1/chat/message': {
      done: () => ({ path: '/api/v1/chat/message', body: { message: 'Olá' } }),
      events: ['chat.started'],
    },
    'POST /api/v1/chat/ui': {
      done: () => ({
        path: '/api/v1/chat/ui',
        body: { id: 'audited', messages: [{ role: 'user', parts: [{ type: 'text', text: 'Olá' }] }] },
      }),
      events: ['chat.started'],
    },
    'POST /v1/chat/completions': {
      done: () => ({
        path: '/v1/chat/completions',
        body: { model: 'tributary', messages: [{ role: 'user', content: 'Olá' }] },
      }),
      events: ['chat.started'],
    },
    'POST /api/chat/stream': {
      done: () => ({ path: '/api/chat/stream', body: { chatSessionId: 'subapp', content: 'Olá' } }),
      events: ['chat.started'],
    },
    'POST /stream/chat': {
      done: () => ({ path: '/stream/chat', body: { message: 'Olá' } }),
      events: ['chat.started'],
    },
    'POST /api/v1/chat/direct/:provider/stream': {
      done: () => ({
        path: '/api/v1/chat/direct/local/stream',
        body: { messages: [{ role: 'user', content: 'Olá' }] },
      }),
      events: ['chat.started'],
    },
    'POST /api/stream/execute': {
      done: () => ({
        path: '/api/stream/execute',
        body: { action: { type: 'execute_task', description: 'Olá' } },
      }),
      events: ['action.started'],
    },
    'POST /api/stream/cancel/:streamId': guarded(
      async () => ({ path: `/api/stream/cancel/${(await start(admin)).stream_id}` }),
      'stream.cancelled',
    ),
    'POST /api/v1/chat/sessions': {
      done: () => ({ path: '/api/v1/chat/sessions', body: {} }),
      events: ['chat.created'],
    },
    'DELETE /api/v1/chat/sessions/:id': guarded(
      async () => ({ path: `/api/v1/chat/sessions/${await conversation()}` }),
      'chat.deleted',
    ),
    'POST /api/v1/chat/sessions/:id/share': {
      done: async () => ({
        path: `/api/v1/chat/sessions/${await conversation()}/share`,
        body: { username: 'alice' },
      }),
      events: ['chat.shared'],
    },
    'DELETE /api/v1/chat/sessions/:id/share': {
      done: async () => {
        const path = `/api/v1/chat/sessions/${await conversation()}/share`
        await admin.post(path, { username: 'alice' })
        return { path: `${path}?username=alice` }
      },
      events: ['chat.unshared'],
    },
    'POST /api/models': { done: () => ({ path: '/api/models', body: modelBody }), events: ['model.created'] },
    'PATCH /api/models/:id': guarded(
      async () => ({ path: await model(), body: { name: 'Ours' } }),
      'model.updated',
    ),
    'PUT /api/models/:id': guarded(async () => ({ path: await model(), body: modelBody }), 'model.updated'),
    'DELETE /api/models/:id': guarded(async () => ({ path: await model() }), 'model.deleted'),
    'POST /api/prompts': {
      done: () => ({ path: '/api/prompts', body: promptBody }),
      events: ['prompt.created'],
    },
    'PATCH /api/prompts/:id': guarded(
      async () => ({ path: await prompt(), body: { title: 'Changed' } }),
      'prompt.updated',
    ),
    'PUT /api/prompts/:id': guarded(
      async () => ({ path: await prompt(), body: promptBody }),
      'prompt.updated',
    ),
    'DELETE /api/prompts/:id': guarded(async () => ({ path: await prompt() }), 'prompt.deleted'),
    'POST /api/prompts/execute': executed('/api/prompts/execute'),
    'POST /api/prompts/execute/stream': executed('/api/prompts/execute/stream'),
    'POST /api/v1/channels/:channel/publications': {
      done: () => ({ path: '/api/v1/channels/topic:news/publications', body: { headline: 'x' } }),
      // Publications are audited in sums, which belong to no request.
      events: [],
      refused: () => ({ path: '/api/v1/channels/audit/publications', body: 1 }),
    },
    'POST /api/v1/audit/checkpoints': guarded(
      () => ({ path: '/api/v1/audit/checkpoints' }),
      'audit.checkpoint',
    ),
    'GET /api/v1/audit/export': guarded(
      () => ({ path: '/api/v1/audit/export' }),
      'audit.exported',
      'audit.exported',
    ),
    'POST /api/v1/audit/retention': {
      done: () => ({ path: '/api/v1/audit/retention', body: { before: new Date().toISOString() } }),
      events: ['audit.cut'],
    },
  }
}
