import { join } from 'node:path'
import t from 'tap'
import { openSqlite } from '../../src/store/sqlite.ts'
import { until } from '../support/deployment.ts'
import { login, startProcess } from '../support/process.ts'
import { openXai } from '../support/xai.ts'

t.setTimeout(300_000)

const { vendor, env } = await openXai()
const { url, dataDir } = await startProcess(env)
const ana = await login(url)

/** Makes the store refuse some updates of streams until it is told otherwise. */
const refuseUpdates = (condition: string) => {
  const db = openSqlite(join(dataDir, 'tributary.db'), { busyMs: 5000 })
  db.exec(
    `create trigger refusing before update of cancel_requested on streams when ${condition}
     begin select raise(abort, 'no'); end`,
  )
  return () => {
    db.exec('drop trigger refusing')
    db.close()
  }
}

/** A conversation in which somebody is being answered, and will be for ever. */
const answering = async (id: string) => {
  const nth = vendor.asked.length
  vendor.answers({ tokens: ['um ', 'dois'], stall: 'between' })
  const room = await ana.socket(`/api/v1/ws/chat/${id}`)
  t.teardown(() => room.close())
  // Nobody has asked it before, so that no cache answers.
  room.send({ type: 'message', content: `a question of ${id}` })
  const { stream_id: streamId } = await room.ofType('user_message')
  await room.ofType('agent_response')
  return {
    path: `/api/v1/chat/sessions/${id}`,
    vendorLeft: () => vendor.closed(nth),
    state: async (): Promise<string> => (await ana.get(`/api/v1/streams/${streamId}`)).body.state,
  }
}

t.test('a conversation whose answer cannot be ended stays, and so does the answer', async (t) => {
  const { path, vendorLeft, state } = await answering('both')
  const letGo = refuseUpdates('new.cancel_requested = 1')
  const refused = await ana.call('DELETE', path)
  letGo()
  t.match(refused, { status: 500, body: { code: 'INTERNAL' } })
  t.match(await ana.get(path), { status: 200, body: { active_streams: [String] } })
  t.equal(await state(), 'running')
  t.notMatch((await ana.get('/api/v1/audit/events?event_type=chat.deleted')).text, 'both')
  t.equal((await ana.call('DELETE', path)).status, 204)
  await vendorLeft()
  t.equal((await ana.get(path)).status, 404)
})

t.test('a conversation is removed though nobody can be told that its answer is to end', async (t) => {
  const { path, vendorLeft, state } = await answering('untold')
  const letGo = refuseUpdates('old.cancel_requested = 1')
  const removed = await ana.call('DELETE', path)
  letGo()
  t.equal(removed.status, 204)
  await vendorLeft()
  await until('the end of the answer', state, (now) => now === 'cancelled')
  t.equal((await ana.get(path)).status, 404)
})
