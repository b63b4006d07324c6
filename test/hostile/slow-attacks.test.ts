import { spawn } from 'node:child_process'
import { readdir, readlink } from 'node:fs/promises'
import { setTimeout as pace } from 'node:timers/promises'
import t from 'tap'
import { isLong } from '../support/long.ts'
import { login, startProcess } from '../support/process.ts'
import { program } from '../support/program.ts'

t.setTimeout(600_000)

const CONNECTIONS = 200
const service = await startProcess()
const admin = await login(service.url)
const slow = program('slowhttptest', 'slowhttptest')

/** The options of slowhttptest. A head has 10 s to arrive, a body 30, an idle connection 72: the long run waits for all. */
const ATTACKS: Record<string, readonly string[]> = {
  'heads that never end': ['-H', '-i', '4', '-u', `${service.url}/health/live`],
  ...(isLong && {
    'bodies that never end': ['-B', '-i', '4', '-f', 'application/json', '-u', `${service.url}/auth/login`],
    'answers that are read byte by byte': [
      '-X',
      '-n',
      '5',
      '-z',
      '5',
      '-y',
      '64',
      '-u',
      `${service.url}/docs/json`,
    ],
  }),
}

/** Counts the sockets that the service holds. */
const socketsHeld = async (): Promise<number> => {
  const folder = `/proc/${service.pid}/fd`
  const targets = (await readdir(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(() => ''))
  return (await Promise.all(targets)).filter((target) => target.startsWith('socket:')).length
}
const until = async (isSo: (sockets: number) => boolean): Promise<void> => {
  while (!isSo(await socketsHeld())) await pace(200)
}

for (const [name, options] of Object.entries(ATTACKS))
  t.test(`slow attacks hold nobody else up, and their sockets are closed: ${name}`, async (t) => {
    const before = await socketsHeld()
    const startedAt = performance.now()
    const attack = spawn(slow, ['-c', `${CONNECTIONS}`, '-r', `${CONNECTIONS}`, '-l', '240', ...options])
    t.teardown(() => attack.kill())
    let printed = ''
    attack.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
    let isOver = false
    const took: number[] = []
    const serve = async (): Promise<void> => {
      while (!isOver) {
        const askedAt = performance.now()
        const { status } = await admin.get('/api/v1/datasets?limit=1')
        took.push(performance.now() - askedAt)
        if (status !== 200) t.fail(`another was answered ${status}`)
        await pace(20)
      }
    }
    const served = serve()
    await until((sockets) => sockets > before + CONNECTIONS / 2)
    t.pass('the attack is under way')
    await until((sockets) => sockets < before + CONNECTIONS / 20)
    // The tool ends by itself before its time only where nobody speaks to it any more.
    if (attack.exitCode !== null) t.match(printed, /No open connections left/)
    const seconds = (performance.now() - startedAt) / 1000
    isOver = true
    await served
    t.ok(took.length > 10, 'others were served meanwhile')
    const worst = took.toSorted((a, b) => a - b).at(Math.floor(took.length * 0.99)) ?? 0
    t.comment(
      `${CONNECTIONS} connections closed within ${seconds.toFixed(0)} s; ${took.length} requests of others, p99 ${worst.toFixed(0)} ms`,
    )
  })
