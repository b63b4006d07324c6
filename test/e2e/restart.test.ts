import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pace } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { EventClient } from '../support/event-source.ts'
import { csvOf } from '../support/planted/csv.ts'
import { plantedFile } from '../support/planted/file.ts'
import {
  type Client,
  isTerminal,
  login,
  type Process,
  type Started,
  startProcess,
  temporaryFolder,
  told,
  wholeStory,
} from '../support/process.ts'
import type { Message } from '../support/socket.ts'

t.setTimeout(300_000)

const ROWS = 40_000
const DATA_DIR = await temporaryFolder()
const start = () =>
  startProcess({
    DATA_DIR,
    STREAM_LEASE_MS: '1000',
    DRAIN_SECONDS: '3',
    STREAM_ORPHAN_GRACE_MS: '300',
    INVESTIGATION_CONCURRENCY: '1',
    MAX_STREAMS_PER_USER: '50',
  })

const state = async (user: Client, { investigation_id }: Started): Promise<Message> =>
  (await user.get(`/api/v1/investigations/${investigation_id}`)).body
const idsOf = (story: readonly Message[]): string[] =>
  story.filter(({ type }) => type === 'anomaly').map(({ anomaly_id }) => anomaly_id)
const order = (user: Client, { investigation_id }: Started, verb: string) =>
  user.post(`/api/v1/investigations/${investigation_id}/${verb}`)
const is = (type: string) => (event: { data: string }) => JSON.parse(event.data).type === type

/** One terminal event, and it is the last; no finding twice; progress that never falls. */
const assertOneStory = (t: Test, story: readonly Message[], end: string): void => {
  t.same(
    story.filter(isTerminal).map(({ type }) => type),
    [end],
  )
  t.equal(story.at(-1)?.type, end)
  t.equal(new Set(idsOf(story)).size, idsOf(story).length, 'no finding twice')
  const progress = story.filter(({ type }) => type === 'progress').map(({ progress }) => progress)
  t.same(
    progress,
    [...progress].sort((a, b) => a - b),
    'progress never falls',
  )
}

/** The event that says how a recovery went, and what follows it. */
const recovery = ({ events }: EventClient) => ({
  said: JSON.parse(events[0]?.data ?? '{}'),
  snapshot: events.find(({ event }) => event === 'snapshot'),
  unnumbered: events.filter(({ event }) => event !== undefined).every(({ id }) => id === undefined),
})

const inProgress = (): Promise<string[]> => readdir(join(DATA_DIR, 'tmp'))

let service: Process = await start()
let admin = await login(service.url)
const again = async (): Promise<void> => {
  service = await start()
  admin = await login(service.url)
}

const { text, mapping } = csvOf(plantedFile(7, ROWS).contracts)
const uploaded = await admin.call(
  'POST',
  `/api/v1/datasets?name=planted&mapping=${encodeURIComponent(JSON.stringify(mapping))}`,
  { body: text, type: 'text/csv' },
)
const dataset: string = uploaded.body.dataset_id
const undisturbed = await admin.investigate(dataset)
const whole = told(await wholeStory(await admin.events(undisturbed.stream_url)))
const old = await wholeStory(await admin.events((await admin.investigate('sample')).stream_url))
const oldStory = told(old)
const oldUrl = `/api/v1/investigations/stream/${oldStory[0]?.investigation_id}`
let paused: Started

t.test('is paused, resumed and cancelled while it runs', async (t) => {
  assertOneStory(t, whole, 'complete')
  t.ok(idsOf(whole).length > 20, `${idsOf(whole).length} findings`)

  const first = await admin.investigate(dataset)
  const events = await admin.events(first.stream_url)
  await events.next()
  t.equal((await order(admin, first, 'resume')).status, 409, 'what is not paused is not resumed')
  t.match(await order(admin, first, 'pause'), { status: 202, body: { status: 'paused' } })
  await events.next(is('paused'))
  t.match(await order(admin, first, 'pause'), { status: 409, body: { code: 'INVALID_STATE' } })
  t.equal((await state(admin, first)).status, 'paused')
  t.equal(
    (await admin.call('DELETE', `/api/v1/investigations/${first.investigation_id}`)).status,
    409,
    'nothing is removed before it has ended',
  )
  const other = await admin.investigate('sample')
  await wholeStory(await admin.events(other.stream_url))
  t.match(await order(admin, first, 'resume'), { status: 202, body: { status: 'running' } })
  await events.next(is('resumed'))
  await events.ended()
  const story = told(events)
  assertOneStory(t, story, 'complete')
  t.same(idsOf(story), idsOf(whole), 'a pause changes nothing of what is found')

  const second = await admin.investigate(dataset)
  const room = await admin.socket(second.ws_url)
  for (const [verb, answer] of [
    ['pause', 'paused'],
    ['resume', 'resumed'],
    ['pause', 'paused'],
    ['cancel', 'cancelled'],
  ] as const) {
    room.send({ type: verb })
    t.match(await room.ofType(answer), { investigation_id: second.investigation_id, epoch: String })
  }
  t.equal((await state(admin, second)).status, 'cancelled')
  for (const verb of ['cancel', 'pause', 'resume'])
    t.match(await order(admin, second, verb), { status: 409, body: { code: 'INVALID_STATE' } })
  t.equal((await admin.post(`/api/v1/streams/${second.stream_id}/cancel`)).status, 409)
  assertOneStory(t, told(await wholeStory(await admin.events(second.stream_url))), 'cancelled')

  const third = await admin.investigate(dataset)
  const cut = await admin.events(third.stream_url)
  await cut.next()
  t.equal((await admin.post(`/api/v1/streams/${third.stream_id}/cancel`)).status, 202)
  await cut.ended()
  assertOneStory(t, told(cut), 'cancelled')
  t.equal((await state(admin, third)).status, 'cancelled')
})

