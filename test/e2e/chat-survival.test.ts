import t, { type Test } from 'tap'
import { postEvents } from '../support/clients.ts'
import { answerSeen, endsSeen, isType, storedAnswer } from '../support/conversation.ts'
import { type Deployment, deploy, type Instance, SHORT_LEASE, until } from '../support/deployment.ts'
import type { EventClient, EventClientOptions } from '../support/event-source.ts'
import { login, startProcess, temporaryFolder } from '../support/process.ts'
import type { Answer as VendorAnswer } from '../support/vendor.ts'
import { openXai } from '../support/xai.ts'

t.setTimeout(300_000)

const GRACE_MS = 700
const WORDS = Array.from({ length: 8 }, (_, n) => `palavra ${n}, ção 😀 `)

const { vendor, env } = await openXai()
const settings = { ...env, STREAM_ORPHAN_GRACE_MS: String(GRACE_MS) }

type Streaming = Pick<Instance, 'events'>
let sessions = 0
const newSession = (): string => `survival-${++sessions}`

/** Says something; the answer's events. */
const say = (where: Streaming, session: string, more: object = {}): Promise<EventClient> =>
  postEvents(where, '/api/v1/chat/stream', { message: 'Quem é você?', session_id: session, ...more })
const idOf = ({ headers }: EventClient): string => headers['x-stream-id'] as string
const watch = (where: Streaming, streamId: string, options?: EventClientOptions): Promise<EventClient> =>
  where.events(`/api/v1/chat/stream/${streamId}`, options)

const stateOf = async (where: Pick<Instance, 'call'>, streamId: string): Promise<string> =>
  (await where.call('GET', `/api/v1/streams/${streamId}`)).body.state

/** The vendor's next request, which is still to come. */
const nextAsked = (): number => vendor.asked.length

/** An answer that has told its first token, on `where`. */
const underWay = async (where: Streaming, more: object = {}) => {
  const session = newSession()
  const asked = nextAsked()
  const speaker = await say(where, session, more)
  await vendor.step()
  await speaker.next(isType('chunk'))
  return { session, speaker, asked, streamId: idOf(speaker) }
}

const allEnded = (viewers: readonly EventClient[]) => Promise.all(viewers.map((viewer) => viewer.ended()))

/** Every viewer is left with the stored text, and with one terminal event, the last. */
const assertOneEnd = async (
  t: Test,
  where: Pick<Instance, 'call'>,
  { session, streamId }: { session: string; streamId: string },
  viewers: readonly EventClient[],
  end: string,
) => {
  const stored = await storedAnswer(where, session, streamId)
  for (const viewer of viewers) {
    t.same(endsSeen(viewer.events), [end])
    t.equal(JSON.parse(viewer.events.at(-1)?.data ?? '{}').type, end)
    t.equal(answerSeen(viewer.events), stored.content)
  }
  return stored
}

const instances = async (deployment: Deployment) => {
  const [a, b] = (await Promise.all([deployment.start(), deployment.start()])) as [Instance, Instance]
  return { a, b }
}

