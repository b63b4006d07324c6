import { createPrivateKey } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { newUsers } from '../support/clients.ts'
import { until } from '../support/deployment.ts'
import { pncpContract, pncpPage } from '../support/portal.ts'
import { ADMIN_PASSWORD, type Client, login, USER_PASSWORD } from '../support/process.ts'
import type { Answer as VendorAnswer } from '../support/vendor.ts'

/** Users of the story, by their names. */
export const ROLES = { ana: 'analyst', leo: 'viewer', rita: 'auditor', paulo: 'publisher' } as const
export type Name = keyof typeof ROLES | 'admin'
export type Users = Record<Name, Client>

/** Signs everybody of the story in. */
export const signIn = async (url: string): Promise<Users> => {
  const named = ['admin', ...Object.keys(ROLES)].map(async (name) => [
    name,
    await login(url, name, name === 'admin' ? ADMIN_PASSWORD : USER_PASSWORD),
  ])
  return Object.fromEntries(await Promise.all(named))
}

/** The key that signs the audit log in the story, which everybody may know: 32 zeros behind the head of its format. */
export const AUDIT_KEY = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32)]),
  format: 'der',
  type: 'pkcs8',
})
  .export({ type: 'pkcs8', format: 'pem' })
  .toString()
export const JWT_SECRET = 'a secret of the story, which everybody may know'

/** A page of the PNCP has two contracts. */
export const PAGES = 3

