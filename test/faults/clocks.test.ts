import { existsSync, readdirSync } from 'node:fs'
import t from 'tap'
import { heard, numbersOf, publishNumbers } from '../support/crowd.ts'
import { deploy, type Instance, SHORT_LEASE, until } from '../support/deployment.ts'
import { follow } from '../support/follower.ts'
import { login } from '../support/process.ts'
import { assertOneStory, investigate, toEnd, uploadPlanted } from '../support/story.ts'

t.setTimeout(120_000)

/** @throws {Error} with the line that installs it */
const libfaketime = (): string => {
  const folder = readdirSync('/usr/lib').find((name) => name.endsWith('-linux-gnu'))
  const library = `/usr/lib/${folder}/faketime/libfaketime.so.1`
  if (!existsSync(library)) throw new Error('libfaketime is missing: apt-get install libfaketime')
  return library
}
/** Settings of a process whose clock is wrong. */
const shifted = (FAKETIME: string) => ({
  LD_PRELOAD: libfaketime(),
  FAKETIME,
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
})
const LAST = 200

t.test('instances whose clocks are ten minutes apart are one service', async (t) => {
  const deployment = await deploy(t, 'sqlite', { env: SHORT_LEASE })
  const ahead = await deployment.start(shifted('+5m'))
  const behind = await deployment.start(shifted('-5m'))
  const clockOf = async (instance: Instance) =>
    Date.parse((await instance.call('GET', '/health/live')).headers.get('date') as string)
  const apartMs = (await clockOf(ahead)) - (await clockOf(behind))
  t.ok(apartMs > 590_000 && apartMs < 610_000, 'they are')
  const tokens = new Map<string, string>()
  for (const { url } of [ahead, behind]) tokens.set(url, (await login(url)).token)
  const tokenOf = ({ url }: Instance) => tokens.get(url) as string

  t.test('a token of the future is refused, one of the past is good until it ends', async (t) => {
    const future = await behind.call('GET', '/api/v1/datasets', { token: tokenOf(ahead) })
    t.match(future, { status: 401, body: { code: 'UNAUTHENTICATED' } })
    t.equal((await ahead.call('GET', '/api/v1/datasets', { token: tokenOf(behind) })).status, 200)
  })

  t.test('publications of both are in order, by offset', async (t) => {
    const channel = 'topic:clocks'
    const path = `/api/v1/channels/${channel}/events`
    const followers = [ahead, behind].map((instance) =>
      follow({ address: () => instance.url, path, token: tokenOf(instance) }),
    )
    await until('connections', async () => followers.every(({ connections }) => connections > 0), Boolean)
    for (let n = 1; n <= LAST; n++) {
      const instance = n % 2 === 0 ? ahead : behind
      await publishNumbers({ origin: () => instance.url, token: tokenOf(instance), channel }, n, n)
    }
    for (const follower of followers) {
      await heard(follower, LAST)
      t.same(
        numbersOf(follower),
        Array.from({ length: LAST }, (_, n) => n + 1),
      )
      t.same(follower.recoveries, [])
      follower.close()
    }
  })

  t.test('a run keeps its lease, and is told once', async (t) => {
    const dataset = await uploadPlanted(ahead, 20_000)
    const { id, holder } = await investigate([ahead, behind], dataset)
    const path = `/api/v1/investigations/stream/${id}`
    const watchers = [ahead, behind].map((instance) =>
      follow({ address: () => instance.url, path, token: tokenOf(instance) }),
    )
    for (const watcher of watchers) assertOneStory(t, await toEnd(watcher), 'complete')
    const [one, other] = watchers.map(({ events }) => events.map(({ data }) => data))
    t.same(one, other)
    for (const { output } of [ahead, behind]) t.notMatch(output(), /taken over/)
    t.ok(holder)
  })
})
