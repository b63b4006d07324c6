import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { memoryBroker } from '../../src/channel/broker-memory.ts'
import { Hub } from '../../src/channel/hub.ts'
import { partyKind, WireMember } from '../../src/transport/party.ts'
import { SEND_MANY } from '../../src/transport/shared-write.ts'
import { WriteQueue } from '../../src/transport/write-queue.ts'

const skip = SEND_MANY === undefined && 'the addon is not built: npm run native'
const CHANNEL = 'topic:party'
const fdOf = (socket: Socket): number => (socket as unknown as { _handle: { fd: number } })._handle.fd

/** A connection to a server of this process. */
const dial = async (server: Server): Promise<{ writer: Socket; reader: Socket }> => {
  const { port } = server.address() as { port: number }
  const accepted = once(server, 'connection')
  const reader = connect(port, '127.0.0.1').pause()
  const [writer] = (await accepted) as [Socket]
  t.teardown(() => {
    writer.destroy()
    reader.destroy()
  })
  return { writer, reader }
}

/** Subscribers over real sockets, who may all get the same bytes. */
const gathering = async (size: number) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const broker = memoryBroker({ historySize: 10_000, historyTtlMs: 60_000 })
  const hub = new Hub(broker)
  t.teardown(async () => {
    server.close()
    await hub.close()
    await broker.close()
  })
  const count = { framesMade: 0, framesSent: 0, bytesBefore: 0, bytesAfter: 0 }
  const framesOf = (publications: readonly { data: string }[]) => ({
    frames: publications.map(({ data }) => Buffer.from(data)),
    shown: publications.length,
  })
  const pack = (frames: readonly Buffer[]): Buffer => Buffer.concat(frames)
  const kind = partyKind({ count, framesOf, pack: (frames) => ({ bytes: pack(frames) }) })
  const members = []
  for (let n = 0; n < size; n++) {
    const { writer, reader } = await dial(server)
    let queued = 0
    const queue = new WriteQueue(
      {
        count: { ...count },
        write(frames, done) {
          queued++
          const bytes = pack(frames)
          writer.write(bytes, done)
          return bytes.length
        },
        writePart(bytes, _last, done) {
          queued++
          writer.write(bytes, done)
          return bytes.length
        },
      },
      { bufferBytes: 1e9, graceMs: 60_000 },
      () => t.fail('nobody is cut off'),
    )
    const subscriber = {
      deliver: (publications: readonly { data: string }[]) => {
        for (const frame of framesOf(publications).frames) queue.send(frame)
      },
      drained: () => queue.drained(),
      lost: () => t.fail('nobody loses anything'),
    }
    const { seat, start } = await hub.subscribe(CHANNEL, subscriber, 'now')
    queue.seatAt(new WireMember(seat, kind, queue, () => writer))
    start()
    const parts: Buffer[] = []
    reader.on('data', (part) => parts.push(part))
    members.push({ writer, reader, queue, queued: () => queued, text: () => String(Buffer.concat(parts)) })
  }
  await turn()
  return { server, hub, members, count }
}

/** Waits until all of them have read a text that ends so. */
const heard = async (members: { text(): string }[], end: string): Promise<void> => {
  while (!members.every((member) => member.text().endsWith(end))) await turn()
}

t.test(
  'what all get goes past their queues, and what one gets alone keeps its place',
  { skip },
  async (t) => {
    const { hub, members, count } = await gathering(10)
    for (const { reader } of members) reader.resume()
    await hub.publish(CHANNEL, ['0 '])
    await heard(members, '0 ')
    const before = members.map(({ queued }) => queued())
    t.same(before, Array(10).fill(1), 'the first one by one')
    for (let n = 1; n <= 20; n++) {
      await hub.publish(CHANNEL, [`${n} `])
      await turn()
    }
    await heard(members, '20 ')
    t.same(
      members.map(({ queued }) => queued()),
      before,
    )
    t.match(count, { framesSent: 200, bytesBefore: 510, bytesAfter: 510 })

    const [one] = members as [(typeof members)[0]]
    await hub.publish(CHANNEL, ['21 '])
    await turn()
    one.queue.send(Buffer.from('alone '))
    await hub.publish(CHANNEL, ['22 ', '23 '])
    await heard(members, '23 ')
    t.ok(one.text().endsWith('20 21 alone 22 23 '))
    await hub.publish(CHANNEL, ['24 '])
    await heard(members, '24 ')
    t.equal(one.queued(), 2, 'back among the others')
  },
)

t.test('one that does not read gets the rest in order, and costs the others nothing', { skip }, async (t) => {
  const { hub, members } = await gathering(10)
  const [slow, ...quick] = members as [(typeof members)[0], ...typeof members]
  for (const { reader } of quick) reader.resume()
  const texts = Array.from({ length: 600 }, (_, n) => `${n}:${'x'.repeat(20_000)};`)
  for (const text of texts) {
    await hub.publish(CHANNEL, [text])
    await turn()
  }
  await hub.publish(CHANNEL, [`${'y'.repeat(100_000)};`, 'end'])
  await heard(quick, 'end')
  t.ok(slow.queue.unsentBytes > 1_000_000, `${slow.queue.unsentBytes} bytes wait for it`)
  slow.reader.resume()
  await heard([slow], 'end')
  const whole = `${texts.join('')}${'y'.repeat(100_000)};end`
  for (const { text } of members) t.ok(text() === whole)
  const queued = slow.queued()
  await hub.publish(CHANNEL, ['!'])
  await heard(members, '!')
  await hub.publish(CHANNEL, ['?'])
  await heard(members, '?')
  t.ok(slow.queued() <= queued + 1, 'it is back among the others')
})

t.test(
  'a descriptor that was closed and is another connection’s by now gets nothing',
  { skip },
  async (t) => {
    const { server, hub, members } = await gathering(10)
    for (const { reader } of members) reader.resume()
    await hub.publish(CHANNEL, ['first'])
    await heard(members, 'first')
    const [gone, ...rest] = members as [(typeof members)[0], ...typeof members]
    const descriptor = fdOf(gone.writer)
    const others: Awaited<ReturnType<typeof dial>>[] = []
    gone.writer.destroy()
    // Its queue and its subscription do not know yet.
    while (!others.some(({ writer, reader }) => fdOf(writer) === descriptor || fdOf(reader) === descriptor))
      others.push(await dial(server))
    let got = 0
    for (const socket of others.flatMap(({ writer, reader }) => [writer, reader]))
      socket.resume().on('data', (part) => {
        got += part.length
      })
    await hub.publish(CHANNEL, ['second'])
    await heard(rest, 'second')
    for (const { writer } of others) writer.write('own')
    for (const { reader } of others) while (reader.bytesRead < 3) await turn()
    t.equal(got, 3 * others.length)
    t.equal(gone.text(), 'first')
  },
)
