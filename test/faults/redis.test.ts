import { setTimeout as pace } from 'node:timers/promises'
import t from 'tap'
import { heard, numbersOf, publishNumbers } from '../support/crowd.ts'
import { deploy, type Instance, LEASE_MS, SHORT_LEASE, until } from '../support/deployment.ts'
import { type Follower, follow } from '../support/follower.ts'
import { isLong, often } from '../support/long.ts'
import { assertOneStory, foundIn, investigate, runs, toEnd, uploadPlanted, watch } from '../support/story.ts'

t.setTimeout(isLong ? 3_600_000 : 300_000)

/** How often the push connections are killed, once a second. */
const PUSH_KILLS = often(5, 120)

const ready = async (instance: Instance): Promise<number> =>
  (await instance.call('GET', '/health/ready')).status

const sequence = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)

/** Requests begun at a fixed pace, whatever the ones before them take; their times in ms, ascending. */
const timed = async (ask: () => Promise<{ status: number }>, count: number, everyMs: number) => {
  const times: Promise<number>[] = []
  for (let n = 0; n < count; n++) {
    const from = performance.now()
    times.push(
      ask().then(({ status }) => {
        if (status !== 200) throw new Error(`answered ${status}`)
        return performance.now() - from
      }),
    )
    await pace(everyMs)
  }
  return (await Promise.all(times)).sort((x, y) => x - y)
}
const p99 = (times: readonly number[]): number => times[Math.floor(times.length * 0.99)] as number

