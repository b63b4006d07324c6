import { setTimeout as pace } from 'node:timers/promises'
import t from 'tap'
import { gather, heard, publishNumbers, reconnected, summed } from '../support/crowd.ts'
import { deploy, type Instance } from '../support/deployment.ts'
import { isLong, often } from '../support/long.ts'
import { startNginx } from '../support/nginx.ts'
import { freePort } from '../support/port.ts'

const KILLS = often(3, 200)
const CLIENTS = 20
/** Published while one instance is killed and the other serves. */
const EACH = often(200, 60)

t.setTimeout(isLong ? 7_200_000 : 300_000)

t.test('killed again and again behind nginx, instances lose no client a publication', async (t) => {
  const deployment = await deploy(t, 'sqlite', { env: { ACCESS_TOKEN_TTL_SECONDS: '86400' } })
  const ports = [await freePort(), await freePort()]
  const start = (port: number) => deployment.start({ PORT: String(port), TRUST_PROXY: '127.0.0.1' })
  const pool: Instance[] = []
  for (const port of ports) pool.push(await start(port))
  const { origin } = await startNginx(t, ports)
  const place = { origin: () => origin, token: deployment.token, channel: 'topic:kill' }
  const followers = await gather(place, CLIENTS)
  let published = 0
  for (let kill = 0; kill < KILLS; kill++) {
    const publishing = publishNumbers(place, published + 1, published + EACH)
    await pace(Math.random() * 300)
    await pool[kill % 2]?.kill()
    await publishing
    published += EACH
    pool[kill % 2] = await start(ports[kill % 2] as number)
  }
  await Promise.all(followers.map((follower) => heard(follower, published)))
  for (const follower of followers) follower.close()
  t.same(summed(followers, published), { lost: 0, doubled: 0, disordered: 0 })
  const { connections, failed } = reconnected(followers)
  t.same(failed, [])
  t.ok(connections > CLIENTS, 'clients were cut')
  t.comment(
    `${KILLS} kills, ${CLIENTS} clients, ${connections} connections, ${published} publications: ` +
      '0 lost, 0 doubled, 0 out of order',
  )
})
