/**
 * Shows what compiles and what must not, as a user of the package writes it. The type check of this repository reads it
 * against the sources, `test/client/package.test.ts` against the packed package.
 */
import { type ApiError, type ConnectionState, createClient, type Publication } from '@tributary/client'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
/** Compiles only where the types are the same; `any` is the same as nothing but itself. */
const same = <A, B>(..._proof: Same<A, B> extends true ? [] : [never]): void => undefined

const client = createClient({ url: 'http://localhost:8000', transport: 'auto', bufferEvents: 100 })
// @ts-expect-error there is no such transport
createClient({ url: '', transport: 'carrier-pigeon' })
// @ts-expect-error there is no service without its address
createClient({})

export const chat = async (): Promise<void> => {
  const run = client.chat({ message: 'hello' })
  // @ts-expect-error a chat needs its message
  client.chat({ session_id: 'x' })
  for await (const event of run) {
    if (event.type === 'chunk') same<typeof event.content, string>()
    if (event.type === 'complete') same<typeof event.total_tokens, number>()
    // @ts-expect-error no event has this name
    if (event.type === 'chonk') break
    // @ts-expect-error an anomaly is no event of a chat
    if (event.type === 'anomaly') break
    // @ts-expect-error what an event has is known only by its type
    event.content
  }
  same<typeof run.text, string>()
  same<typeof run.position, string | undefined>()
  const end = await run.result
  same<typeof end.type, 'complete' | 'error' | 'cancelled'>()
  // @ts-expect-error a chunk is no end
  if (end.type === 'chunk') return
}

export const investigation = async (): Promise<void> => {
  const run = client.investigate({ query: 'everything', dataset_id: 'sample' })
  for await (const event of run) {
    if (event.type === 'anomaly') same<typeof event.severity, 'low' | 'medium' | 'high' | 'critical'>()
    if (event.type === 'progress') same<typeof event.progress, number>()
    // @ts-expect-error a chunk is no event of an investigation
    if (event.type === 'chunk') break
  }
  for await (const event of client.execute({ promptId: 1, variables: { name: 'x' } }))
    if (event.type === 'done') same<typeof event.finish_reason extends string | null ? true : false, true>()
  client.attachInvestigation('id', { position: 'p' }).detach()
}

export const channel = async (): Promise<void> => {
  const items = client.subscribe('topic:x', { recover: { epoch: 'e', offset: 1 } })
  // @ts-expect-error there is no such beginning
  client.subscribe('topic:x', { recover: 1 })
  for await (const item of items) {
    if ('type' in item) same<typeof item.recovered, false>()
    else same<typeof item, Publication>()
  }
  client.on('state', (state) => same<typeof state, ConnectionState>())
  // @ts-expect-error a client has no other event
  client.on('stat', () => undefined)
}

export const api = async (id: string, path: string): Promise<void> => {
  const stream = await client.api.get(`/api/v1/streams/${id}`)
  same<typeof stream.stream_id, string>()
  const history = await client.api.get(`/api/v1/channels/${id}/history?limit=3`)
  same<typeof history.epoch, string>()
  const dataset = await client.api.get(`/api/v1/datasets/${id}`)
  same<typeof dataset.dataset_id, string>()
  const contracts = await client.api.get(`/api/v1/datasets/${id}/contracts?limit=3`)
  same<typeof contracts.next, string | null>()
  const findings = await client.api.get(`/api/v1/investigations/${id}/anomalies?severity=high`)
  same<(typeof findings.items)[number]['severity'], 'low' | 'medium' | 'high' | 'critical'>()
  const page = await client.api.get('/api/v1/streams')
  same<(typeof page.items)[number]['state'], 'running' | 'completed' | 'failed' | 'cancelled'>()
  const made = await client.api.post('/api/prompts', { title: 'x', content: 'y' })
  same<typeof made.id, number>()
  same<Awaited<ReturnType<typeof client.api.delete<'/api/prompts/1'>>>, undefined>()
  const unknown = await client.api.get(path)
  same<typeof unknown, unknown>()
  // @ts-expect-error the service has no such path
  await client.api.get('/api/v1/datasetz')
  // @ts-expect-error this path knows no such method
  await client.api.post('/api/v1/streams')
  // @ts-expect-error a prompt has no such field
  await client.api.post('/api/prompts', { title: 'x', content: 'y', colour: 'z' })
  // @ts-expect-error a prompt needs its content
  await client.api.post('/api/prompts', { title: 'x' })
  // @ts-expect-error the answer has no such field
  stream.colour
}

export const problem = ({ status, code, detail, errors, retryAfter }: ApiError): void => {
  same<typeof status, number>()
  same<typeof code, string>()
  same<typeof detail, string>()
  same<typeof retryAfter, number | undefined>()
  for (const { field, reason } of errors) same<[typeof field, typeof reason], [string, string]>()
}