/** A PNCP whose second page comes once `open` has been called. */
export const startPncp = async (): Promise<{ url: string; open(): void; close(): void }> => {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const server = createServer(async (request, response) => {
    const page = Number(new URL(request.url ?? '/', 'http://pncp').searchParams.get('pagina'))
    if (page > 1) await opened
    response.setHeader('content-type', 'application/json')
    response.end(pncpPage([pncpContract(2 * page), pncpContract(2 * page + 1)], PAGES))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** An answer of the service that is to be the same when another release gives it. */
export interface Told {
  as: Name
  path: string
  // biome-ignore lint/suspicious/noExplicitAny: bodies are compared, not typed
  body: any
}

/** A client's position in something that has not ended. */
export interface Standing {
  stream_id: string
  /** The last id that it saw. */
  id: string
}

/** The runs that the story leaves unfinished, and a channel of which a client has not seen all. */
export interface Unfinished {
  turn: Standing & { session_id: string; content: string }
  investigation: Standing & { investigation_id: string }
  /** Its publications, and the `Idempotency-Key` of the last. */
  channel: { name: string; ids: string[]; data: unknown[]; key: string }
}

/** Three contracts that stand twice in the file, under two numbers, and one that does not. */
const CSV = `Número;Fornecedor;CNPJ;Órgão;Objeto;Valor;Data de assinatura
${[
  'Reforma da quadra da escola São José',
  'Merenda para as creches da zona sul',
  'Locação de ônibus escolares',
]
  .flatMap((object, n) =>
    [5, 8].map(
      (day) =>
        `${n}${day}/2024;Açaí & Cia;12.345.678/0001-95;Prefeitura;${object};${84_300 + 1700 * n},00;0${day}/0${3 + n}/2024`,
    ),
  )
  .join('\n')}
99/2024;Papelaria São João;00.000.000/0001-91;Prefeitura;Papel A4;1.250,50;02/07/2024
`

/** @throws {Error} unless the answer is one of success */
const made = async (answer: ReturnType<Client['post']>) => {
  const { status, body, text } = await answer
  if (status >= 300) throw new Error(`${status}: ${text}`)
  return body
}

/**
 * Lives a while with a service: users, files, conversations, investigations, reviews, shares, prompts, publications and
 * an audit log, and at last a turn and an investigation that do not end. Returns what the service told of it.
 * @param next queues what the vendor `xai` answers
 */
export const live = async (
  url: string,
  next: (answer: VendorAnswer) => unknown,
): Promise<{ told: Told[]; unfinished: Unfinished }> => {
  const admin = await login(url)
  const { ana, rita, paulo } = await newUsers(admin, url, ROLES)
  const left = await made(
    admin.post('/api/v1/users', { username: 'left', password: USER_PASSWORD, role: 'viewer' }),
  )
  await made(admin.call('PATCH', `/api/v1/users/${left.id}`, { body: { disabled: true } }))

  const { dataset_id } = await made(ana.upload(new TextEncoder().encode(CSV), { name: 'prefeitura.csv' }))
  const say = (session_id: string, message: string, provider: string) =>
    made(ana.post('/api/v1/chat/message', { session_id, message, provider }))
  await say('talk', 'Quantos contratos há na Prefeitura?', 'local')
  next({ tokens: ['Olá', ', ', 'ção 😀'] })
  await say('talk', 'Quem é você?', 'xai')
  await made(ana.post('/api/v1/chat/sessions/talk/share', { username: 'leo' }))

  const {
    investigation_id: id,
    stream_id,
    stream_url,
  } = await ana.investigate(dataset_id, { language: 'pt' })
  await (await ana.events(stream_url)).ended()
  const anomalies = `/api/v1/investigations/${id}/anomalies`
  const found: { anomaly_id: string }[] = (await made(ana.get(`${anomalies}?limit=100`))).items
  for (const [nth, verdict] of ['confirmed', 'dismissed'].entries())
    await made(
      ana.call('PUT', `${anomalies}/${found[nth]?.anomaly_id}/review`, {
        body: { verdict, note: `seen: ${verdict}` },
      }),
    )
  await made(ana.post(`/api/v1/investigations/${id}/share`, { public: true }))
  const model = await made(ana.post('/api/models', { name: 'Rules', provider: 'local', modelId: 'local' }))
  const prompt = await made(
    ana.post('/api/prompts', { title: 'Gasto', content: 'Quanto gastou {{body}}?', modelId: model.id }),
  )
  await made(admin.post('/api/v1/audit/checkpoints'))

  const name = 'topic:news'
  const reader = await ana.events(`/api/v1/channels/${name}/events`)
  const data = Array.from({ length: 6 }, (_, n) => ({ n, text: `notícia ${n}` }))
  const key = 'the last of them'
  for (const [nth, body] of data.entries())
    await made(
      paulo.call('POST', `/api/v1/channels/${name}/publications`, {
        body,
        headers: nth === data.length - 1 ? { 'idempotency-key': key } : {},
      }),
    )
  const ids = (await reader.take(data.length)).map((event) => event.id as string)
  reader.close()

  const told: Told[] = []
  const ask = async (who: Client, as: Name, path: string) =>
    void told.push({ as, path, body: await made(who.get(path)) })
  await ask(ana, 'ana', '/api/v1/chat/sessions/talk/messages')
  await ask(ana, 'ana', `/api/v1/datasets/${dataset_id}`)
  await ask(ana, 'ana', `/api/v1/datasets/${dataset_id}/contracts?limit=3`)
  await ask(ana, 'ana', `/api/v1/investigations/${id}`)
  await ask(ana, 'ana', `${anomalies}?limit=100`)
  await ask(ana, 'ana', `/api/v1/streams/${stream_id}`)
  await ask(ana, 'ana', `/api/prompts/${prompt.id}`)
  await ask(ana, 'ana', `/api/models/${model.id}`)
  await ask(rita, 'rita', '/api/v1/audit/checkpoints')
  await ask(rita, 'rita', '/api/v1/audit/events?limit=3')
  await ask(admin, 'admin', '/api/v1/users')

  next({ tokens: ['metade ', 'da resposta'], stall: 'between' })
  const turn = await ana.events('/api/v1/chat/stream', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ session_id: 'cut', message: 'E agora?', provider: 'xai' }),
  })
  const chunk = await turn.next((event) => JSON.parse(event.data).type === 'chunk')
  const { stream_id: turnId, content } = JSON.parse(chunk.data)
  await until(
    'the text in the store',
    async () => (await ana.get('/api/v1/chat/sessions/cut/messages')).body.items.at(-1).content,
    (stored) => stored === content,
  )
  const begun = await made(
    ana.post('/api/v1/investigations', { query: 'tudo', data_source: 'pncp', language: 'pt' }),
  )
  const progress = await (await ana.events(begun.stream_url)).next(
    (event) => JSON.parse(event.data).current_phase === 'collecting_data',
  )
  return {
    told,
    unfinished: {
      turn: { session_id: 'cut', stream_id: turnId, id: chunk.id as string, content },
      investigation: {
        investigation_id: begun.investigation_id,
        stream_id: begun.stream_id,
        id: progress.id as string,
      },
      channel: { name, ids, data, key },
    },
  }
}
