import { existsSync } from 'node:fs'
import t from 'tap'
import type { EventClient } from '../support/event-source.ts'
import {
  allItems,
  type Client,
  dataFile,
  isTerminal,
  login,
  type Process,
  type Started,
  startProcess,
  told,
  wholeStory,
} from '../support/process.ts'
import type { Message } from '../support/socket.ts'

const FILES = [
  { name: 'ifms-contratos.csv', rows: 1546, cents: 19_694_869_374 },
  { name: 'mg-compras-coronavirus.csv', rows: 290, cents: 18_373_598_828 },
]
const missing = FILES.some(({ name }) => !existsSync(dataFile(name))) && 'the two real files are not here'
const PHASES = ['collecting_data', 'profiling', 'analyzing_contracts', 'consolidating']
const PROGRESS_KEYS = [
  'anomalies_detected',
  'current_phase',
  'investigation_id',
  'progress',
  'records_processed',
  'records_total',
  'timestamp',
  'type',
]

const service: Process = await startProcess({ MAX_STREAMS_PER_USER: '50' })
const admin: Client = await login(service.url)

const contractsOf = (id: string) => allItems(admin, `/api/v1/datasets/${id}/contracts?limit=500`)

/** Ids and data as they came over the wire. */
const lines = ({ events }: Pick<EventClient, 'events'>) =>
  events.filter(({ event }) => event === undefined).map(({ id, data }) => `${id} ${data}`)

const anomaliesOf = (messages: readonly Message[]): Message[] =>
  messages
    .filter(({ type }) => type === 'anomaly')
    .map(({ type: _, investigation_id: __, ...anomaly }) => anomaly)

