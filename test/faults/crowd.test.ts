import t from 'tap'
import { publishNumbers } from '../support/crowd.ts'
import { deploy, until } from '../support/deployment.ts'
import { type EventClient, openEvents, type ReceivedEvent } from '../support/event-source.ts'
import { isLong, often } from '../support/long.ts'
import { startNginx } from '../support/nginx.ts'
import { freePort } from '../support/port.ts'

const CROWD = often(300, 5000)
/** Clients that one address of this machine stands for: nginx bounds the connections of an address. */
const PER_ADDRESS = 200
const MANY = { MAX_CONCURRENT_STREAMS: '12000', MAX_STREAMS_PER_USER: '12000' }

t.setTimeout(isLong ? 900_000 : 300_000)

/** Opens the channel for the nth client, behind the id that it has seen. */
const open = (origin: string, token: string, nth: number, lastEventId?: string): Promise<EventClient> =>
  openEvents(`${origin}/api/v1/channels/topic:crowd/events`, {
    headers: { authorization: `Bearer ${token}` },
    localAddress: `127.0.0.${2 + Math.floor(nth / PER_ADDRESS)}`,
    patienceMs: 120_000,
    ...(lastEventId !== undefined && { lastEventId }),
  })

const numberOf = ({ data }: ReceivedEvent): number => JSON.parse(data).n
const isNumber = (event: ReceivedEvent, n: number): boolean =>
  event.event === undefined && numberOf(event) === n

/** Opens the channel for a whole crowd, a hundred at a time. */
const openAll = async (origin: string, token: string): Promise<EventClient[]> => {
  const clients: EventClient[] = []
  while (clients.length < CROWD)
    clients.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(100, CROWD - clients.length) }, (_, index) =>
          open(origin, token, clients.length + index),
        ),
      )),
    )
  return clients
}

/** Takes publications until the one with that number; returns the numbers and the last id. */
const hear = async (client: EventClient, last: number) => {
  const numbers: number[] = []
  for (;;) {
    const event = await client.next(({ event }) => event === undefined)
    numbers.push(numberOf(event))
    if (numbers.at(-1) === last) return { numbers, id: event.id as string }
  }
}

t.test('all who lose their instance at once are served by the other, behind their position', async (t) => {
  const deployment = await deploy(t, 'sqlite', { env: MANY })
  const [lost, left] = [await deployment.start(), await deployment.start()]
  const { token } = deployment
  const clients = await openAll(lost.url, token)
  const place = { origin: () => left.url, token, channel: 'topic:crowd' }
  await publishNumbers(place, 1, 5)
  const before = await Promise.all(clients.map((client) => hear(client, 5)))
  await lost.kill()
  await publishNumbers(place, 6, 10)
  const from = performance.now()
  const back = await Promise.all(before.map(({ id }, nth) => open(left.url, token, nth, id)))
  const after = await Promise.all(back.map((client) => hear(client, 10)))
  const tookMs = performance.now() - from
  t.same([...new Set(back.map(({ status }) => status))], [200], 'nobody is refused')
  t.same(
    [...new Set(after.map(({ numbers }) => numbers.join(' ')))],
    ['6 7 8 9 10'],
    'nothing lost or doubled',
  )
  for (const client of back) client.close()
  t.comment(`${CROWD} clients came back at once: all behind their position after ${Math.round(tookMs)} ms`)
})

t.test('SIGTERM behind nginx: all are told, nobody is refused, the process ends in its time', async (t) => {
  const deployment = await deploy(t, 'sqlite', { env: { ...MANY, TRUST_PROXY: '127.0.0.1' } })
  const ports = [await freePort(), await freePort()]
  const [leaving, staying] = [
    await deployment.start({ PORT: String(ports[0]) }),
    await deployment.start({ PORT: String(ports[1]) }),
  ]
  const { token } = deployment
  const { origin } = await startNginx(t, ports)
  const clients = await openAll(origin, token)
  const place = { origin: () => origin, token, channel: 'topic:crowd' }
  await publishNumbers(place, 1, 5)
  const heard = await Promise.all(clients.map((client) => hear(client, 5)))
  const from = performance.now()
  leaving.signal('SIGTERM')
  const isRed = until(
    'red readiness',
    () =>
      leaving
        .call('GET', '/health/ready')
        .then(({ status }) => status)
        .catch(() => 0),
    (status) => status !== 200,
  )
  let refused = 0
  let moved = 0
  /** Comes back as a browser does, whenever the stream is over, and returns the numbers of all its connections. */
  const follow = async (first: EventClient, nth: number): Promise<number[]> => {
    const numbers: number[] = []
    let id = heard[nth]?.id as string
    for (let client = first; ; client = await open(origin, token, nth, id)) {
      if (client !== first) moved++
      if (client.status !== 200) {
        refused++
        console.error('STATUS', client.status, client.text().slice(0, 200))
      }
      const how = await Promise.race([client.ended(), client.next((event) => isNumber(event, 10))])
      if (how === 'cut') {
        refused++
        console.error('CUT', client.text().slice(-200), client === first)
      }
      for (const event of client.events.filter((event) => event.event === undefined)) {
        if (numberOf(event) > 5) numbers.push(numberOf(event))
        id = event.id as string
      }
      client.close()
      if (numbers.at(-1) === 10) return numbers
    }
  }
  const followed = Promise.all(clients.map(follow))
  const exit = await leaving.exited
  const tookMs = performance.now() - from
  await isRed
  t.equal(exit.code, 0)
  await publishNumbers(place, 6, 10)
  const numbers = await followed
  t.same([...new Set(numbers.map((one) => one.join(' ')))], ['6 7 8 9 10'], 'nothing lost or doubled')
  t.equal(refused, 0, 'nobody was refused or cut')
  t.ok(moved > 0, 'clients had to move')
  for (const client of clients) client.close()
  t.equal((await staying.call('GET', '/health/ready')).status, 200)
  t.comment(
    `${CROWD} streams, ${moved} of them moved, 0 refused; exit 0 after ${Math.round(tookMs)} ms (drain 2 s)`,
  )
})