t.test('over one Redis and one PostgreSQL', async (t) => {
  const deployment = await deploy(t, 'postgres', { env: { ...SHORT_LEASE, ...settings } })
  const { a, b } = await instances(deployment)

  t.test('an answer of one instance is followed on the other, by many, from anywhere', async (t) => {
    vendor.answers({ tokens: WORDS, stepped: true })
    const turn = await underWay(a)
    const early = await watch(b, turn.streamId)
    const [, , , , first] = await early.take(5)
    await vendor.step(3)
    const rest = await watch(b, turn.streamId, { lastEventId: first?.id as string })
    const others = await Promise.all([a, b, b].map((where) => watch(where, turn.streamId)))
    await vendor.step(WORDS.length - 4)
    const viewers = [turn.speaker, early, ...others]
    await allEnded([...viewers, rest])
    await assertOneEnd(t, b, turn, viewers, 'complete')
    t.equal((await storedAnswer(a, turn.session, turn.streamId)).content, WORDS.join(''))
    for (const viewer of [early, ...others]) t.equal(viewer.text(), turn.speaker.text(), 'byte for byte')
    const place = early.events.findIndex(({ id }) => id === first?.id)
    t.match(JSON.parse(rest.events[0]?.data ?? ''), { type: 'recovery', recovered: true })
    t.same(rest.events.slice(1), early.events.slice(place + 1), 'the rest, and nothing twice')
    const last = { lastEventId: early.events.at(-1)?.id as string }
    t.equal((await watch(b, turn.streamId, last)).status, 204)
    const late = await watch(b, turn.streamId)
    await late.ended()
    t.equal(late.text(), early.text(), 'also when it is over')
  })

  t.test('a cancel on the other instance closes the vendor’s socket by its signal alone', async (t) => {
    // It looks its streams up every two minutes, for which this test does not wait.
    const holder = await deployment.start({ STREAM_LEASE_MS: '600000' })
    t.setTimeout(100_000)
    const took: string[] = []
    const cancelled = async (t: Test, moment: string, turn: Awaited<ReturnType<typeof underWay>>) => {
      const viewer = await watch(b, turn.streamId)
      const closed = vendor.closed(turn.asked).then(() => performance.now())
      const { status } = await b.call('POST', `/api/v1/streams/${turn.streamId}/cancel`)
      const answeredAt = performance.now()
      t.equal(status, 202)
      await t.resolves(closed, moment)
      took.push(`${moment} ${((await closed) - answeredAt).toFixed(1)} ms`)
      await allEnded([turn.speaker, viewer])
      const stored = await assertOneEnd(t, b, turn, [turn.speaker, viewer], 'cancelled')
      t.equal(stored.state, 'cancelled')
      const { content_chars } = JSON.parse(viewer.events.at(-1)?.data ?? '')
      t.equal(content_chars, [...stored.content].length)
      return stored.content
    }
    for (const stall of ['before', 'first'] as const) {
      vendor.answers({ stall })
      const [session, asked] = [newSession(), nextAsked()]
      const speaker = await say(holder, session)
      await vendor.arrived(asked)
      const turn = { session, speaker, asked, streamId: idOf(speaker) }
      t.equal(await cancelled(t, stall === 'before' ? 'before the head' : 'before the first token', turn), '')
    }
    vendor.answers({ tokens: WORDS, stepped: true })
    const turn = await underWay(holder)
    await vendor.step()
    await turn.speaker.next(isType('chunk'))
    t.equal(await cancelled(t, 'in mid-answer', turn), WORDS.slice(0, 2).join(''))
    t.comment(`the vendor's socket was closed, after the 202: ${took.join(', ')}`)
    // The vendor's own wait for its next step is over with its socket.
    void vendor.step()
  })

  t.test('an answer that nobody watches anywhere is cancelled, unless it is to go on', async (t) => {
    let open = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    const ask = (session: string) => say(a, session)
    const begin = async (answer: VendorAnswer, open = ask) => {
      vendor.answers(answer)
      const [session, asked] = [newSession(), nextAsked()]
      const speaker = await open(session)
      await vendor.arrived(asked)
      return { session, speaker, asked, streamId: idOf(speaker) }
    }
    const watched = await begin({ tokens: WORDS, hold: gate })
    const viewer = await watch(b, watched.streamId)
    await viewer.next()
    const held = { tokens: WORDS, hold: gate }
    const goesOn = { on_disconnect: 'continue' }
    const lasting = await begin(held, (session) => say(a, session, goesOn))
    const conversing = await begin(held, (conversation_id) =>
      postEvents(a, '/stream/chat', { message: 'Quem é você?', conversation_id, ...goesOn }),
    )
    for (const { speaker } of [watched, lasting, conversing]) speaker.close()
    const orphan = await begin({ tokens: WORDS, stall: 'between' })
    await orphan.speaker.next(isType('chunk'))
    orphan.speaker.close()
    await vendor.closed(orphan.asked)
    t.match(await storedAnswer(b, orphan.session, orphan.streamId), { state: 'cancelled', content: WORDS[0] })
    // Both were left before the orphan was.
    t.equal(await stateOf(b, watched.streamId), 'running', 'somebody watches it on the other instance')
    t.equal(await stateOf(b, lasting.streamId), 'running', 'it was told to go on')
    t.equal(
      await stateOf(b, conversing.streamId),
      'running',
      'it was told so too, in the words of document 002',
    )
    open()
    for (const { session, streamId } of [watched, lasting, conversing])
      t.match(await storedAnswer(b, session, streamId), { state: 'complete', content: WORDS.join('') })
    await viewer.ended()
    t.same(endsSeen(viewer.events), ['complete'])
  })

  for (const [moment, isKept] of [
    ['at its first token', false],
    ['after it was kept', true],
  ] as const)
    t.test(`killed ${moment}, an instance leaves one error and the text that was seen`, async (t) => {
      const victim = await deployment.start()
      vendor.answers({ tokens: WORDS, stepped: true })
      const turn = await underWay(victim)
      const path = `/api/v1/chat/sessions/${turn.session}/messages`
      if (isKept)
        await until(
          'a kept text',
          async () => (await b.call('GET', path)).body.items.at(-1),
          ({ state, content }) => state === 'streaming' && content !== '',
        )
      const viewers = await Promise.all([a, b].map((where) => watch(where, turn.streamId)))
      await vendor.step(isKept ? 3 : 1)
      await Promise.all(
        viewers.map((viewer) => viewer.next(({ data }) => data.includes(isKept ? 'a 3' : 'a 1'))),
      )
      await victim.kill()
      await turn.speaker.ended()
      const lastEventId = turn.speaker.events.at(-1)?.id as string
      const back = await watch(b, turn.streamId, { lastEventId })
      await allEnded([...viewers, back])
      const stored = await assertOneEnd(t, b, turn, viewers, 'error')
      t.match(stored, { state: 'error', content: WORDS.slice(0, isKept ? 4 : 2).join('') })
      t.match(JSON.parse(back.events.at(-1)?.data ?? ''), { type: 'error', error_code: 'INTERRUPTED' })
      t.equal(answerSeen([...turn.speaker.events, ...back.events]), stored.content)
      const late = await watch(a, turn.streamId)
      await late.ended()
      t.same(late.events, viewers[0]?.events, 'one who comes afterwards sees the same')
      void vendor.step()
    })

  t.test('a drain that is long enough sees an answer through; a short one ends it', async (t) => {
    const patient = await deployment.start({ DRAIN_SECONDS: '25' })
    vendor.answers({ tokens: WORDS, stepped: true })
    const turn = await underWay(patient)
    const viewer = await watch(b, turn.streamId)
    patient.signal('SIGTERM')
    const refused = async () => (await say(patient, newSession())).status
    await until('the drain', refused, (status) => status === 503)
    await vendor.step(WORDS.length - 1)
    await viewer.ended()
    const stored = await assertOneEnd(t, b, turn, [viewer], 'complete')
    t.equal(stored.content, WORDS.join(''))
    t.match(await patient.exited, { code: 0 })

    const hasty = await deployment.start({ DRAIN_SECONDS: '1' })
    vendor.answers({ tokens: WORDS, stepped: true })
    const cut = await underWay(hasty)
    const witness = await watch(b, cut.streamId)
    hasty.signal('SIGTERM')
    await witness.ended()
    t.match(await assertOneEnd(t, b, cut, [witness], 'error'), { state: 'error', content: WORDS[0] })
    t.match(JSON.parse(witness.events.at(-1)?.data ?? ''), { error_code: 'INTERRUPTED' })
    t.match(await hasty.exited, { code: 0 })
    void vendor.step()
  })

  t.test('Redis restarts in mid-answer: the answer goes on, and its viewers are told', async (t) => {
    vendor.answers({ tokens: WORDS, stepped: true })
    const turn = await underWay(a, { on_disconnect: 'continue' })
    const viewers = [turn.speaker, await watch(a, turn.streamId), await watch(b, turn.streamId)]
    await viewers[2]?.next(isType('chunk'))
    await deployment.redis.kill()
    await vendor.step(2)
    await deployment.redis.start()
    const isSnapshot = ({ event }: { event: string | undefined }) => event === 'snapshot'
    await Promise.all(viewers.map((viewer) => viewer.next(isSnapshot)))
    await vendor.step(WORDS.length - 3)
    await allEnded(viewers)
    const stored = await assertOneEnd(t, b, turn, viewers, 'complete')
    t.equal(stored.content, WORDS.join(''))
    for (const { events } of viewers) {
      const told = events.filter(({ event }) => event === 'recovery').map(({ data }) => JSON.parse(data))
      t.match(told.at(-1), { recovered: false, reason: 'epoch_changed' })
    }
  })
})