t.test('a story over SSE, as a new user sees it', { skip: missing }, async (t) => {
  const uploads = await Promise.all(FILES.map(({ name }) => admin.upload(dataFile(name))))
  for (const [index, { name, rows, cents }] of FILES.entries())
    await t.test(`${name} is taken as the portal gave it`, async (t) => {
      const { status, body, headers } = uploads[index] as (typeof uploads)[number]
      t.equal(status, 201)
      t.match(body, { name, rows, rejected: 0, rejects: [], warnings: Array })
      t.equal(headers.get('location'), `/api/v1/datasets/${body.dataset_id}`)
      t.ok(Object.keys(body.columns).length > 5, 'its columns were recognised')
      const contracts = await contractsOf(body.dataset_id)
      t.equal(contracts.length, rows)
      t.equal(
        contracts.reduce((sum, { value }) => sum + Math.round((value ?? 0) * 100), 0),
        cents,
        'values add up to the cent',
      )
      t.equal(new Set(contracts.map(({ contract_id }) => contract_id)).size, rows, 'contract ids are unique')
      for (const column of Object.keys(body.columns))
        t.ok(column in (contracts[0] as object), `a contract's JSON has ${column}`)
    })
  const datasetId = uploads[0]?.body.dataset_id
  t.ok(
    (await contractsOf(datasetId)).some(({ unit_name, unit_id, buyer_name }) =>
      [unit_name, unit_id, buyer_name].includes('NA'),
    ),
    'the campus code NA is a value',
  )

  const started = await admin.call('POST', '/api/v1/investigations', {
    body: { query: 'what is unusual here?', dataset_id: datasetId },
  })
  t.equal(started.status, 202)
  const { investigation_id: id, stream_id, stream_url, ws_url } = started.body as Started
  t.equal(started.body.status, 'pending')
  t.equal(started.headers.get('location'), `/api/v1/investigations/${id}`)
  const uncut = await wholeStory(await admin.events(stream_url))
  const story = told(uncut)

  await t.test('is an event-stream to the letter of the contract', async (t) => {
    t.equal(uncut.status, 200)
    t.match(uncut.headers, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-stream-id': stream_id,
    })
    t.ok(uncut.text().startsWith('retry:'), 'the first frame has retry')
    t.ok(
      uncut.events.every(({ event }) => event === undefined),
      'frames are bare data',
    )
    const positions = uncut.events.map(({ id }) => (id ?? '').split(':'))
    t.equal(new Set(positions.map(([epoch]) => epoch)).size, 1)
    t.same(
      positions.map(([, offset]) => Number(offset)),
      positions.map((_, index) => index + 1),
      'every publication has an id, without a gap',
    )
  })

  await t.test('never steps back, and ends once', async (t) => {
    const progress = story.filter(({ type }) => type === 'progress')
    t.same([...new Set(progress.map(({ current_phase }) => current_phase))], PHASES)
    for (const event of progress) t.same(Object.keys(event).sort(), PROGRESS_KEYS)
    t.same(
      progress.map(({ progress }) => progress),
      progress.map(({ progress }) => progress).sort((a, b) => a - b),
    )
    t.equal(progress.at(-1)?.progress, 100)
    t.equal(story.filter(isTerminal).length, 1)
    const end = story.at(-1) as Message
    const anomalies = anomaliesOf(story)
    t.ok(anomalies.length > 0)
    t.match(end, {
      type: 'complete',
      investigation_id: id,
      total_anomalies: anomalies.length,
      records_processed: 1546,
      execution_time: /^\d+\.\ds$/,
      duration_ms: Number,
      skipped: Array,
    })
    t.ok(end.risk_score >= 0 && end.risk_score <= 10)
    for (const [field, counts] of [
      ['anomaly_type', end.by_type],
      ['severity', end.by_severity],
    ] as const)
      t.same(
        counts,
        Object.fromEntries(
          [...new Set(anomalies.map((one) => one[field]))].map((value) => [
            value,
            anomalies.filter((one) => one[field] === value).length,
          ]),
        ),
      )
    t.equal(new Set(anomalies.map(({ anomaly_id }) => anomaly_id)).size, anomalies.length, 'each told once')
    for (const anomaly of anomalies) {
      t.ok(anomaly.confidence >= 0 && anomaly.confidence <= 1)
      t.ok(['low', 'medium', 'high', 'critical'].includes(anomaly.severity))
      t.match(anomaly, { anomaly_type: String, title: String, explanation: String, evidence: Object })
    }
  })

  await t.test('is the same compressed, and at every other address', async (t) => {
    const gzip = await wholeStory(await admin.events(stream_url, { gzip: true }))
    t.equal(gzip.headers['content-encoding'], 'gzip')
    t.same(lines(gzip), lines(uncut))
    const stream = await wholeStory(await admin.events(`/api/v1/streams/${stream_id}/events`))
    t.same(lines(stream), lines(uncut))
    const channel = await wholeStory(await admin.events(`/api/v1/channels/investigation:${id}/events`))
    t.same(lines(channel), lines(uncut))
    const multi = await wholeStory(await admin.events(`/api/v1/events?channel=investigation:${id}`))
    t.same(
      multi.events.map(({ event }) => event),
      story.map(() => 'publication'),
    )
    t.same(
      multi.events.map(({ data }) => JSON.parse(data)),
      story.map((data, index) => ({
        channel: `investigation:${id}`,
        epoch: uncut.events[index]?.id?.split(':')[0],
        offset: index + 1,
        data,
      })),
    )
  })

  await t.test('is the same over WebSocket', async (t) => {
    const general = await admin.socket('/api/v1/ws?connection_type=general')
    t.match(await general.ofType('connected'), {
      connection_id: String,
      user: /./,
      heartbeat_interval: Number,
      server_time: String,
    })
    general.send({ type: 'subscribe', channel: `investigation:${id}`, recover: 'all' })
    const events: Message[] = []
    t.match(await general.ofType('subscribed'), { channel: `investigation:${id}`, epoch: String })
    while (!events.some(({ data }) => isTerminal(data))) events.push(await general.ofType('event'))
    t.same(
      events.map(({ data }) => data),
      story,
    )
    t.same(
      events.map(({ epoch, offset }) => `${epoch}:${offset}`),
      uncut.events.map(({ id }) => id),
    )
    general.send({ type: 'ping' })
    await general.ofType('pong')
    general.close()

    const room = await admin.socket(ws_url)
    const messages: Message[] = []
    while (!messages.some(isTerminal)) messages.push(await room.next(({ type }) => type !== 'connected'))
    t.same(
      messages,
      story.map((event, index) => ({
        ...event,
        offset: index + 1,
        epoch: uncut.events[index]?.id?.split(':')[0],
      })),
    )
    room.close()
    const half = uncut.events[Math.floor(uncut.events.length / 2)]?.id as string
    const rest = await admin.socket(`${ws_url}?recover=${half}`)
    t.match(await rest.ofType('recovery'), { recovered: true })
    t.match(await rest.next(), { offset: Number(half.split(':')[1]) + 1 })
    rest.close()
  })

  await t.test('cut at every event and resumed, its halves joined are the whole', async (t) => {
    const whole = lines(uncut)
    const joined = await Promise.all(
      uncut.events.slice(0, -1).map(async (_, index) => {
        const first = await admin.events(stream_url, { gzip: index % 2 === 1 })
        const before = await first.take(index + 1)
        first.close()
        const cursor = before.at(-1)?.id as string
        const second =
          index % 3 === 0
            ? await admin.events(`${stream_url}?last_event_id=${cursor}`)
            : await admin.events(stream_url, { lastEventId: cursor })
        await second.ended()
        const [recovery] = second.events
        if (recovery?.event !== 'recovery' || JSON.parse(recovery.data).recovered !== true)
          return [`not recovered: ${JSON.stringify(recovery)}`]
        return [...lines({ events: before }), ...lines(second)]
      }),
    )
    for (const halves of joined) t.same(halves, whole)
    const after = await admin.events(stream_url, { lastEventId: uncut.events.at(-1)?.id as string })
    t.equal(after.status, 204, 'there is nothing more')
    t.equal(
      (
        await admin.events(`/api/v1/streams/${stream_id}/events`, {
          lastEventId: uncut.events.at(-1)?.id as string,
        })
      ).status,
      204,
    )
  })

  await t.test('cut after every event while it runs', async (t) => {
    const next = await admin.investigate(datasetId)
    const whole = admin.events(next.stream_url).then(wholeStory)
    const received: EventClient['events'] = []
    for (let lastEventId: string | undefined; ; lastEventId = received.at(-1)?.id) {
      const part = await admin.events(next.stream_url, lastEventId === undefined ? {} : { lastEventId })
      const event = await part.next(({ event }) => event !== 'recovery')
      part.close()
      received.push(event)
      if (isTerminal(JSON.parse(event.data))) break
    }
    t.same(lines({ events: received }), lines(await whole))
  })

  await t.test('the same file uploaded twice gives the same anomalies', async (t) => {
    const again = await admin.upload(dataFile('ifms-contratos.csv'), { name: 'under another name.csv' })
    t.not(again.body.dataset_id, datasetId)
    const twin = await admin.investigate(again.body.dataset_id)
    const twinStory = told(await wholeStory(await admin.events(twin.stream_url)))
    t.same(anomaliesOf(twinStory), anomaliesOf(story))
  })

  await t.test('stays readable when it is over', async (t) => {
    const { body } = await admin.get(`/api/v1/investigations/${id}`)
    t.match(body, { investigation_id: id, stream_id, status: 'completed', progress: 100 })
    t.ok(
      (await admin.get('/api/v1/investigations')).body.items.some(
        (one: Message) => one.investigation_id === id,
      ),
    )
    t.match((await admin.get(`/api/v1/streams/${stream_id}`)).body, {
      stream_id,
      kind: 'investigation',
      state: 'completed',
      channel: `investigation:${id}`,
      subscribers: Number,
      ended_at: String,
    })
    const found = await allItems(admin, `/api/v1/investigations/${id}/anomalies?limit=4`)
    t.same(found, anomaliesOf(story))
    const high = await admin.get(`/api/v1/investigations/${id}/anomalies?severity=high`)
    t.same(
      high.body.items,
      found.filter(({ severity }) => severity === 'high'),
    )
    for (const verb of ['cancel', 'pause', 'resume']) {
      const answer = await admin.post(`/api/v1/investigations/${id}/${verb}`)
      t.equal(answer.status, 409)
      t.equal(answer.body.code, 'INVALID_STATE')
    }
  })

  await t.test('is reported in every format', async (t) => {
    const anomalies = anomaliesOf(story)
    const report = async (format: string, type: RegExp) => {
      const answer = await admin.get(`/api/v1/investigations/${id}/report?format=${format}`)
      t.equal(answer.status, 200)
      t.match(answer.headers.get('content-type'), type)
      return answer.text
    }
    const json = JSON.parse(await report('json', /^application\/json/))
    t.same(
      json.anomalies.map(({ anomaly_id }: Message) => anomaly_id),
      anomalies.map(({ anomaly_id }) => anomaly_id),
    )
    const { default: papaparse } = await import('papaparse')
    const { data, errors } = papaparse.parse<Message>(await report('csv', /^text\/csv/), {
      header: true,
      skipEmptyLines: true,
    })
    t.same(errors, [])
    t.same(
      data.map(({ anomaly_id }) => anomaly_id),
      anomalies.map(({ anomaly_id }) => anomaly_id),
    )
    const markdown = await report('md', /^text\/markdown/)
    const html = await report('html', /^text\/html/)
    t.match(markdown, /^# /)
    t.match(html, /^<!doctype html>[\s\S]*<\/html>\s*$/i)
    for (const { reason } of story.at(-1)?.skipped ?? []) {
      t.ok(markdown.includes(reason), `says that a detector was skipped: ${reason}`)
      t.ok(html.includes(reason))
    }
    t.equal((await admin.get(`/api/v1/investigations/${id}/report?format=pdf`)).status, 400)

    const [first] = anomalies as [Message]
    const number = first.evidence.contracts[0].contract_number
    const query = new URLSearchParams({ severity: first.severity, q: number, lang: 'pt' })
    const chosen = (
      await admin.get(`/api/v1/investigations/${id}/anomalies?${query}&limit=1000`)
    ).body.items.map(({ anomaly_id }: Message) => anomaly_id)
    t.ok(chosen.includes(first.anomaly_id) && chosen.length < anomalies.length)
    const part = JSON.parse(await report(`json&${query}`, /json/))
    t.same(
      part.anomalies.map(({ anomaly_id }: Message) => anomaly_id),
      chosen,
    )
    t.same(part.choice, {
      filter: { severity: first.severity, q: number },
      chosen: chosen.length,
      total: anomalies.length,
    })
    const said = `${chosen.length} de ${anomalies.length}, escolhidos por severity = ${first.severity}; q = ${number}`
    for (const format of ['md', 'html'])
      t.ok((await report(`${format}&${query}`, /./)).includes(said), `${format} names its number of findings`)
    for (const lang of ['en', 'pt']) {
      query.set('lang', lang)
      const file = await admin.get(`/api/v1/investigations/${id}/anomalies/export?format=ndjson&${query}`)
      t.same(
        file.text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line).anomaly_id),
        chosen,
        'a file has the same rows, in any language',
      )
    }
    const misspelt = await admin.get(`/api/v1/investigations/${id}/report?suplier=x`)
    t.match(misspelt, { status: 400, body: { errors: [{ field: '?suplier' }] } })
  })

  await t.test('goes when it is removed', async (t) => {
    const extra = await admin.investigate('sample')
    await wholeStory(await admin.events(extra.stream_url))
    t.equal((await admin.call('DELETE', `/api/v1/investigations/${extra.investigation_id}`)).status, 204)
    t.equal((await admin.get(`/api/v1/investigations/${extra.investigation_id}`)).status, 404)
    t.equal((await admin.events(extra.stream_url)).status, 404)
    t.equal((await admin.get(`/api/v1/streams/${extra.stream_id}`)).status, 404)
  })
})

