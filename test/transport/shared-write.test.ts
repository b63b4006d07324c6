import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import t from 'tap'
import { nativeSendMany, packing, SharedWrites } from '../../src/transport/shared-write.ts'

/** Connections to a server in this process: the ends that write, and the ends that read. */
const connections = async (count: number): Promise<{ writers: Socket[]; readers: Socket[] }> => {
  const server = createServer()
  const writers: Socket[] = []
  server.on('connection', (socket) => writers.push(socket))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as { port: number }
  const readers: Socket[] = []
  for (let n = 0; n < count; n++) {
    const reader = connect(port, '127.0.0.1').pause()
    await once(reader, 'connect')
    readers.push(reader)
  }
  while (writers.length < count) await once(server, 'connection')
  t.teardown(() => {
    for (const socket of [...writers, ...readers]) socket.destroy()
    server.close()
  })
  return { writers, readers }
}

/** Reads so many bytes of a socket. */
const read = async (socket: Socket, length: number): Promise<Buffer> => {
  const parts: Buffer[] = []
  let got = 0
  for (socket.resume(); got < length; ) {
    const [part] = (await once(socket, 'data')) as [Buffer]
    parts.push(part)
    got += part.length
  }
  return Buffer.concat(parts)
}

const native = nativeSendMany()
const PATHS = { 'by Node alone': undefined, 'by the addon': native }

for (const [path, sendMany] of Object.entries(PATHS)) {
  const skip = path === 'by the addon' && native === undefined && 'the addon is not built: npm run native'
  t.test(`shared bytes reach every socket, whole and in order, ${path}`, { skip }, async (t) => {
    const { writers, readers } = await connections(20)
    const writes = new SharedWrites(sendMany)
    const expected: Buffer[] = []
    const left: Promise<void>[] = []
    // Larger than what the system takes of a reader that does not read: parts go on by Node.
    for (const [letter, size] of [
      ['a', 200],
      ['b', 3_000_000],
      ['c', 1],
      ['d', 500_000],
    ] as const) {
      const bytes = Buffer.alloc(size, letter)
      expected.push(bytes)
      writes.together(() => {
        for (const socket of writers)
          left.push(new Promise((resolve) => writes.write(socket, bytes, resolve)))
      })
    }
    const whole = Buffer.concat(expected)
    for (const reader of readers) t.ok((await read(reader, whole.length)).equals(whole))
    await Promise.all(left)
  })

  t.test(`a write from within another one's end is not lost, ${path}`, { skip }, async (t) => {
    const { writers, readers } = await connections(8)
    const writes = new SharedWrites(sendMany)
    const [first, second, third] = ['first ', 'second ', 'third'].map((text) => Buffer.from(text))
    writes.together(() => {
      for (const socket of writers)
        writes.write(socket, first as Buffer, () =>
          writes.write(socket, second as Buffer, () => writes.write(socket, third as Buffer, () => {})),
        )
    })
    for (const reader of readers) t.equal(String(await read(reader, 18)), 'first second third')
  })

  t.test(`a socket that has broken costs the others nothing, ${path}`, { skip }, async (t) => {
    const { writers, readers } = await connections(3)
    const writes = new SharedWrites(sendMany)
    const [, broken] = writers as [Socket, Socket, Socket]
    const failed = once(broken, 'error')
    const gone = once(broken, 'close')
    readers[1]?.resetAndDestroy()
    const bytes = Buffer.alloc(100, 'x')
    const all = () =>
      writes.together(() => {
        for (const socket of writers) writes.write(socket, bytes, () => {})
      })
    all()
    await Promise.race([failed, gone])
    all()
    for (const reader of [readers[0], readers[2]] as Socket[]) t.equal((await read(reader, 200)).length, 200)
  })
}

t.test('frames are joined once for all who get the same ones', async (t) => {
  let made = 0
  const pack = packing((frames) => {
    made++
    return Buffer.concat(frames)
  })
  const [a, b] = [Buffer.from('a'), Buffer.from('b')]
  const ab = pack([a, b])
  t.equal(String(ab), 'ab')
  t.equal(pack([a, b]), ab)
  t.equal(made, 1)
  t.equal(String(pack([b])), 'b')
  t.equal(String(pack([b, a])), 'ba')
  t.equal(String(pack([])), '')
})