for (const [persistence, redisArgs] of [
  ['no persistence', []],
  ['an append-only file', ['--appendonly', 'yes', '--appendfsync', 'always']],
] as const)
  t.test(`Redis with ${persistence}`, async (t) => {
    const deployment = await deploy(t, 'sqlite', { redisArgs: [...redisArgs], env: SHORT_LEASE })
    const { redis } = deployment
    const instances = [await deployment.start(), await deployment.start()]
    const a = instances[0] as Instance
    const dataset = await uploadPlanted(a, 20_000)
    /** Publishes numbers on the instances in turn. */
    const publish = (channel: string, from: number, to: number): Promise<void> => {
      let turn = 0
      const origin = () => (instances[turn++ % instances.length] as Instance).url
      return publishNumbers({ origin, token: deployment.token, channel }, from, to)
    }
    const on = (channel: string): Promise<Follower[]> =>
      Promise.all(
        instances.map(async ({ url }) => {
          const path = `/api/v1/channels/${channel}/events`
          const follower = follow({ address: () => url, path, token: deployment.token })
          await until('a connection', async () => follower.connections, Boolean)
          return follower
        }),
      )

    t.test('killed and restarted: runs go on, watchers are told and miss nothing', async (t) => {
      const topic = await on('topic:restart')
      await publish('topic:restart', 1, 40)
      await Promise.all(topic.map((follower) => heard(follower, 40)))
      const { id, holder, other } = await investigate(instances, dataset)
      const watchers = instances.map(({ url }) => watch(deployment, id, () => url))
      await other.call('POST', `/api/v1/investigations/${id}/pause`)
      await Promise.all(
        watchers.map((watcher) => watcher.saw(({ data }) => JSON.parse(data).type === 'paused')),
      )

      await redis.kill()
      for (const instance of instances)
        await until(
          'red',
          () => ready(instance),
          (status) => status === 503,
        )
      t.match((await a.call('GET', '/health/ready')).body.checks, { store: 'ok', bus: 'unavailable' })
      const refused = await a.call('POST', '/api/v1/channels/topic:restart/publications', { body: { n: 0 } })
      t.match(refused, { status: 503, body: { code: 'BUS_UNAVAILABLE' } }, 'before it is back')
      const resumed = await other.call('POST', `/api/v1/investigations/${id}/resume`)
      t.equal(resumed.status, 202, 'a run is steered without the bus')
      const progress = async () => (await holder.call('GET', `/api/v1/investigations/${id}`)).body.progress
      await until('progress without the bus', progress, (share) => share >= 95)

      await redis.start()
      const back = performance.now()
      for (const instance of instances)
        await until(
          'green',
          () => ready(instance),
          (status) => status === 200,
        )
      t.comment(`ready ${Math.round(performance.now() - back)} ms after the restart`)
      for (const follower of topic)
        await until('word of the new epoch', async () => follower.recoveries.length, Boolean)
      await publish('topic:restart', 41, 80)
      for (const follower of topic) {
        await heard(follower, 80)
        t.same(numbersOf(follower), sequence(1, 80))
        t.match(follower.recoveries, [{ recovered: false, reason: 'epoch_changed' }])
        t.equal(follower.connections, 1, 'it stayed connected')
        follower.close()
      }
      const stored = (await a.call('GET', `/api/v1/investigations/${id}/anomalies?limit=1000`)).body.items
      for (const watcher of watchers) {
        const story = await toEnd(watcher)
        assertOneStory(t, story, 'complete')
        t.same(foundIn(story), stored.map(({ anomaly_id }: { anomaly_id: string }) => anomaly_id).sort())
        t.ok(watcher.recoveries.some(({ recovered }) => !recovered))
      }
    })

    if (persistence !== 'no persistence') {
      t.test(
        'down when a process dies: its runs are taken over, ends are told when it is back',
        async (t) => {
          const ended = await investigate(instances, dataset)
          const left = await investigate(instances, dataset)
          const follower = watch(deployment, ended.id, () => left.other.url)
          for (const { id } of [ended, left]) await a.call('POST', `/api/v1/investigations/${id}/pause`)
          await follower.saw(({ data }) => JSON.parse(data).type === 'paused')
          await redis.kill()
          const cancelled = await ended.holder.call('POST', `/api/v1/investigations/${ended.id}/cancel`)
          t.equal(cancelled.status, 202)
          await pace(1.5 * LEASE_MS)
          await left.holder.kill()
          const state = async () => (await left.other.call('GET', `/api/v1/streams/${left.streamId}`)).body
          await until('the takeover', state, ({ instance }) => runs(left.other, instance))
          await redis.start()
          assertOneStory(t, await toEnd(follower), 'cancelled')
          await left.other.call('POST', `/api/v1/investigations/${left.id}/resume`)
          assertOneStory(t, await toEnd(watch(deployment, left.id, () => left.other.url)), 'complete')
        },
      )
      return
    }

    t.test('its push connections killed every second: no gap', async (t) => {
      const topic = await on('topic:push')
      let n = 0
      for (let kill = 0; kill < PUSH_KILLS; kill++) {
        const second = pace(1000)
        await publish('topic:push', n + 1, n + 40)
        t.ok(Number(await redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub')) >= 2, 'both had one')
        await publish('topic:push', n + 41, n + 80)
        n += 80
        await second
      }
      for (const follower of topic) {
        await heard(follower, n)
        t.same(numbersOf(follower), sequence(1, n))
        t.same(follower.recoveries, [])
        t.equal(follower.connections, 1)
        follower.close()
      }
      t.comment(`${PUSH_KILLS} kills, ${n} publications, 2 clients: 0 gaps`)
    })

    t.test('hung: HTTP is not, readiness is red, publishing is refused', async (t) => {
      const topic = await on('topic:hang')
      await publish('topic:hang', 1, 20)
      const live = () => a.call('GET', '/health/live')
      const stored = () => a.call('GET', '/api/v1/datasets')
      await timed(stored, 50, 10)
      const before = [p99(await timed(live, 120, 10)), p99(await timed(stored, 120, 10))]
      redis.pause()
      const from = performance.now()
      const over: string[] = []
      const publishing = a.call('POST', '/api/v1/channels/topic:hang/publications', {
        body: { n: 21 },
        headers: { 'idempotency-key': 'topic:hang-21' },
      })
      const [refused] = await Promise.all([
        publishing.finally(() => over.push('refused')),
        Promise.all([live(), stored()]).finally(() => over.push('answered')),
      ])
      const took = performance.now() - from
      t.match(refused, { status: 503, body: { code: 'BUS_UNAVAILABLE' } }, 'before it goes on')
      t.same(over, ['answered', 'refused'], 'who does not need it does not wait as long as who does')
      await until(
        'red',
        () => ready(a),
        (status) => status === 503,
      )
      const red = performance.now() - from
      const during = [p99(await timed(live, 120, 10)), p99(await timed(stored, 120, 10))]
      redis.resume()
      await until(
        'green',
        () => ready(a),
        (status) => status === 200,
      )
      await publish('topic:hang', 21, 40)
      for (const follower of topic) {
        await heard(follower, 40)
        t.same(numbersOf(follower), sequence(1, 40), 'nothing lost, nothing twice')
        follower.close()
      }
      const [l0, s0, l1, s1] = [...before, ...during].map(Math.round) as [number, number, number, number]
      t.comment(`publish refused after ${Math.round(took)} ms, readiness red after ${Math.round(red)} ms`)
      t.comment(`p99 of /health/live ${l0} → ${l1} ms, of a GET from the store ${s0} → ${s1} ms`)
    })
  })
