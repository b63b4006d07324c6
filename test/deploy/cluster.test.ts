import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { freePort } from '../support/port.ts'
import { client, login, told } from '../support/process.ts'
import { fromRoot } from '../support/root.ts'

t.setTimeout(240_000)

/** `npm run cluster`, without npm. */
const run = (t: Test, env: Record<string, string>) => {
  const child: ChildProcess = spawn(process.execPath, ['built/deploy/cluster/main.js'], {
    cwd: fromRoot(''),
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  let output = ''
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
      for (const look of [...waiting]) look()
    })
  const over = once(child, 'close').then(([code]) => {
    for (const look of [...waiting]) look()
    return code as number | null
  })
  return {
    child,
    over,
    output: () => output,
    /** Resolves with what the pattern finds in the output. */
    said: (pattern: RegExp) =>
      new Promise<RegExpExecArray>((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(output)
          if (found) resolve(found)
          else if (child.exitCode !== null) reject(new Error(`it ended with ${child.exitCode}:\n${output}`))
          else return
          waiting.delete(look)
        }
        waiting.add(look)
        look()
      }),
  }
}

/** Pids of the processes that a process has started, and of theirs. */
const descendants = async (pid: number): Promise<number[]> => {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const children = text.split(' ').filter(Boolean).map(Number)
  return [...children, ...(await Promise.all(children.map(descendants))).flat()]
}
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

t.test('a cluster streams, outlives its parts, and leaves nothing behind', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-cluster-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const port = await freePort()
  const cluster = run(t, { PORT: String(port), DATA_DIR: directory, DRAIN_SECONDS: '2' })
  await cluster.said(/^Prometheus: /m)
  const url = `http://127.0.0.1:${port}`
  t.match(cluster.output(), `Tributary listens on ${url}\n`)
  t.equal((await client(url).get('/health/ready')).status, 200, 'it is ready as soon as it says where it is')

  const password = /^password: (\S+)$/m.exec(cluster.output())?.[1] as string
  const admin = await login(url, 'admin', password)
  const started = await admin.investigate('sample')
  const events = await admin.events(started.stream_url)
  await events.ended()
  t.equal(told(events).at(-1)?.type, 'complete', 'an investigation streams through nginx')

  const parts = await descendants(cluster.child.pid as number)
  t.ok(parts.length >= 7, 'three instances, Redis, PostgreSQL, nginx and Prometheus run')
  const instance = Number(/^instance-2: pid (\d+)/m.exec(cluster.output())?.[1])
  process.kill(instance, 'SIGKILL')
  for (let i = 0; i < 6; i++) t.equal((await admin.get('/api/v1/streams')).status, 200, 'the others answer')
  const [, again] = await cluster.said(/^instance-2 runs again \(pid (\d+)\)/m)
  t.not(Number(again), instance)

  const nginx = Number(await readFile(join(directory, 'nginx/nginx.pid'), 'utf8'))
  process.kill(nginx, 'SIGKILL')
  await cluster.said(/^nginx runs again /m)
  t.equal((await client(url).get('/health/live')).status, 200, 'also where its worker was left behind')

  const all = [...parts, ...(await descendants(cluster.child.pid as number))]
  const live = await admin.events('/api/v1/channels/topic:x/events')
  cluster.child.kill('SIGTERM')
  await live.ended()
  t.equal(await cluster.over, 0)
  t.same(all.filter(isAlive), [], 'nothing is left running')
})

t.test('what cannot start is said in one line', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-path-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  await symlink(process.execPath, join(folder, 'node'))
  const DATA_DIR = join(folder, 'data')
  const bare = run(t, { PATH: folder, DATA_DIR, PORT: '0' })
  t.equal(await bare.over, 1)
  t.match(bare.output(), /^missing: redis-server.*apt-get install redis-server.*\n$/)
  const badPort = run(t, { PORT: 'eighty', DATA_DIR })
  t.equal(await badPort.over, 1)
  t.equal(badPort.output(), 'PORT must be a whole number from 0 to 65535\n')
})