t.test('what a short history has lost is told by a snapshot', async (t) => {
  const env = { ...settings, CHANNEL_HISTORY_SIZE: '10' }
  const deployment = await deploy(t, 'sqlite', { env })
  const { a, b } = await instances(deployment)
  const tokens = Array.from({ length: 40 }, (_, n) => `${n} ção `)
  vendor.answers({ tokens, stepped: true })
  const turn = await underWay(a)
  const lastEventId = turn.speaker.events.at(-1)?.id as string
  for (let n = 1; n < 30; n++) {
    await vendor.step()
    await turn.speaker.next(isType('chunk'))
  }
  const back = await Promise.all([a, b].map((where) => watch(where, turn.streamId, { lastEventId })))
  const fresh = await Promise.all([a, b].map((where) => watch(where, turn.streamId)))
  await Promise.all(back.map((viewer) => viewer.next(({ event }) => event === 'snapshot')))
  await Promise.all(fresh.map((viewer) => viewer.next(isType('chunk'))))
  await vendor.step(10)
  await allEnded([turn.speaker, ...back, ...fresh])
  const viewers = [turn.speaker, ...back, ...fresh]
  t.equal((await assertOneEnd(t, b, turn, viewers, 'complete')).content, tokens.join(''))
  for (const { events } of back) {
    t.match(JSON.parse(events[0]?.data ?? ''), { type: 'recovery', recovered: false, reason: 'trimmed' })
    t.equal(events[1]?.event, 'snapshot')
  }
})

