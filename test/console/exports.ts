import t from 'tap'
import { withPage } from './browser.ts'

t.test('an export of the audit log says how far it is, also after a reload, and reads back', async (t) => {
  await withPage(t, '/audit', { locale: 'en' }, async (page) => {
    await page.getByRole('button', { name: 'Export' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ])
    await page.reload()
    const told = page
      .getByRole('list', { name: 'Exports' })
      .getByText(/sent, [\d,]+ events/)
      .first()
    await told.waitFor()
    const chunks: Buffer[] = []
    for await (const chunk of await download.createReadStream()) chunks.push(chunk)
    const { default: papaparse } = await import('papaparse')
    const { data, errors } = papaparse.parse<{ event_type: string }>(Buffer.concat(chunks).toString(), {
      header: true,
      skipEmptyLines: true,
    })
    t.same(errors, [])
    t.equal(data[0]?.event_type, 'user.created', 'from the first event on')
    const rows = /sent, ([\d,]+) events/.exec(await told.innerText())?.[1]?.replaceAll(',', '')
    t.equal(Number(rows), data.length, 'as many as it says')
  })
})
