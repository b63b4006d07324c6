import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pace } from 'node:timers/promises'
import t from 'tap'
import { deploy, type Instance, LEASE_MS, SHORT_LEASE, until } from '../support/deployment.ts'
import { pncpContract } from '../support/portal.ts'
import {
  assertOneStory,
  assertUnbroken,
  foundIn,
  investigate,
  runs,
  toEnd,
  uploadPlanted,
  watch,
} from '../support/story.ts'

t.setTimeout(300_000)

const post = async (instance: Instance, path: string): Promise<void> => {
  const { status, body } = await instance.call('POST', path)
  if (status !== 202) throw new Error(`POST ${path} answered ${status}: ${JSON.stringify(body)}`)
}

/** The whole log of an investigation's channel. */
const log = async (instance: Instance, id: string): Promise<string[]> => {
  const { body } = await instance.call('GET', `/api/v1/channels/investigation:${id}/history?limit=1000`)
  return body.items.map(({ data }: { data: object }) => JSON.stringify(data))
}

const PAGES = 18
const PAGE_SIZE = 20
const PAGE_MS = 200

/** A PNCP that takes its time over every page. */
const startSlowPncp = async (): Promise<{ url: string; close(): void }> => {
  const server = createServer((request, response) => {
    const page = Number(new URL(request.url ?? '/', 'http://pncp').searchParams.get('pagina'))
    const data = Array.from({ length: PAGE_SIZE }, (_, index) => pncpContract(page * PAGE_SIZE + index))
    response.setHeader('content-type', 'application/json')
    setTimeout(() => response.end(JSON.stringify({ data, totalPaginas: PAGES })), PAGE_MS)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const ROWS = 50_000

for (const dialect of ['sqlite', 'postgres'] as const)
  t.test(`an investigation of ${ROWS} rows over two processes and ${dialect}`, async (t) => {
    const pncp = await startSlowPncp()
    t.teardown(() => pncp.close())
    const drain = dialect === 'sqlite' ? '20' : '2'
    const env = { ...SHORT_LEASE, PNCP_BASE_URL: pncp.url, DRAIN_SECONDS: drain }
    const deployment = await deploy(t, dialect, { env })
    const pool = [await deployment.start(), await deployment.start()]
    const dataset = await uploadPlanted(pool[0] as Instance, ROWS)
    const replace = async (gone: Instance): Promise<void> => {
      pool.splice(pool.indexOf(gone), 1, await deployment.start())
    }
    let whole: string[] = []
    let wholeMs = 0

    t.test('is watched, paused and resumed from the one that does not run it', async (t) => {
      const from = performance.now()
      const { id, holder, other } = await investigate(pool, dataset)
      const here = watch(deployment, id, () => holder.url)
      const there = watch(deployment, id, () => other.url)
      const socket = await other.socket(`/api/v1/ws/investigations/${id}`)
      await post(other, `/api/v1/investigations/${id}/pause`)
      await there.saw(({ data }) => JSON.parse(data).type === 'paused')
      t.equal((await holder.call('GET', `/api/v1/investigations/${id}`)).body.status, 'paused')
      await post(other, `/api/v1/investigations/${id}/resume`)
      const story = await toEnd(there)
      assertOneStory(t, story, 'complete')
      assertUnbroken(t, there)
      t.same(await toEnd(here), story, 'both instances tell the same')
      await socket.ofType('complete')
      t.same(
        socket.messages.filter(({ offset }) => offset > 0).map(({ offset }) => offset),
        story.map((_, index) => index + 1),
        'and so does the WebSocket',
      )
      whole = foundIn(story)
      wholeMs = performance.now() - from
      t.ok(whole.length > 0)
      t.comment(`${whole.length} findings in ${Math.round(wholeMs)} ms`)
      socket.close()
    })

    t.test('stopped past its lease and continued, the old process writes nothing more', async (t) => {
      const { id, streamId, holder, other } = await investigate(pool, dataset)
      const follower = watch(deployment, id, () => other.url)
      await follower.saw(({ data }) => JSON.parse(data).current_phase === 'profiling')
      holder.signal('SIGSTOP')
      const state = async () => (await other.call('GET', `/api/v1/streams/${streamId}`)).body
      const taken = await until('the takeover', state, ({ instance }) => runs(other, instance))
      t.equal(taken.state, 'running')
      holder.signal('SIGCONT')
      const story = await toEnd(follower)
      await until(
        'life',
        () => holder.call('GET', '/health/ready'),
        ({ status }) => status === 200,
      )
      assertOneStory(t, story, 'complete')
      assertUnbroken(t, follower)
      t.same(foundIn(story), whole)
      t.same(
        await log(other, id),
        story.map((event) => JSON.stringify(event)),
        'one history',
      )
      t.ok(runs(other, (await state()).instance))
    })

    if (dialect === 'postgres') {
      t.test('paused when its process is killed, it is resumed on the other', async (t) => {
        const { id, streamId, holder, other } = await investigate(pool, dataset)
        const follower = watch(deployment, id, () => other.url)
        await post(other, `/api/v1/investigations/${id}/pause`)
        await follower.saw(({ data }) => JSON.parse(data).type === 'paused')
        await holder.kill()
        const replaced = replace(holder)
        const from = performance.now()
        const state = async () => (await other.call('GET', `/api/v1/streams/${streamId}`)).body.instance
        await until('the takeover', state, (name) => !runs(holder, name))
        t.comment(
          `taken over ${Math.round(performance.now() - from)} ms after the kill; a lease is ${LEASE_MS} ms`,
        )
        await post(other, `/api/v1/investigations/${id}/resume`)
        const story = await toEnd(follower)
        assertOneStory(t, story, 'complete')
        assertUnbroken(t, follower)
        t.same(foundIn(story), whole, 'what an undisturbed run finds')
        await replaced
      })

      t.test('SIGTERM hands it over, tells its clients, and exits 0', async (t) => {
        const { id, holder, other } = await investigate(pool, dataset)
        const follower = watch(deployment, id, () => other.url)
        await post(other, `/api/v1/investigations/${id}/pause`)
        const events = await holder.events(`/api/v1/investigations/stream/${id}`)
        const socket = await holder.socket(`/api/v1/ws/investigations/${id}`)
        await events.next(({ data }) => JSON.parse(data).type === 'paused')
        const from = performance.now()
        holder.signal('SIGTERM')
        t.match(await socket.closed(), { code: 1012 })
        t.equal(await events.ended(), 'whole')
        t.ok((events.retries.at(-1) as number) >= 1000, 'asked to come back later')
        t.same(await holder.exited, { code: 0, signal: null })
        t.comment(`exit 0 after ${Math.round(performance.now() - from)} ms`)
        await post(other, `/api/v1/investigations/${id}/resume`)
        const story = await toEnd(follower)
        assertOneStory(t, story, 'complete')
        t.same(foundIn(story), whole)
      })
      return
    }

    t.test('is cancelled from the one that does not run it', async (t) => {
      const { id, streamId, other } = await investigate(pool, dataset)
      const follower = watch(deployment, id, () => other.url)
      await post(other, `/api/v1/streams/${streamId}/cancel`)
      assertOneStory(t, await toEnd(follower), 'cancelled')
      const again = await other.call('POST', `/api/v1/investigations/${id}/cancel`)
      t.match(again, { status: 409, body: { code: 'INVALID_STATE' } })
    })

    t.test('killed at any moment of the run, it goes on elsewhere', async (t) => {
      for (const share of [0.3, 0.7]) {
        const { id, holder, other } = await investigate(pool, dataset)
        const follower = watch(deployment, id, () => other.url)
        await pace(wholeMs * share * (0.8 + 0.4 * Math.random()))
        const { status } = (await other.call('GET', `/api/v1/investigations/${id}`)).body
        await holder.kill()
        const replaced = replace(holder)
        const story = await toEnd(follower)
        assertOneStory(t, story, 'complete')
        assertUnbroken(t, follower)
        t.same(foundIn(story), whole, 'what an undisturbed run finds')
        t.same(
          await log(other, id),
          story.map((event) => JSON.stringify(event)),
          'the log says the same',
        )
        const at = follower.events.length
        t.comment(`killed while ${status}: ${at} events, ${foundIn(story).length} findings, each once`)
        await replaced
      }
    })

    t.test(
      'killed while it fetches from a source, it is begun anew elsewhere, without falling back',
      async (t) => {
        const { id, holder, other } = await investigate(pool, { data_source: 'pncp' })
        const follower = watch(deployment, id, () => other.url)
        await follower.saw(({ data }) => JSON.parse(data).progress >= 4)
        await holder.kill()
        const replaced = replace(holder)
        const story = await toEnd(follower)
        assertOneStory(t, story, 'complete')
        assertUnbroken(t, follower)
        t.equal(story.at(-1)?.records_processed, PAGES * PAGE_SIZE)
        await replaced
      },
    )

    t.test('a drain that outlasts the lease lets it be finished', async (t) => {
      const { id, streamId, holder, other } = await investigate(pool, { data_source: 'pncp' })
      const follower = watch(deployment, id, () => other.url)
      const from = performance.now()
      holder.signal('SIGTERM')
      t.same(await holder.exited, { code: 0, signal: null })
      const tookMs = performance.now() - from
      t.ok(tookMs > 2 * LEASE_MS, 'once its runs were over')
      const story = await toEnd(follower)
      assertOneStory(t, story, 'complete')
      t.ok(runs(holder, (await other.call('GET', `/api/v1/streams/${streamId}`)).body.instance))
      t.comment(`a drain of ${Math.round(tookMs)} ms over a lease of ${LEASE_MS} ms`)
    })
  })
