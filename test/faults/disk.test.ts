import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { login, startProcess, temporaryFolder, told } from '../support/process.ts'
import { program } from '../support/program.ts'

t.setTimeout(120_000)

const DISK_MB = 48

/** Runs what follows with a small disk of its own at the folder. */
const onSmallDisk = (folder: string): string[] => [
  program('unshare', 'util-linux'),
  ...['--map-root-user', '--mount', 'sh', '-c'],
  `mount -t tmpfs -o size=${DISK_MB}m tmpfs '${folder}' && exec "$0" "$@"`,
]

/** Writes until the disk takes no more. */
const fill = async (file: string): Promise<void> => {
  const stream = createWriteStream(file)
  const full = once(stream, 'error')
  // Small pieces, so that not even one is left.
  const piece = Buffer.alloc(4096, 1)
  let isFull = false
  full.then(() => {
    isFull = true
  })
  while (!isFull) if (!stream.write(piece)) await Promise.race([once(stream, 'drain'), full])
}

t.test('a disk that is full: reads go on, nothing is told that is not stored, and it heals', async (t) => {
  const folder = await temporaryFolder()
  const service = await startProcess({ DATA_DIR: folder }, undefined, onSmallDisk(folder))
  const admin = await login(service.url)
  const ballast = join(`/proc/${service.pid}/root`, folder, 'ballast')
  const ask = (message: string) =>
    admin.post('/api/v1/chat/message', { session_id: 'small', message, provider: 'local' })
  t.equal((await ask('hello')).status, 200)
  const messages = async () =>
    (await admin.get('/api/v1/chat/sessions/small/messages')).body.items.map(
      ({ content }: { content: string }) => content,
    )
  const before = await messages()
  const room = await admin.events('/api/v1/channels/chat:small/events')

  await fill(ballast)
  const refused = []
  for (let n = 0; n < 20; n++) refused.push(await ask(`into a full disk ${n} ${'x'.repeat(9000)}`))
  const said = refused.filter(({ status }) => status !== 200)
  t.ok(said.length > 0, `${said.length} of 20 messages were refused`)
  for (const answer of said) t.match(answer, { status: 507, body: { code: 'STORE_FULL', detail: /./ } })
  const upload = await admin.upload(Buffer.from(`a;b\n${'1;2\n'.repeat(300_000)}`), { name: 'large.csv' })
  t.match(upload, { status: 507, body: { code: 'STORE_FULL' } })
  const kept = refused.flatMap(({ status }, n) => (status === 200 ? [n] : []))
  const stored = await messages()
  for (const n of refused.keys())
    t.equal(
      stored.some((content: string) => content.startsWith(`into a full disk ${n} `)),
      kept.includes(n),
      'a message is there when it was acknowledged, and not when it was refused',
    )
  t.same((await admin.get('/api/v1/datasets')).status, 200, 'reads go on')

  await rm(ballast)
  t.equal((await ask('is there room again?')).status, 200)
  await room.next(({ data }) => data.includes('is there room again?'))
  const heard = told(room).filter(({ type }) => type === 'message')
  t.notOk(
    heard.some(({ content }) => /^into a full disk/.test(content) && !stored.includes(content)),
    'nobody was told of a message that is not stored',
  )
  t.same((await messages()).slice(0, before.length), before)
  room.close()
  t.equal((await admin.get('/health/ready')).status, 200)
  t.equal((await admin.get('/api/v1/audit/verify')).body.valid, true)
  t.comment(`${said.length} messages refused with 507, ${kept.length} kept, all reads answered`)
})
