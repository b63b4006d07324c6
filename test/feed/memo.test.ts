import t from 'tap'
import { onePerName, onePerObject } from '../../src/feed/memo.ts'

t.test('above the bound the name used longest ago is forgotten, the others keep their value', async (t) => {
  const made: string[] = []
  const valueFor = onePerName(2, (name) => {
    made.push(name)
    return { name }
  })
  const [first] = [valueFor('a'), valueFor('b')]
  valueFor('a')
  valueFor('c')
  t.equal(valueFor('a'), first)
  valueFor('b')
  t.same(made, ['a', 'b', 'c', 'b'])
})

t.test('an object has one value, another of the same shape its own', async (t) => {
  const valueFor = onePerObject((key: { n: number }) => ({ of: key }))
  const [one, other] = [{ n: 1 }, { n: 1 }]
  t.equal(valueFor(one), valueFor(one))
  t.not(valueFor(other), valueFor(one))
  t.equal(valueFor(other).of, other)
})
