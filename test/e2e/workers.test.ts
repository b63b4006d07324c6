import { execFileSync } from 'node:child_process'
import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { postEvents } from '../support/clients.ts'
import { answerSeen, isType, storedAnswer } from '../support/conversation.ts'
import { gather, heard, publishNumbers, reconnected, summed } from '../support/crowd.ts'
import { deploy, type Instance, SHORT_LEASE, until } from '../support/deployment.ts'
import { closeFollowers } from '../support/follower.ts'
import { freePort } from '../support/port.ts'
import { openXai } from '../support/xai.ts'

t.setTimeout(300_000)

const { vendor, env: ofVendor } = await openXai()

const workersOf = (pid: number): number[] =>
  execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number)

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const both = (service: Instance): Promise<string> =>
  until(
    'both',
    async () => service.output(),
    (output) => output.includes('2 workers share the port'),
  )

/** A connection that is kept, and so one of one worker. */
const connection = (service: Instance, token: string) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const call = (method: string, path: string, body?: object) =>
    new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      request(`${service.url}${path}`, { agent, method, headers }, (answer) => {
        text(answer).then((body) => resolve({ status: answer.statusCode, body }), reject)
      })
        .on('error', reject)
        .end(body && JSON.stringify(body))
    })
  const observed = async () => JSON.parse((await call('GET', '/api/v1/observability')).body)
  return { call, observed, close: () => agent.destroy() }
}

/** A connection to a worker whose view is as wanted. */
const connectionTo = async (
  service: Instance,
  token: string,
  // biome-ignore lint/suspicious/noExplicitAny: bodies are looked at, not typed
  isWanted: (observed: any) => boolean,
) => {
  for (;;) {
    const one = connection(service, token)
    if (isWanted(await one.observed())) return one
    one.close()
  }
}

for (const [bus, settings] of [
  ['over Redis', {}],
  ['through the primary', { REDIS_URL: '' }],
] as const) {
  t.test(`two workers on one port, ${bus}`, async (t) => {
    const deployment = await deploy(t, 'sqlite')
    const service = await deployment.start({ WORKERS: '2', RATE_LIMIT_LOGIN: '8', ...settings })
    await both(service)
    t.equal(service.output().match(/^console: /gm)?.length, 1, 'the address is told once')
    t.notMatch(service.output(), 'another process', 'they are one service over one folder')
    const { token } = deployment
    const channel = 'topic:workers'
    const place = { origin: () => service.url, token, channel }
    const followers = await gather(place, 12)

    t.test('each has some of the subscribers, and hears what the other publishes', async (t) => {
      const views = new Map<string, number>()
      while (views.size < 2) {
        const one = connection(service, token)
        const { instance } = await one.observed()
        views.set(instance.id, instance.channels.subscribers)
        one.close()
      }
      const counts = [...views.values()]
      t.equal(
        counts.reduce((sum, count) => sum + count, 0),
        12,
      )
      t.ok(
        counts.every((count) => count > 0),
        `${counts}`,
      )
    })

    t.test('one scrape, wherever it arrives, counts both', async (t) => {
      const open = async (): Promise<number> => {
        const { text } = await service.call('GET', '/metrics')
        const line = /^sse_connections_active\{endpoint="\/api\/v1\/channels\/:channel\/events"\} (\d+)$/m
        return Number(line.exec(text)?.[1])
      }
      for (let n = 0; n < 4; n++) t.equal(await open(), 12)
    })

    t.test('a limit counts what is asked of either', async (t) => {
      const statuses: unknown[] = []
      for (let n = 0; n < 12; n++) {
        const one = connection(service, token)
        const login = { username: `nobody${n}`, password: 'wrong-password' }
        statuses.push((await one.call('POST', '/auth/login', login)).status)
        one.close()
      }
      const refused = statuses.filter((status) => status === 429).length
      t.ok(refused >= 4, `${refused} of 12 attempts are beyond the limit, of which each had no more than 6`)
    })

    t.test('SIGHUP replaces one after the other, and no stream loses anything', async (t) => {
      const before = workersOf(service.pid)
      t.equal(before.length, 2)
      process.kill(service.pid, 'SIGHUP')
      const replaced = () => service.output().match(/was replaced$/gm)?.length ?? 0
      let last = 0
      while (replaced() < 2) {
        await publishNumbers(place, last + 1, last + 20)
        last += 20
      }
      await Promise.all(followers.map((follower) => heard(follower, last)))
      t.same(summed(followers, last), { lost: 0, doubled: 0, disordered: 0 })
      const { connections, failed } = reconnected(followers)
      t.ok(connections >= 24, `${connections} connections of 12 clients: each was seen off`)
      t.same(failed, [])
      t.notOk(before.some(isAlive))
      t.notOk(workersOf(service.pid).some((pid) => before.includes(pid)))

      t.test('one that is killed is replaced, and whoever it kept waiting is told', async (t) => {
        const [victim] = workersOf(service.pid) as [number]
        process.kill(victim, 'SIGSTOP')
        const outcomes: unknown[] = []
        const asked = Array.from({ length: 4 }, async () => {
          const { call, close } = connection(service, token)
          outcomes.push(
            await call('GET', '/health/live').then(
              ({ status }) => status,
              ({ code }) => code,
            ),
          )
          close()
        })
        await until(
          'those of the other',
          async () => outcomes,
          ({ length }) => length === 3,
        )
        process.kill(victim, 'SIGKILL')
        await Promise.all(asked)
        t.same(outcomes, [200, 200, 200, 'ECONNRESET'])
        await publishNumbers(place, last + 1, last + 20)
        await until(
          'its successor',
          async () => workersOf(service.pid),
          (pids) => pids.length === 2 && !pids.includes(victim),
        )
        await Promise.all(followers.map((follower) => heard(follower, last + 20)))
        t.same(summed(followers, last + 20), { lost: 0, doubled: 0, disordered: 0 })
        t.same(reconnected(followers).failed, [])
      })
    })

    t.test('SIGTERM ends all', async (t) => {
      closeFollowers()
      const pids = workersOf(service.pid)
      service.signal('SIGTERM')
      t.same(await service.exited, { code: 0, signal: null })
      t.notOk(pids.some(isAlive))
    })
  })
}