t.test('ends for those that wait, with their viewers, and without their data', async (t) => {
  const first = await admin.investigate(dataset)
  const queued = await admin.investigate(dataset)
  const extra = (await admin.upload(new TextEncoder().encode(text.split('\n', 200).join('\n')))).body
  const orphan = await admin.investigate(extra.dataset_id)
  t.equal((await admin.call('DELETE', `/api/v1/datasets/${extra.dataset_id}`)).status, 204)
  const [running, waiting, without] = await Promise.all(
    [first, queued, orphan].map(({ stream_url }) => admin.events(stream_url)),
  )
  t.equal((await order(admin, queued, 'cancel')).status, 202)
  await Promise.all([running, waiting, without].map((events) => events?.ended()))
  assertOneStory(t, told(running as EventClient), 'complete')
  assertOneStory(t, told(waiting as EventClient), 'cancelled')
  const failed = told(without as EventClient)
  assertOneStory(t, failed, 'error')
  t.match(failed.at(-1), { error_code: 'NOT_FOUND', message: /dataset/ })

  const watched = await admin.investigate(dataset, { on_disconnect: 'cancel' })
  const viewer = await admin.events(watched.stream_url)
  await viewer.next()
  await order(admin, watched, 'pause')
  await viewer.next(is('paused'))
  t.equal((await state(admin, watched)).status, 'paused')
  viewer.close()
  while ((await state(admin, watched)).status === 'paused') await pace(50)
  t.equal((await state(admin, watched)).status, 'cancelled', 'it ends when nobody has watched for the grace')
})

t.test('killed in mid-run, it goes on where it was', async (t) => {
  paused = await admin.investigate(dataset)
  const waiting = await admin.events(paused.stream_url)
  await waiting.next()
  await order(admin, paused, 'pause')
  await waiting.next(is('paused'))
  const upload = connect(Number(new URL(service.url).port), '127.0.0.1')
  upload.on('error', () => undefined)
  upload.write(
    `POST /api/v1/datasets HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${admin.token}\r\n` +
      'content-type: text/csv\r\ncontent-length: 1000000\r\n\r\nnumero;valor\n',
  )
  while (!(await inProgress()).some((name) => name.includes('upload'))) await pace(5)
  const running = await admin.investigate(dataset)
  const before = await admin.events(running.stream_url)
  const found = await before.next(is('anomaly'))
  await service.kill('SIGKILL')
  await before.ended()
  const seen = told(before)
  t.notOk(seen.some(isTerminal))
  t.ok((await inProgress()).length > 0)
  await again()
  t.notOk(
    (await inProgress()).some((name) => name.includes('upload')),
    'what an upload left is swept',
  )

  const after = await wholeStory(await admin.events(running.stream_url, { lastEventId: found.id as string }))
  const { said, snapshot, unnumbered } = recovery(after)
  t.match(said, { type: 'recovery', recovered: false, reason: String })
  t.ok(unnumbered)
  t.match(JSON.parse(snapshot?.data ?? '{}'), {
    type: 'snapshot',
    state: { investigation_id: running.investigation_id },
  })
  const story = told(after)
  assertOneStory(t, story, 'complete')
  t.same(new Set(idsOf(story)), new Set(idsOf(whole)), 'and finds what an undisturbed run finds')
  for (const id of idsOf(seen)) t.ok(idsOf(story).includes(id), 'what was told before is true still')
  const low = story.find(({ type }) => type === 'progress')?.progress
  t.ok(low >= (seen.findLast(({ type }) => type === 'progress')?.progress ?? 0), 'progress did not fall')
  const stored = (await admin.get(`/api/v1/investigations/${running.investigation_id}/anomalies?limit=1000`))
    .body.items
  t.same(
    stored.map(({ anomaly_id }: Message) => anomaly_id),
    idsOf(story),
  )
  const late = told(await wholeStory(await admin.events(running.stream_url)))
  assertOneStory(t, late, 'complete')
  t.same(new Set(idsOf(late)), new Set(idsOf(whole)), 'a late subscriber gets the whole story')
})

