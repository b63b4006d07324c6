import slotOf from 'cluster-key-slot'
import t, { type Test } from 'tap'
import { heard, numbersOf, publishNumbers } from '../support/crowd.ts'
import { type Deployment, deploy, type Instance, until } from '../support/deployment.ts'
import { follow } from '../support/follower.ts'
import { often } from '../support/long.ts'
import { moveSlot, type RedisServer, startCluster, startSentinels } from '../support/redis.ts'
import { assertOneStory, foundIn, investigate, toEnd, uploadPlanted, watch } from '../support/story.ts'

t.setTimeout(3_600_000)

/** Numbers that are published before, and while, a master moves. */
const EACH = 40

/**
 * Two processes of the service, a client that follows a topic on each, and a run that is watched on each.
 * @param move what happens while numbers are published and the run goes on
 */
const goesOn = async (
  t: Test,
  deployment: Deployment,
  move: (channels: { topic: string; run: string }) => Promise<void>,
): Promise<void> => {
  const instances = [await deployment.start(), await deployment.start()]
  const dataset = await uploadPlanted(instances[0] as Instance, 20_000)
  const topic = 'topic:moves'
  let turn = 0
  const origin = () => (instances[turn++ % instances.length] as Instance).url
  const publish = (from: number, to: number) =>
    publishNumbers({ origin, token: deployment.token, channel: topic }, from, to)
  const followers = instances.map(({ url }) =>
    follow({ address: () => url, path: `/api/v1/channels/${topic}/events`, token: deployment.token }),
  )
  await until('connections', async () => followers.every(({ connections }) => connections === 1), Boolean)
  await publish(1, EACH)
  await Promise.all(followers.map((follower) => heard(follower, EACH)))
  const { id, other } = await investigate(instances, dataset)
  const watchers = instances.map(({ url }) => watch(deployment, id, () => url))
  await other.call('POST', `/api/v1/investigations/${id}/pause`)
  await Promise.all(watchers.map((watcher) => watcher.saw(({ data }) => JSON.parse(data).type === 'paused')))

  const publishing = publish(EACH + 1, 2 * EACH)
  await move({ topic, run: `investigation:${id}` })
  await publishing
  await publish(2 * EACH + 1, 3 * EACH)
  await until(
    'the run goes on',
    async () => (await other.call('POST', `/api/v1/investigations/${id}/resume`)).status,
    (status) => status === 202 || status === 409,
  )

  const all = Array.from({ length: 3 * EACH }, (_, at) => at + 1)
  let told = 0
  for (const follower of followers) {
    await heard(follower, 3 * EACH)
    follower.close()
    const numbers = numbersOf(follower)
    const missing = all.filter((n) => !numbers.includes(n))
    const losses = follower.recoveries.filter(({ recovered }) => !recovered)
    t.ok(missing.length === 0 || losses.length > 0, `no silent hole: ${missing.length} missing`)
    if (losses.length === 0) t.same(numbers, all)
    told += losses.length
  }
  const stories = await Promise.all(watchers.map(toEnd))
  const { items } = (await other.call('GET', `/api/v1/investigations/${id}/anomalies?limit=1000`)).body
  const ids = items.map(({ anomaly_id }: { anomaly_id: string }) => anomaly_id).sort()
  for (const story of stories) {
    assertOneStory(t, story, 'complete')
    t.same(foundIn(story), ids, 'all that was found is told')
  }
  t.comment(`${3 * EACH} publications, 2 clients, 2 watchers: no silent hole, ${told} losses told`)
}

for (let round = 1; round <= often(1, 10); round++) {
  t.test(
    `sentinels promote the replica while clients listen and a run goes on: round ${round}`,
    async (t) => {
      const { url, master, stop } = await startSentinels()
      const deployment = await deploy(t, 'sqlite', { env: { REDIS_URL: url } })
      t.teardown(stop)
      await goesOn(t, deployment, () => master.kill())
    },
  )

  t.test(`slots of a cluster move while clients listen and a run goes on: round ${round}`, async (t) => {
    const cluster = await startCluster()
    const deployment = await deploy(t, 'sqlite', { env: { REDIS_URL: cluster.url } })
    t.teardown(() => cluster.stop())
    await goesOn(t, deployment, async (channels) => {
      for (const channel of Object.values(channels)) {
        const slot = slotOf(channel)
        const at = slot < 5461 ? 0 : slot < 10_923 ? 1 : 2
        const [from, to] = [at, (at + 1) % 3].map((n) => cluster.servers[n]) as [RedisServer, RedisServer]
        t.ok((await moveSlot(slot, from, to)) > 0, `${channel} has keys that move`)
      }
    })
  })
}