t.test('turns of two workers through the primary', async (t) => {
  const deployment = await deploy(t, 'sqlite', { env: { ...SHORT_LEASE, ...ofVendor, REDIS_URL: '' } })
  const PORT = String(await freePort())
  const service = await deployment.start({ WORKERS: '2', PORT })
  await both(service)
  const { token } = deployment
  const tokens = Array.from({ length: 6 }, (_, n) => `palavra ${n}, ção 😀 `)

  /** A turn that has told its first token, who runs it, and a connection to the other worker. */
  const underWay = async (session_id: string) => {
    vendor.answers({ tokens, stepped: true })
    const viewer = await postEvents(service, '/api/v1/chat/stream', { message: 'Quem é você?', session_id })
    await vendor.step()
    await viewer.next(isType('chunk'))
    const streamId = viewer.headers['x-stream-id'] as string
    const stranger = await connectionTo(
      service,
      token,
      ({ instance, all }) => !all.instances.some(({ id }: { id: string }) => id === instance.id),
    )
    const [runs] = (await stranger.observed()).all.instances
    return { viewer, streamId, session_id, stranger, pid: Number(runs.id.split('-').at(-2)) }
  }

  t.test('cancelled on the one that does not run it', async (t) => {
    const asked = vendor.asked.length
    const { viewer, streamId, session_id, stranger } = await underWay('cancelled')
    const { status } = await stranger.call('POST', `/api/v1/streams/${streamId}/cancel`)
    t.equal(status, 202)
    await vendor.closed(asked)
    await viewer.ended()
    t.equal(JSON.parse(viewer.events.at(-1)?.data ?? '{}').type, 'cancelled')
    t.match(await storedAnswer(service, session_id, streamId), { state: 'cancelled', content: tokens[0] })
    stranger.close()
    void vendor.step()
  })

  t.test(
    'killed with its worker: the other ends it, and who comes back by its id has all of it',
    async (t) => {
      const { viewer, streamId, session_id, stranger, pid } = await underWay('killed')
      t.ok(workersOf(service.pid).includes(pid))
      await vendor.step()
      await viewer.next(({ data }) => data.includes('palavra 1'))
      process.kill(pid, 'SIGKILL')
      await viewer.ended()
      // Until the primary has seen it end, a new connection may still be given to it, and is then reset.
      await until(
        'its successor',
        async () => workersOf(service.pid),
        (pids) => pids.length === 2 && !pids.includes(pid),
      )
      const back = await service.events(`/api/v1/chat/stream/${streamId}`, {
        lastEventId: viewer.events.at(-1)?.id as string,
      })
      await back.ended()
      t.match(JSON.parse(back.events.at(-1)?.data ?? '{}'), { type: 'error', error_code: 'INTERRUPTED' })
      const stored = await storedAnswer(service, session_id, streamId)
      t.equal(answerSeen([...viewer.events, ...back.events]), stored.content)
      stranger.close()
      void vendor.step()
    },
  )

  t.test(
    'killed with the primary: all end; the next start ends it, and tells readers that the bus is new',
    async (t) => {
      const place = { origin: () => service.url, token, channel: 'topic:primary' }
      const [follower] = await gather(place, 1)
      const { viewer, streamId, session_id, stranger } = await underWay('all-killed')
      const pids = workersOf(service.pid)
      // A killed service keeps what it wrote down: the first of the text follows the first token within a second.
      await until(
        'the first token in the store',
        () => service.call('GET', `/api/v1/chat/sessions/${session_id}/messages`),
        ({ body }) => body.items.some(({ content }: { content: string }) => content === tokens[0]),
      )
      await service.kill()
      await viewer.ended()
      await until(
        'their end',
        async () => pids,
        (all) => !all.some(isAlive),
      )
      stranger.close()
      const again = await deployment.start({ WORKERS: '2', PORT })
      await both(again)
      t.notMatch(again.output(), 'another process')
      t.match(await storedAnswer(again, session_id, streamId), { state: 'error', content: tokens[0] })
      await until('word of the new epoch', async () => follower?.recoveries.length, Boolean)
      t.match(follower?.recoveries, [{ recovered: false, reason: 'epoch_changed' }])
      await publishNumbers(place, 1, 5)
      await (follower && heard(follower, 5))
      void vendor.step()
    },
  )
})