t.test(
  'the bundled sample is marked and stays; a run looks for what was asked, and explains unless told not to',
  async (t) => {
    const { body } = await admin.get('/api/v1/datasets/sample')
    t.match(body, { dataset_id: 'sample', synthetic: true })
    t.equal((await admin.call('DELETE', '/api/v1/datasets/sample')).status, 403)
    const run = await admin.investigate('sample', {
      anomaly_types: ['vendor_concentration', 'split_purchase'],
    })
    const story = told(await wholeStory(await admin.events(run.stream_url)))
    t.ok(
      anomaliesOf(story).every(({ anomaly_type }) =>
        ['vendor_concentration', 'split_purchase'].includes(anomaly_type),
      ),
      'only what was asked for',
    )
    const quiet = await admin.investigate('sample', { include_explanations: false })
    const unexplained = anomaliesOf(told(await wholeStory(await admin.events(quiet.stream_url))))
    t.ok(unexplained.length > 0)
    t.ok(unexplained.every(({ explanation }) => explanation === null))
  },
)

t.test('every rule of every type can be looked up', async (t) => {
  const { items } = (await admin.get('/api/v1/anomaly-types')).body
  t.same(items.map(({ anomaly_type }: Message) => anomaly_type).sort(), [
    'benford_deviation',
    'duplicate_contract',
    'payment_pattern',
    'price_deviation',
    'split_purchase',
    'temporal_pattern',
    'vendor_concentration',
  ])
  for (const item of items) {
    t.ok(item.rule.length > 20)
    t.ok(item.sources.length > 0)
    for (const threshold of Object.values(item.thresholds)) t.match(threshold, { default: Number })
  }
})