t.test('an answer of the only instance, killed, is closed at its next start', async (t) => {
  const DATA_DIR = await temporaryFolder()
  const env = { ...settings, DATA_DIR, STREAM_LEASE_MS: '1000' }
  const first = await startProcess(env)
  const admin = await login(first.url)
  vendor.answers({ tokens: WORDS, stepped: true }, { stall: 'first' })
  const turn = await underWay(admin)
  const asked = nextAsked()
  const pending = await say(admin, newSession())
  await vendor.arrived(asked)
  const kept = () => admin.get(`/api/v1/chat/sessions/${turn.session}/messages`)
  await until('a kept text', async () => (await kept()).body.items.at(-1).content, Boolean)
  await first.kill()
  const second = await startProcess(env)
  t.teardown(() => second.kill())
  const again = await login(second.url)
  t.match(await storedAnswer(again, turn.session, turn.streamId), { state: 'error', content: WORDS[0] })
  t.match(await storedAnswer(again, `survival-${sessions}`, idOf(pending)), { state: 'error', content: '' })
  const lastEventId = turn.speaker.events.at(-1)?.id as string
  const back = await watch(again, turn.streamId, { lastEventId })
  await back.ended()
  t.same(
    back.events.map(({ event, data }) => event ?? JSON.parse(data).error_code),
    ['recovery', 'snapshot', 'INTERRUPTED'],
  )
  t.equal(answerSeen(back.events), WORDS[0])
  const late = await watch(again, turn.streamId)
  await late.ended()
  t.equal(answerSeen(late.events), WORDS[0])
  t.same(endsSeen(late.events), ['error'])
  void vendor.step()
})