t.test('paused, it outlives the process and is resumed', async (t) => {
  t.equal((await state(admin, paused)).status, 'paused')
  const events = await admin.events(paused.stream_url)
  t.match(await order(admin, paused, 'resume'), { status: 202 })
  await events.ended()
  const story = told(events)
  assertOneStory(t, story, 'complete')
  t.same(new Set(idsOf(story)), new Set(idsOf(whole)))
})

t.test('a story that was over before is told by the next process', async (t) => {
  const last = old.events.at(-1)?.id as string
  const middle = old.events[3]?.id as string
  for (const lastEventId of [middle, '0:0', 'nonsense']) {
    const events = await wholeStory(await admin.events(oldUrl, { lastEventId }))
    const { said, snapshot, unnumbered } = recovery(events)
    t.match(said, { recovered: false }, `after ${lastEventId}`)
    t.match(JSON.parse(snapshot?.data ?? '{}'), { state: { status: 'completed' } })
    t.ok(unnumbered)
    const story = told(events)
    assertOneStory(t, story, 'complete')
    t.same(idsOf(story), idsOf(oldStory))
    const id = events.events.at(-1)?.id as string
    t.type(id, 'string', 'the terminal event has an id')
    t.equal((await admin.events(oldUrl, { lastEventId: id })).status, 204)
  }
  t.equal((await admin.events(oldUrl, { lastEventId: last })).status, 204, 'the end was seen')
  const late = told(await wholeStory(await admin.events(oldUrl)))
  assertOneStory(t, late, 'complete')
  t.same(idsOf(late), idsOf(oldStory))
  t.same(late.at(-1), oldStory.at(-1))

  const room = await admin.socket(oldUrl.replace('investigations/stream', 'ws/investigations'))
  while (!room.messages.some(isTerminal)) await room.next()
  t.same(idsOf(room.messages), idsOf(oldStory))
  room.close()
  const general = await admin.socket('/api/v1/ws')
  const channel = `investigation:${oldStory[0]?.investigation_id}`
  general.send({ type: 'subscribe', channel, recover: 'all' })
  await general.ofType('subscribed')
  const events: Message[] = []
  while (!events.some(isTerminal)) events.push((await general.ofType('event')).data)
  t.same(idsOf(events), idsOf(oldStory))
  general.close()
})

t.test('SIGTERM sees everybody off and hands over what still runs', async (t) => {
  const parked = await admin.investigate(dataset)
  const events = await admin.events(parked.stream_url)
  await events.next()
  await order(admin, parked, 'pause')
  await events.next(is('paused'))
  const topic = await admin.events('/api/v1/channels/topic:t/events')
  const socket = await admin.socket('/api/v1/ws')
  await socket.ofType('connected')
  const retries = events.retries.length
  const exited = service.kill('SIGTERM')
  while ((await admin.get('/health/ready')).status !== 503) await pace(10)
  t.equal((await admin.get('/health/live')).status, 200)
  const refused = await admin.post('/api/v1/investigations', { query: 'x', dataset_id: 'sample' })
  t.match(refused, { status: 503, body: { code: 'DRAINING' } })
  t.ok(Number(refused.headers.get('retry-after')) > 0)
  const away = await admin.events('/api/v1/channels/topic:t/events')
  t.equal(away.status, 200, 'an EventSource is not ended for good')
  await away.ended()
  t.ok((away.retries[0] as number) >= 1000 && (away.retries[0] as number) <= 10_000)
  t.match(await socket.closed(), { code: 1012, reason: /./ })
  t.equal(await events.ended(), 'whole')
  t.equal(events.retries.length, retries + 1)
  t.equal(await topic.ended(), 'whole')
  t.same(await exited, { code: 0, signal: null })
  t.notMatch(service.output(), /"level":[56]0/, 'nothing went wrong')

  await again()
  t.equal((await state(admin, parked)).status, 'paused')
  const rest = await admin.events(parked.stream_url)
  t.equal((await order(admin, parked, 'resume')).status, 202)
  await rest.ended()
  assertOneStory(t, told(rest), 'complete')
  t.same(new Set(idsOf(told(rest))), new Set(idsOf(whole)))
})
