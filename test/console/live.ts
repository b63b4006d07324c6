import t from 'tap'
import { service, withPage } from './browser.ts'

t.test(
  'a channel that floods leaves its newest 60 publications in the page, and says of how many',
  async (t) => {
    await withPage(t, '/live?channel=topic:many', { locale: 'en' }, async (page) => {
      const shown = page.getByRole('list', { name: 'Publications' }).getByRole('listitem')
      const publish = async (n: number) => {
        const answer = await page.request.post('/api/v1/channels/topic:many/publications', {
          headers: { origin: service.url },
          data: { n },
        })
        t.ok(answer.ok())
      }
      for (let n = 1; n <= 60; n++) await publish(n)
      await shown.filter({ hasText: '"n": 60' }).waitFor()
      t.equal(await shown.count(), 60)
      t.equal(await page.getByText('of the last').count(), 0, 'nothing is left out yet')

      for (let n = 61; n <= 63; n++) await publish(n)
      await page.getByText('The newest 60 of the last 63 publications.').waitFor()
      t.equal(await shown.count(), 60)
      t.match(await shown.first().textContent(), '"n": 63')
      t.match(await shown.last().textContent(), '"n": 4')
    })
  },
)
