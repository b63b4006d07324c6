import t from 'tap'
import { deploy, type Instance, until } from '../support/deployment.ts'
import { uploadPlanted } from '../support/story.ts'

t.setTimeout(300_000)

const ready = async (instance: Instance): Promise<number> =>
  (await instance.call('GET', '/health/ready')).status

t.test('a Redis that answers and takes no writes', async (t) => {
  const { redis, start } = await deploy(t, 'sqlite')
  const instance = await start()
  const dataset = await uploadPlanted(instance, 500)
  const post = (path: string, body: unknown) => instance.call('POST', path, { body })
  const asked = [
    ['/api/v1/chat/stream', { message: 'hello', session_id: 'never' }],
    ['/api/v1/chat/message', { message: 'hello', session_id: 'never' }],
    [
      '/api/v1/chat/ui',
      { id: 'never', messages: [{ role: 'user', parts: [{ type: 'text', text: 'hello' }] }] },
    ],
    ['/api/chat/stream', { chatSessionId: 'never', content: 'hello' }],
    ['/stream/chat', { message: 'hello', conversation_id: 'never' }],
    ['/api/v1/chat/direct/local/stream', { messages: [{ role: 'user', content: 'hello' }] }],
    ['/v1/chat/completions', { model: 'tributary', messages: [{ role: 'user', content: 'hello' }] }],
    ['/api/stream/execute', { action: { type: 'investigate', description: 'look' } }],
  ] as const
  for (const [fault, setting, broken, whole] of [
    ['without its replicas', 'min-replicas-to-write', '1', '0'],
    ['full', 'maxmemory', '1', '0'],
  ] as const) {
    t.equal(await ready(instance), 200)
    await redis.command('CONFIG', 'SET', setting, broken)
    const from = performance.now()
    t.equal(await ready(instance), 503, `${fault}: not ready`)
    t.match((await instance.call('GET', '/health/ready')).body, {
      checks: { bus: 'unavailable', store: 'ok' },
    })
    const red = performance.now() - from
    const times: number[] = []
    for (const [path, body] of asked) {
      const since = performance.now()
      const answer = await post(path, body)
      times.push(performance.now() - since)
      t.equal(answer.status, 503, `${fault}: ${path}`)
      t.match(answer.text, /BUS_UNAVAILABLE/i)
    }
    t.equal((await instance.call('GET', '/api/v1/chat/sessions/never')).status, 404, 'nothing was kept')
    const away = await instance.events('/api/stream/chat?message=hello')
    t.equal(away.status, 200, 'an EventSource is sent away, not ended')
    await away.ended()
    t.same([away.retries.length, away.events.length], [1, 0])
    const { status, body } = await post('/api/v1/investigations', { query: 'look', dataset_id: dataset })
    t.ok(status === 202 || status === 503, `${fault}: an investigation is kept or refused: ${status}`)
    await redis.command('CONFIG', 'SET', setting, whole)
    t.equal(await ready(instance), 200, 'ready again')
    if (status === 202)
      await until(
        'the investigation that was kept',
        async () =>
          (await instance.call('GET', `/api/v1/investigations/${body.investigation_id}`)).body.status,
        (state) => state === 'completed',
      )
    const answered = await post('/api/v1/chat/message', { message: 'hello' })
    t.equal(answered.status, 200)
    t.comment(
      `${fault}: red after ${Math.round(red)} ms, turns refused after ${Math.round(Math.max(...times))} ms at most`,
    )
  }
})
