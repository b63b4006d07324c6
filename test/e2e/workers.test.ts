import { execFileSync } from 'node:child_process'
import t from 'tap'
import { gather, heard, publishNumbers, reconnected, summed } from '../support/crowd.ts'
import { deploy, until } from '../support/deployment.ts'
import { runToEnd, temporaryFolder } from '../support/process.ts'

t.setTimeout(300_000)

const workersOf = (pid: number): number[] =>
  execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number)

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

t.test('workers without a bus are refused by name', async (t) => {
  const { code, output } = await runToEnd({ DATA_DIR: await temporaryFolder(), WORKERS: '2' })
  t.equal(code, 1)
  t.match(output, /WORKERS: .*REDIS_URL.*WORKERS=1/)
})

t.test('two workers on one port', async (t) => {
  const deployment = await deploy(t, 'sqlite')
  const service = await deployment.start({ WORKERS: '2' })
  await until(
    'both',
    async () => service.output(),
    (output) => output.includes('2 workers share the port'),
  )
  t.equal(service.output().match(/^console: /gm)?.length, 1, 'the address is told once')
  const channel = 'topic:workers'
  const place = { origin: () => service.url, token: deployment.token, channel }
  const followers = await gather(place, 12)

  t.test('one scrape, wherever it arrives, counts both', async (t) => {
    const open = async (): Promise<number> => {
      const { text } = await service.call('GET', '/metrics')
      const line = /^sse_connections_active\{endpoint="\/api\/v1\/channels\/:channel\/events"\} (\d+)$/m
      return Number(line.exec(text)?.[1])
    }
    for (let n = 0; n < 4; n++) t.equal(await open(), 12)
  })

  t.test('SIGHUP replaces one after the other, and no stream loses anything', async (t) => {
    const before = workersOf(service.pid)
    t.equal(before.length, 2)
    process.kill(service.pid, 'SIGHUP')
    const replaced = () => service.output().match(/was replaced$/gm)?.length ?? 0
    let last = 0
    while (replaced() < 2) {
      await publishNumbers(place, last + 1, last + 20)
      last += 20
    }
    await Promise.all(followers.map((follower) => heard(follower, last)))
    t.same(summed(followers, last), { lost: 0, doubled: 0, disordered: 0 })
    const { connections, failed } = reconnected(followers)
    t.ok(connections >= 24, `${connections} connections of 12 clients: each was seen off`)
    t.same(failed, [])
    t.notOk(before.some(isAlive))
    t.notOk(workersOf(service.pid).some((pid) => before.includes(pid)))

    t.test('one that is killed is replaced', async (t) => {
      const [victim] = workersOf(service.pid) as [number]
      process.kill(victim, 'SIGKILL')
      await publishNumbers(place, last + 1, last + 20)
      await until(
        'its successor',
        async () => workersOf(service.pid),
        (pids) => pids.length === 2 && !pids.includes(victim),
      )
      await Promise.all(followers.map((follower) => heard(follower, last + 20)))
      t.same(summed(followers, last + 20), { lost: 0, doubled: 0, disordered: 0 })
    })
  })

  t.test('SIGTERM ends all', async (t) => {
    const pids = workersOf(service.pid)
    service.signal('SIGTERM')
    t.same(await service.exited, { code: 0, signal: null })
    t.notOk(pids.some(isAlive))
  })
})
