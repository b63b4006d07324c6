import axe from 'axe-core'
import t from 'tap'
import { speaking } from './speaking.ts'

t.test('two runs of a prompt stand side by side, and the words that differ are marked', async (t) => {
  const { vendor, service, page } = await speaking()
  const model = { name: 'Loop', provider: 'lmstudio', modelId: 'loopback' }
  await page.request.post('/api/models', { headers: { origin: service.url }, data: model })
  await page.goto('/prompts')
  await page.getByRole('textbox', { name: 'Title' }).fill('A city in a sentence')
  await page.getByRole('textbox', { name: /^Text/ }).fill('Tell of {{city}} in one sentence.')
  const city = page.getByRole('textbox', { name: 'city' })
  const answer = page.locator('.answer').first()
  const run = async (name: string, tokens: string[]): Promise<void> => {
    vendor.answers({ tokens, usage: { promptTokens: 1200, completionTokens: 34 } })
    await city.fill(name)
    await page.getByRole('button', { name: 'Execute Prompt' }).click()
    await answer.filter({ hasText: tokens.join('') }).waitFor()
  }
  const compare = page.getByRole('button', { name: 'Compare' })
  await run('Recife', ['Recife lies ', 'by the  sea and is hot.'])
  t.equal(await compare.count(), 0, 'one run has nothing to be compared with')
  t.equal(await city.inputValue(), 'Recife', 'what was typed survives the first save')
  for (const label of ['Loop', 'As configured']) {
    await page.getByRole('combobox', { name: 'Model' }).selectOption({ label })
    const [saved] = await Promise.all([
      page.waitForResponse((response) => response.request().method() === 'PATCH'),
      page.getByRole('button', { name: 'Save' }).click(),
    ])
    t.equal(typeof (await saved.json()).modelId, label === 'Loop' ? 'number' : 'object')
  }
  await run('Belém', ['Belém lies by the ', 'great river and is hot.'])
  t.same(
    vendor.asked.map(({ body }) => body.messages.at(-1).content),
    ['Tell of Recife in one sentence.', 'Tell of Belém in one sentence.'],
  )

  t.ok(await compare.isDisabled())
  await page.getByRole('checkbox', { name: 'Run 1 · ' }).check()
  t.ok(await compare.isDisabled())
  await page.getByRole('checkbox', { name: 'Run 2 · ', disabled: false }).focus()
  await page.keyboard.press('Space')
  await compare.focus()
  await page.keyboard.press('Enter')
  await page.locator('h2:focus', { hasText: 'Run 1 and run 2' }).waitFor()

  const first = page.getByRole('region', { name: 'Run 1', exact: true })
  const second = page.getByRole('region', { name: 'Run 2', exact: true })
  t.equal(await first.locator('pre').textContent(), 'Recife lies by the  sea and is hot.')
  t.equal(await second.locator('pre').textContent(), 'Belém lies by the great river and is hot.')
  t.same(await first.getByRole('deletion').allTextContents(), ['Recife ', 'sea '])
  t.same(await second.getByRole('insertion').allTextContents(), ['Belém ', 'great river '])
  await first.getByText('2 words are only here; they are marked.').waitFor()
  await second.getByText('3 words are only here; they are marked.').waitFor()
  const told = await second.locator('dl').innerText()
  for (const fact of [
    /lmstudio/,
    /city: Belém/,
    /First token\s+[\d,]+ ms/,
    /Duration\s+[\d,]+ ms/,
    /Tokens\s+1,234/,
  ])
    t.match(told, fact)

  const place = async () => [await first.boundingBox(), await second.boundingBox()]
  const [left, right] = await place()
  t.equal(left?.y, right?.y, 'side by side')
  await page.setViewportSize({ width: 390, height: 800 })
  const [above, below] = await place()
  t.equal(above?.x, below?.x)
  t.ok(Number(below?.y) >= Number(above?.y) + Number(above?.height), 'one below the other on a phone')
  t.ok(Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth')) <= 0)
  await page.evaluate(axe.source)
  t.same(
    await page.evaluate('axe.run(document).then(({ violations }) => violations.map(({ id }) => id))'),
    [],
  )

  const many = (letter: string): string => Array.from({ length: 2_100 }, (_, n) => `${letter}${n}`).join(' ')
  await run('Natal', [many('n')])
  await run('Olinda', [many('o')])
  for (const number of [1, 2]) await page.getByRole('checkbox', { name: `Run ${number} · ` }).uncheck()
  for (const number of [3, 4]) await page.getByRole('checkbox', { name: `Run ${number} · ` }).check()
  await compare.click()
  await page.getByText('These texts differ in too many words to mark them.').waitFor()
  t.equal(await page.getByRole('region', { name: 'Run 4' }).locator('pre').textContent(), many('o'))
  t.equal(await page.getByRole('insertion').count(), 0)
})
