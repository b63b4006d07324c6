import t from 'tap'
import { PREVIOUS } from '../../deploy/release/previous.ts'
import { postEvents } from '../support/clients.ts'
import { endsSeen, storedAnswer } from '../support/conversation.ts'
import { gather, heard, publishNumbers, reconnected, summed } from '../support/crowd.ts'
import { deploy, type Instance } from '../support/deployment.ts'
import { follow } from '../support/follower.ts'
import { startNginx } from '../support/nginx.ts'
import { freePort } from '../support/port.ts'
import { assertOneStory, toEnd, uploadPlanted, watch } from '../support/story.ts'
import { openXai } from '../support/xai.ts'
import { buildPrevious } from './previous.ts'

t.setTimeout(300_000)

const CLIENTS = 12
const PUBLICATIONS = 150
const ROWS = 20_000
/** An answer that takes about three seconds. */
const ANSWER = { tokens: Array.from({ length: 60 }, (_, n) => `palavra ${n}, ção 😀 `), delayMs: 50 }

t.test(
  `two instances of ${PREVIOUS.version} are replaced one at a time, and no stream is lost`,
  async (t) => {
    const [previous, { vendor, env }] = await Promise.all([buildPrevious(), openXai()])
    vendor.always(ANSWER)
    const deployment = await deploy(t, 'postgres', { env: { ...env, DRAIN_SECONDS: '20' } })
    const ports = [await freePort(), await freePort()]
    const start = (at: number, root?: string) =>
      deployment.start({ PORT: String(ports[at]), TRUST_PROXY: '127.0.0.1' }, root)
    const pool = [await start(0, previous), await start(1, previous)] as [Instance, Instance]
    const { origin } = await startNginx(t, ports)
    const { token } = deployment
    const place = { origin: () => origin, token, channel: 'topic:upgrade' }
    const followers = await gather(place, CLIENTS)
    const dataset = await uploadPlanted(pool[0], ROWS)
    let published = 0

    /** Begins a turn and an investigation on an instance, each of them followed through the proxy. */
    const begin = async (on: Instance, name: string) => {
      const body = { query: 'anything odd?', dataset_id: dataset }
      const started = await on.call('POST', '/api/v1/investigations', { body })
      t.equal(started.status, 202)
      const viewer = await postEvents(on, '/api/v1/chat/stream', {
        message: 'Quem é você?',
        session_id: name,
      })
      await viewer.next()
      const streamId = viewer.headers['x-stream-id'] as string
      viewer.close()
      return {
        name,
        streamId,
        turn: follow({ address: () => origin, path: `/api/v1/chat/stream/${streamId}`, token }),
        investigation: watch(deployment, started.body.investigation_id, () => origin),
      }
    }

    /** Sees what was begun to its end. */
    const see = async ({ name, streamId, turn, investigation }: Awaited<ReturnType<typeof begin>>) => {
      await turn.saw((event) => endsSeen([event]).length > 0)
      turn.close()
      t.same(endsSeen(turn.events), ['complete'], `${name}: one end`)
      const { content } = await storedAnswer(pool[1], name, streamId)
      t.equal(content, ANSWER.tokens.join(''), `${name}: the answer is whole`)
      assertOneStory(t, await toEnd(investigation), 'complete')
    }

    for (const at of [0, 1] as const) {
      const begun = [await begin(pool[0], `first-${at}`), await begin(pool[1], `second-${at}`)]
      const publishing = publishNumbers(place, published + 1, published + PUBLICATIONS)
      pool[at].signal('SIGTERM')
      t.match(await pool[at].exited, { code: 0 })
      pool[at] = await start(at)
      await publishing
      published += PUBLICATIONS
      for (const one of begun) await see(one)
    }
    for (const one of [await begin(pool[0], 'first'), await begin(pool[1], 'second')]) await see(one)

    await Promise.all(followers.map((follower) => heard(follower, published)))
    t.same(summed(followers, published), { lost: 0, doubled: 0, disordered: 0 })
    const { connections, failed } = reconnected(followers)
    t.same(failed, [])
    t.ok(connections > CLIENTS, 'clients were seen off to the other instance')
    t.comment(`${CLIENTS} clients, ${connections} connections, ${published} publications: 0 lost`)
  },
)
