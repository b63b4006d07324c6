import t from 'tap'
import {
  allItems,
  type Client,
  login,
  startProcess,
  temporaryFolder,
  USER_PASSWORD,
} from '../support/process.ts'

const SERVICE_KILLS = 3

/** Asks for tickets until the service is gone. @returns the request ids of those that it answered */
const ticketsUntilGone = async (admin: Client, worker: string, onAnswer: () => void): Promise<string[]> => {
  const answered: string[] = []
  for (let n = 0; ; n++) {
    const id = `${worker}-${n}`
    const answer = await admin
      .call('POST', '/api/v1/auth/tickets', { headers: { 'x-request-id': id } })
      .catch(() => undefined)
    if (!answer) return answered
    if (answer.status === 201) answered.push(id)
    onAnswer()
  }
}

/** Makes users until the service is gone. @returns the ids that it answered */
const usersUntilGone = async (admin: Client, worker: string): Promise<string[]> => {
  const answered: string[] = []
  for (let n = 0; ; n++) {
    const user = { username: `${worker}-${n}`, password: USER_PASSWORD, role: 'viewer' }
    const answer = await admin.post('/api/v1/users', user).catch(() => undefined)
    if (!answer) return answered
    if (answer.status === 201) answered.push(answer.body.id)
  }
}

t.test('a service that is killed while it answers has every action in its log', async (t) => {
  const DATA_DIR = await temporaryFolder()
  const answered: string[] = []
  const made: string[] = []
  for (let round = 0; round < SERVICE_KILLS; round++) {
    const service = await startProcess({ DATA_DIR, LOG_LEVEL: 'error' })
    const admin = await login(service.url)
    let left = 20 + Math.floor(Math.random() * 200)
    const users = Promise.all([0, 1, 2].map((n) => usersUntilGone(admin, `${round}-${n}`)))
    const tickets = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        ticketsUntilGone(admin, `${round}-${n}`, () => {
          if (--left === 0) void service.kill()
        }),
      ),
    )
    await service.exited
    answered.push(...tickets.flat())
    made.push(...(await users).flat())
  }
  const service = await startProcess({ DATA_DIR, LOG_LEVEL: 'error' })
  const admin = await login(service.url)
  const events = await allItems(admin, '/api/v1/audit/events?event_type=auth.ticket&limit=1000')
  const logged = new Set(events.map(({ request_id }) => request_id))
  t.comment(`${SERVICE_KILLS} kills, ${answered.length} answered, ${made.length} users made`)
  t.ok(answered.length >= 60)
  t.same(
    answered.filter((id) => !logged.has(id)),
    [],
  )
  const users = (await allItems(admin, '/api/v1/users?limit=1000')).map(({ id }) => id)
  const told = await allItems(admin, '/api/v1/audit/events?event_type=user.created&limit=1000')
  t.same(
    told.map(({ resource_id }) => resource_id).sort(),
    users.sort(),
    'every user that is there was told, answered or not, and nobody else',
  )
  t.same(
    made.filter((id) => !users.includes(id)),
    [],
  )
  const { body } = await admin.get('/api/v1/audit/verify')
  t.match(body, { valid: true, first_broken: null })

  const { body: checkpoint, status } = await admin.post('/api/v1/audit/checkpoints')
  t.equal(status, 201)
  await service.kill('SIGTERM')
  const again = await startProcess({ DATA_DIR, LOG_LEVEL: 'error' })
  const later = await login(again.url)
  const since = await later.get(`/api/v1/audit/verify?since=${checkpoint.id}`)
  t.match(since.body, { valid: true, first_broken: null }, 'the key outlives the process')
  t.ok(since.body.checked < body.checked)
})

t.test('what was published is in the log as a sum once the service has stopped', async (t) => {
  const first = await startProcess({ LOG_LEVEL: 'error' })
  const publisher = await login(first.url)
  for (let n = 0; n < 3; n++)
    t.equal((await publisher.post('/api/v1/channels/topic:news/publications', { n })).status, 202)
  for (let repeat = 0; repeat < 3; repeat++) {
    const once = { body: { n: 3 }, headers: { 'idempotency-key': 'k' } }
    const { status } = await publisher.call('POST', '/api/v1/channels/topic:news/publications', once)
    t.equal(status, 202)
  }
  t.same(await first.kill('SIGTERM'), { code: 0, signal: null })
  const next = await startProcess({ DATA_DIR: first.dataDir, LOG_LEVEL: 'error' })
  const { body } = await (await login(next.url)).get('/api/v1/audit/events?event_type=channel.published')
  t.match(body.items, [{ resource_id: 'topic:news', details: { publications: 4 } }], 'a repeat is none')
  t.equal(body.items.length, 1)
})
