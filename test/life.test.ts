import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { type Life, lifeOf } from '../src/life.ts'

const recorder = () => {
  const seen: string[] = []
  const part = (name: string, fails?: 'start' | 'stop'): Life => {
    const act = (what: 'start' | 'stop') => async (graceMs?: number) => {
      seen.push(`${what} ${name}${graceMs === undefined ? '' : ` ${graceMs}`}`)
      await turn()
      if (fails === what) throw new Error(`${name} does not ${what}`)
      seen.push(`${what === 'start' ? 'started' : 'stopped'} ${name}`)
    }
    return { start: act('start'), stop: act('stop') }
  }
  return { seen, part }
}

t.test('parts start in their order, one after the other, and stop in the reverse one', async (t) => {
  const { seen, part } = recorder()
  const service = lifeOf([{ stop: part('store').stop }, part('server'), { start: part('mail').start }])
  await service.start()
  t.same(seen.splice(0), ['start server', 'started server', 'start mail', 'started mail'])
  await service.stop(7)
  t.same(seen, ['stop server 7', 'stopped server', 'stop store 7', 'stopped store'])
})

t.test('parts of one step start and stop at the same time', async (t) => {
  const { seen, part } = recorder()
  const service = lifeOf([part('store'), [part('clients'), part('streams')]])
  await service.start()
  t.same(seen.splice(2), ['start clients', 'start streams', 'started clients', 'started streams'])
  seen.length = 0
  await service.stop(0)
  t.same(seen.slice(0, 5), [
    'stop clients 0',
    'stop streams 0',
    'stopped clients',
    'stopped streams',
    'stop store 0',
  ])
})

t.test('stopping again waits for the first time', async (t) => {
  const { seen, part } = recorder()
  const service = lifeOf([part('store')])
  await service.start()
  seen.length = 0
  await Promise.all([service.stop(5), service.stop(0)])
  t.same(seen, ['stop store 5', 'stopped store'])
})

t.test('a start that fails stops what stands in front of it and says why', async (t) => {
  const { seen, part } = recorder()
  const service = lifeOf([part('store'), part('bus', 'start'), part('server')])
  await t.rejects(service.start(), { message: 'bus does not start' })
  t.same(seen.slice(2), ['start bus', 'stop store 0', 'stopped store'])
  await service.stop(0)
  t.equal(seen.length, 5, 'nothing is stopped twice')
})

t.test('a part that does not stop keeps no other from stopping, and is told of', async (t) => {
  const { seen, part } = recorder()
  const one = lifeOf([part('store'), part('bus', 'stop')])
  await t.rejects(one.stop(0), { message: 'bus does not stop' })
  t.same(seen, ['stop bus 0', 'stop store 0', 'stopped store'])
  const several = lifeOf([part('store', 'stop'), [part('bus', 'stop'), part('server')]])
  await t.rejects(several.stop(0), AggregateError)
})
