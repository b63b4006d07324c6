import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { memoryBroker } from '../../src/channel/broker-memory.ts'
import { Hub } from '../../src/channel/hub.ts'
import { Presence } from '../../src/channel/presence.ts'
import { Problem } from '../../src/errors.ts'
import type { Store } from '../../src/store/database.ts'
import type { Ending, Execution, Runner, Stream } from '../../src/stream/stream.ts'
import { Streams } from '../../src/stream/streams.ts'
import { DIALECTS, openTestStore } from '../support/store.ts'

const LEASE_MS = 1000

/** One process of the service as far as streams go: instances share the store and the broker. */
const instance = (store: Store, hub: Hub, presence: Presence, name: string, limits: object = {}) => {
  const errors: unknown[] = []
  const streams = new Streams(store, hub, presence, {
    instance: name,
    leaseMs: LEASE_MS,
    maxPerUser: 3,
    orphanGraceMs: 300,
    maxDurationMs: 0,
    onError: (error) => errors.push(error),
    ...limits,
  })
  return { streams, errors }
}

/** A runner whose streams do what the test says. */
const runnerOf = (
  run: (execution: Execution) => Promise<Ending>,
  more: Partial<Runner> = {},
): Runner & { settled: string[] } => {
  const settled: string[] = []
  return {
    kind: 'work',
    concurrency: 2,
    resumable: true,
    run,
    settled,
    conclude: async (_stream, cause) =>
      cause.state === 'cancelled'
        ? { state: 'cancelled', event: { type: 'cancelled' } }
        : { state: 'failed', event: { type: 'error', error_code: cause.problem.code } },
    settle: async (_db, stream, ending) => {
      settled.push(`${stream.id} ${ending.state}`)
    },
    ended: async () => undefined,
    ...more,
  }
}

const completed: Ending = { state: 'completed', event: { type: 'complete' } }

const untilAborted = async ({ signal }: Execution): Promise<never> => {
  if (!signal.aborted) await once(signal, 'abort')
  throw signal.reason
}

/** Everything told on a channel, up to its terminal event. */
const story = (hub: Hub, channel: string): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const types: string[] = []
    hub
      .subscribe(
        channel,
        {
          deliver(publications) {
            for (const { data } of publications) {
              const { type } = JSON.parse(data)
              types.push(type)
              if (['complete', 'error', 'cancelled'].includes(type)) resolve(types)
            }
          },
          drained: async () => undefined,
          lost: () => reject(new Error('lost')),
        },
        'beginning',
      )
      .then((subscription) => subscription.start(), reject)
  })

