import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import { openEvents } from '../support/event-source.ts'
import { login, PATIENCE_MS, startProcess } from '../support/process.ts'
import { program } from '../support/program.ts'

const CONNECTIONS = 3
const REQUESTS = 30

const ip = program('ip', 'iproute2')
const run = promisify(execFile)

/** Networks of this run; the process's number keeps runs apart that go on at once. */
const network = `fd77:${(process.pid % 65_536).toString(16)}:0`
const addresses = Array.from({ length: 12 }, (_, host) => `${network}:1:${host}::1`)
const neighbour = `${network}:2::1`

t.test('a whole /64 of IPv6 is one address to every limit', async (t) => {
  for (const address of [...addresses, neighbour]) {
    await run(ip, ['-6', 'address', 'add', `${address}/128`, 'dev', 'lo', 'nodad'])
    t.teardown(() => run(ip, ['-6', 'address', 'delete', `${address}/128`, 'dev', 'lo']))
  }
  const service = await startProcess({
    HOST: '::',
    RATE_LIMIT_PER_ADDRESS: String(REQUESTS),
    MAX_CONNECTIONS_PER_IP: String(CONNECTIONS),
  })
  const { port } = new URL(service.url)
  const { token } = await login(`http://127.0.0.1:${port}`)
  let turn = 0
  /** Asks from the next address of the network, unless another is given. */
  const ask = (
    path: string,
    {
      from = addresses[turn++ % addresses.length] as string,
      ...more
    }: { from?: string; method?: string; body?: string } = {},
  ) =>
    openEvents(`http://[${from}]:${port}${path}`, {
      localAddress: from,
      patienceMs: PATIENCE_MS,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...more,
    })
  const listen = (from?: string) =>
    ask('/api/v1/channels/topic:one/events', from === undefined ? {} : { from })

  const open = []
  for (let n = 0; n < CONNECTIONS; n++) open.push(await listen())
  for (const stream of open) t.equal(stream.headers['retry-after'], undefined, 'there is a place')
  const sentAway = await listen()
  t.match(sentAway.headers, { 'retry-after': /^\d+$/ }, 'connections')
  t.equal(await sentAway.ended(), 'whole')
  const other = await listen(neighbour)
  t.equal(other.headers['retry-after'], undefined, 'another /64 has its own')
  for (const stream of [...open, other]) stream.close()

  const signIn = (from?: string) =>
    ask('/auth/login', {
      method: 'POST',
      body: JSON.stringify({ username: 'admin', password: 'not the password' }),
      ...(from !== undefined && { from }),
    })
  const statuses: number[] = []
  for (let n = 0; n < 6; n++) statuses.push((await signIn()).status)
  t.same(statuses, [401, 401, 401, 401, 401, 429], 'failed sign-ins')
  t.equal((await signIn(neighbour)).status, 401)

  let [asked, last] = [CONNECTIONS + 1 + statuses.length, 200]
  for (; last === 200; asked++) {
    const answer = await ask('/api/v1/datasets')
    answer.close()
    last = answer.status
  }
  t.same([asked, last], [REQUESTS + 1, 429], 'requests')
  t.equal((await ask('/api/v1/datasets', { from: neighbour })).status, 200)
})
