import t from 'tap'
import { onePerName, onePerObject } from '../../src/feed/memo.ts'

t.test('above the bound the oldest name is forgotten, the others keep their value', async (t) => {
  const made: string[] = []
  const valueFor = onePerName(2, (name) => {
    made.push(name)
    return { name }
  })
  const [, second] = [valueFor('a'), valueFor('b')]
  valueFor('a')
  valueFor('c')
  t.equal(valueFor('b'), second)
  valueFor('a')
  t.same(made, ['a', 'b', 'c', 'a'])
})

t.test('an object has one value, another of the same shape its own', async (t) => {
  const valueFor = onePerObject((key: { n: number }) => ({ of: key }))
  const [one, other] = [{ n: 1 }, { n: 1 }]
  t.equal(valueFor(one), valueFor(one))
  t.not(valueFor(other), valueFor(one))
  t.equal(valueFor(other).of, other)
})
