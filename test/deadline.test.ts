import { stat } from 'node:fs/promises'
import t from 'tap'
import { within } from '../src/deadline.ts'

const late = () => 'late'

t.test('work is waited for no longer than its time', async (t) => {
  t.equal(await within(Promise.resolve('done'), 10, late), 'done')
  t.equal(await within(new Promise(() => {}), 10, late), 'late')
  const refuse = () => {
    throw new Error('no answer')
  }
  await t.rejects(within(new Promise(() => {}), 10, refuse), /no answer/)
  await t.rejects(within(Promise.reject(new Error('broken')), 10, late), /broken/)
})

t.test('an answer that came while this process was busy is no late one', async (t) => {
  const answer = within(stat('.'), 10, late)
  const end = performance.now() + 100
  while (performance.now() < end);
  t.not(await answer, 'late')
})
