import t from 'tap'
import { RecentRequests } from '../../src/plugins/recent-requests.ts'

t.test('requests of the last minute are counted, and older ones forgotten', async (t) => {
  let now = 5000
  const recent = new RecentRequests(() => now)
  t.same(recent.counts(), { seconds: 1, answered: 0, refused: 0, failed: 0 }, 'nothing yet')
  for (const status of [200, 101, 404, 503]) recent.add(status)
  now += 30_000
  recent.add(200)
  t.same(recent.counts(), { seconds: 30, answered: 5, refused: 1, failed: 1 })
  now += 30_000
  t.same(
    recent.counts(),
    { seconds: 60, answered: 1, refused: 0, failed: 0 },
    'a minute later the first are gone',
  )
  recent.add(500)
  t.same(recent.counts(), { seconds: 60, answered: 2, refused: 0, failed: 1 }, 'their place is taken')
  now += 3_600_000
  t.same(recent.counts(), { seconds: 60, answered: 0, refused: 0, failed: 0 })
})