for (const dialect of DIALECTS) {
  t.test(`streams on ${dialect}`, async (t) => {
    const store = await openTestStore(dialect)
    const broker = memoryBroker({ historySize: 1000, historyTtlMs: 60_000 })
    const hub = new Hub(broker)
    const presence = new Presence(broker, hub, { ttlMs: 1000 })
    t.teardown(async () => {
      presence.close()
      await hub.close()
      await broker.close()
    })
    let serial = 0
    const request = (more: object = {}) => {
      serial += 1
      return {
        kind: 'work',
        channel: `stream:${dialect}-${serial}`,
        owner: `user-${serial}`,
        onDisconnect: 'continue',
        ...more,
      } as const
    }
    const noRows = async () => undefined

    t.test(
      'of more that begin at once than a user may have, on several instances, so many are taken',
      async (t) => {
        const pool = ['a', 'b', 'c'].map((name) => instance(store, hub, presence, name).streams)
        const { owner } = request()
        const outcomes = await Promise.allSettled(
          Array.from({ length: 12 }, (_, n) =>
            pool[n % 3]?.start(request({ owner, kind: 'run by nobody' }), noRows),
          ),
        )
        const refused = outcomes.filter(({ status }) => status === 'rejected')
        t.equal(outcomes.length - refused.length, 3)
        t.ok(refused.every((one) => 'reason' in one && one.reason.code === 'TOO_MANY_STREAMS'))
      },
    )

    t.test('what is ending is aborted by nobody, though its lease is gone', async (t) => {
      const { streams } = instance(store, hub, presence, 'a')
      const aborted: boolean[] = []
      let goOn = (): void => undefined
      const told = new Promise<void>((resolve) => {
        goOn = resolve
      })
      let reached = (): void => undefined
      const ending = new Promise<void>((resolve) => {
        reached = resolve
      })
      let signal: AbortSignal | undefined
      const quick = runnerOf(
        async (execution) => {
          signal = execution.signal
          return completed
        },
        {
          kind: 'quick',
          async ended() {
            reached()
            await told
            aborted.push(signal?.aborted ?? true)
          },
        },
      )
      streams.work([quick, runnerOf(untilAborted)])
      const { id } = await streams.start(request(), noRows)
      const leaseOf = async () => (await streams.get(id))?.lease_until ?? 0
      const short = request({ kind: 'quick' })
      const terminal = story(hub, short.channel)
      await streams.start(short, noRows)
      await ending
      // Leases are looked at while the end is being told: twice, so that one look lies wholly inside.
      for (let looks = 0, last = await leaseOf(); looks < 2; ) {
        await new Promise((resolve) => setImmediate(resolve))
        const now = await leaseOf()
        if (now > last) looks++
        last = now
      }
      goOn()
      t.same(await terminal, ['complete'])
      t.same(aborted, [false])
      await streams.cancel(id)
      await streams.drain(5000)
    })

    t.test('runs to one terminal event, in the store before it is in the channel', async (t) => {
      const { streams, errors } = instance(store, hub, presence, 'a')
      const runner = runnerOf(async (execution) => {
        await execution.publish([JSON.stringify({ type: 'progress' })])
        return completed
      })
      streams.work([runner])
      const wanted = request()
      const told = story(hub, wanted.channel)
      const stream = await streams.start(wanted, noRows)
      t.same(await told, ['progress', 'complete'])
      await streams.drain(1000)
      const row = (await streams.get(stream.id)) as Stream
      t.equal(row.state, 'completed')
      t.equal(row.end_offset, 2)
      t.equal(row.epoch, row.end_epoch)
      t.same(JSON.parse(row.terminal_json as string), completed.event)
      t.same(runner.settled, [`${stream.id} completed`])
      t.same(errors, [])
    })

    t.test(
      'a run that throws ends as failed, with the code it threw and nothing of what it was',
      async (t) => {
        const { streams, errors } = instance(store, hub, presence, 'a')
        const kinds = [new Error('secret'), new Problem('SOURCE_ERROR', 'the source answered 500')]
        streams.work([
          runnerOf(
            async () => {
              throw kinds.shift()
            },
            { concurrency: 1 },
          ),
        ])
        const ends: unknown[] = []
        for (const wanted of [request(), request()]) {
          const told = story(hub, wanted.channel)
          const stream = await streams.start(wanted, noRows)
          t.same(await told, ['error'])
          ends.push(JSON.parse((await streams.get(stream.id))?.terminal_json as string).error_code)
        }
        t.same(ends, ['INTERNAL', 'SOURCE_ERROR'])
        await streams.drain(0)
        t.equal(errors.length, 2, 'both are reported to the operator')
      },
    )

    t.test('is cancelled from another instance, also while it waits for room', async (t) => {
      const a = instance(store, hub, presence, 'a')
      const b = instance(store, hub, presence, 'b')
      a.streams.work([runnerOf(untilAborted, { concurrency: 1 })])
      const first = request()
      const second = request()
      const told = [story(hub, first.channel), story(hub, second.channel)]
      const running = await a.streams.start(first, noRows)
      const waiting = await a.streams.start(second, noRows)
      await b.streams.cancel(waiting.id)
      t.same(await told[1], ['cancelled'])
      await b.streams.cancel(running.id)
      t.same(await told[0], ['cancelled'])
      await t.rejects(a.streams.cancel(running.id), { code: 'INVALID_STATE' })
      await a.streams.drain(0)
      await b.streams.drain(0)
    })

    t.test('is taken over when its holder goes silent, which can then write nothing more', async (t) => {
      const a = instance(store, hub, presence, 'silent')
      const outcomes: string[] = []
      let began: (() => void) | undefined
      const begun = new Promise<void>((resolve) => {
        began = resolve
      })
      let stopped: (() => void) | undefined
      const held = new Promise<void>((resolve) => {
        stopped = resolve
      })
      a.streams.work([
        runnerOf(async (execution) => {
          await execution.publish([JSON.stringify({ type: 'progress', by: 'a' })])
          began?.()
          await held
          await execution
            .publish([JSON.stringify({ type: 'progress', by: 'a again' })])
            .catch((error) => outcomes.push(`publish ${error.code}`))
          await execution.transact(noRows).catch((error) => outcomes.push(`transact ${error.code}`))
          return completed
        }),
      ])
      const wanted = request()
      const told = story(hub, wanted.channel)
      const stream = await a.streams.start(wanted, noRows)
      await begun
      const b = instance(store, hub, presence, 'b')
      b.streams.work([
        runnerOf(async (execution) => {
          t.equal(execution.stream.fence, 2)
          await execution.publish([JSON.stringify({ type: 'progress', by: 'b' })])
          return completed
        }),
      ])
      // What a process stopped past its lease looks like from outside: its lease is over, and it does not renew it.
      while ((await a.streams.get(stream.id))?.fence === 1) {
        await turn()
        await store.db
          .updateTable('streams')
          .set({ lease_until: 1 })
          .where('id', '=', stream.id)
          .where('fence', '=', 1)
          .execute()
      }
      t.same(await told, ['progress', 'progress', 'complete'])
      stopped?.()
      await a.streams.drain(5000)
      t.same(outcomes, ['publish FENCED', 'transact FENCED'])
      const history = await broker.history(wanted.channel, 0, 100)
      t.same(
        history.publications.map(({ data }) => JSON.parse(data).by ?? JSON.parse(data).type),
        ['a', 'b', 'complete'],
      )
      t.same(a.errors, [])
      await b.streams.drain(0)
    })

    t.test('what cannot be resumed ends as interrupted when its holder died', async (t) => {
      const wanted = request({ kind: 'turn' })
      const told = story(hub, wanted.channel)
      const dead = instance(store, hub, presence, 'dead')
      const stream = await dead.streams.start(wanted, noRows)
      await store.db
        .updateTable('streams')
        .set({ instance: 'dead', fence: 1, lease_until: 1 })
        .where('id', '=', stream.id)
        .execute()
      const b = instance(store, hub, presence, 'b')
      b.streams.work([runnerOf(async () => completed, { kind: 'turn', resumable: false })])
      t.same(await told, ['error'])
      t.equal(JSON.parse((await b.streams.get(stream.id))?.terminal_json as string).error_code, 'INTERRUPTED')
      await b.streams.drain(0)
      await dead.streams.drain(0)
    })

    t.test('an end that was stored and not published is published by whoever comes next, once', async (t) => {
      const wanted = request()
      const told = story(hub, wanted.channel)
      const { streams } = instance(store, hub, presence, 'a')
      const stream = await streams.start(wanted, noRows)
      await store.db
        .updateTable('streams')
        .set({
          state: 'completed',
          fence: 1,
          lease_until: 1,
          terminal_json: '{"type":"complete"}',
          ended_at: 1,
        })
        .where('id', '=', stream.id)
        .execute()
      streams.work([runnerOf(async () => completed)])
      t.same(await told, ['complete'])
      await streams.drain(1000)
      t.equal((await broker.history(wanted.channel, 0, 10)).top, 1)
    })

    t.test('a shutdown hands resumable streams over', async (t) => {
      const a = instance(store, hub, presence, 'a')
      let tell = (): void => undefined
      const published = new Promise<void>((resolve) => {
        tell = resolve
      })
      a.streams.work([
        runnerOf(async (execution) => {
          await execution.publish([JSON.stringify({ type: 'progress' })])
          tell()
          return untilAborted(execution)
        }),
      ])
      const wanted = request()
      const told = story(hub, wanted.channel)
      const stream = await a.streams.start(wanted, noRows)
      await published
      await a.streams.drain(50)
      const row = (await a.streams.get(stream.id)) as Stream
      t.equal(row.state, 'running')
      t.equal(row.instance, null)
      const b = instance(store, hub, presence, 'b')
      b.streams.work([runnerOf(async () => completed)])
      t.same(await told, ['progress', 'complete'])
      await b.streams.drain(0)
      await t.rejects(a.streams.start(request(), noRows), { code: 'DRAINING' })
    })

    t.test('pausing makes room for others; a nudge looks again', async (t) => {
      const { streams } = instance(store, hub, presence, 'a')
      let paused = true
      streams.work([
        runnerOf(
          async (execution) => {
            if (execution.stream.owner === 'sleeper') await execution.whilePaused(async () => paused)
            return completed
          },
          { concurrency: 1 },
        ),
      ])
      const sleeper = request({ owner: 'sleeper' })
      const other = request()
      const told = [story(hub, sleeper.channel), story(hub, other.channel)]
      const stream = await streams.start(sleeper, noRows)
      await streams.start(other, noRows)
      t.same(await told[1], ['complete'], 'the one that waited runs while the first one sleeps')
      paused = false
      await streams.nudge(stream.id)
      t.same(await told[0], ['complete'])
      await streams.drain(0)
    })

    t.test('a user has a bound on running streams', async (t) => {
      const { streams } = instance(store, hub, presence, 'a')
      const owner = `bounded-${dialect}`
      for (let i = 0; i < 3; i += 1) await streams.start(request({ owner, kind: 'nobody runs this' }), noRows)
      await t.rejects(streams.start(request({ owner, kind: 'nobody runs this' }), noRows), {
        code: 'TOO_MANY_STREAMS',
        retryAfter: 5,
      })
      await streams.drain(0)
    })

    t.test('one that ends with its viewers is cancelled when nobody is left for the grace', async (t) => {
      const { streams } = instance(store, hub, presence, 'a')
      streams.work([runnerOf(untilAborted)])
      const wanted = request({ onDisconnect: 'cancel' })
      const stream = await streams.start(wanted, noRows)
      while ((await streams.get(stream.id))?.end_offset === null)
        await new Promise((resolve) => setImmediate(resolve))
      const row = (await streams.get(stream.id)) as Stream
      t.equal(row.state, 'cancelled')
      t.ok((row.ended_at as number) - row.started_at >= 300)
      await streams.drain(0)
    })

    t.test('one that runs longer than it may is ended, whenever leases are renewed', async (t) => {
      const { streams } = instance(store, hub, presence, 'a', { leaseMs: 600_000, maxDurationMs: 400 })
      streams.work([runnerOf(untilAborted)])
      const stream = await streams.start(request(), noRows)
      while ((await streams.get(stream.id))?.end_offset === null)
        await new Promise((resolve) => setImmediate(resolve))
      const row = (await streams.get(stream.id)) as Stream
      t.match(row, { state: 'failed', terminal_json: /INTERRUPTED/ })
      const tookMs = (row.ended_at as number) - row.started_at
      t.ok(tookMs >= 400)
      t.comment(`400 ms were kept to ${tookMs - 400} ms`)
      await streams.drain(0)
    })
  })
}
