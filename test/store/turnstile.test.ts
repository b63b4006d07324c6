import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { turnstile } from '../../src/store/turnstile.ts'

const LONG_MS = 3_600_000

/** Notes in `order` who got its place. */
const reader = (stile: ReturnType<typeof turnstile>, name: string, order: string[]) => {
  const place = stile.join()
  const had = async () => {
    await place.had()
    order.push(name)
  }
  return { ...place, had }
}

t.test('as many read at once as there are places, the others in the order in which they came', async (t) => {
  const stile = turnstile({ places: 2, sliceMs: LONG_MS, idleMs: LONG_MS })
  const order: string[] = []
  const [a, b] = [reader(stile, 'a', order), reader(stile, 'b', order)]
  const [c, d] = [reader(stile, 'c', order), reader(stile, 'd', order)]
  await a.had()
  await b.had()
  const waiting = [c.had(), d.had()]
  await setImmediate()
  t.same(order, ['a', 'b'])
  b.leave()
  await waiting[0]
  t.same(order, ['a', 'b', 'c'])
  a.leave()
  a.leave()
  await waiting[1]
  t.same(order, ['a', 'b', 'c', 'd'])
  for (const one of [c, d]) one.leave()
})

t.test('who leaves while it waits is passed over', async (t) => {
  const stile = turnstile({ places: 1, sliceMs: LONG_MS, idleMs: LONG_MS })
  const order: string[] = []
  const [a, b, c] = [reader(stile, 'a', order), reader(stile, 'b', order), reader(stile, 'c', order)]
  await a.had()
  void b.had()
  const last = c.had()
  b.leave()
  a.leave()
  await last
  t.same(order, ['a', 'c'])
  c.leave()
})

t.test('who asks again keeps its place while its slice lasts', async (t) => {
  const stile = turnstile({ places: 1, sliceMs: 30, idleMs: LONG_MS })
  const [a, b] = [stile.join(), stile.join()]
  await a.had()
  const second = b.had()
  t.ok(second, 'one that comes later waits')
  t.equal(a.had(), undefined, 'while the first keeps its place')
  a.leave()
  await second
  t.equal(b.had(), undefined)
  b.leave()
})

t.test('a place is given on after its slice, however often its reader asks', async (t) => {
  const stile = turnstile({ places: 1, sliceMs: 0, idleMs: 5 })
  const [a, b] = [stile.join(), stile.join()]
  const order: string[] = []
  await a.had()
  const second = b.had()?.then(() => order.push('the one that waited'))
  let again: Promise<unknown> | undefined
  while (again === undefined) {
    await setImmediate()
    again = a.had()?.then(() => order.push('the first again'))
  }
  await second
  b.leave()
  await again
  t.same(order, ['the one that waited', 'the first again'])
  a.leave()
})

t.test('who does not ask for long gives its place to one that waits', async (t) => {
  const stile = turnstile({ places: 1, sliceMs: LONG_MS, idleMs: 5 })
  const [a, b] = [stile.join(), stile.join()]
  await a.had()
  await b.had()
  const again = a.had()
  t.ok(again, 'it has to wait for its next one')
  b.leave()
  await again
  a.leave()
})

t.test('nobody loses a place that nobody waits for', async (t) => {
  const stile = turnstile({ places: 1, sliceMs: 0, idleMs: 1 })
  const a = stile.join()
  await a.had()
  const later = performance.now() + 20
  while (performance.now() < later) await setImmediate()
  t.equal(a.had(), undefined)
  a.leave()
})
