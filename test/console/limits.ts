import t from 'tap'
import { answers, say, speaking } from './speaking.ts'

t.test('what is left of the day, of the streams and of a message is told before it refuses', async (t) => {
  const { vendor, page } = await speaking({ MAX_TOKENS_PER_USER_PER_DAY: '40', MAX_STREAMS_PER_USER: '3' })
  const told = page.locator('.conversation [role=status]')
  vendor.answers({ tokens: ['One.'], usage: { promptTokens: 30, completionTokens: 2 } })
  const counted = page.waitForResponse(
    async (response) =>
      response.url().endsWith('/api/v1/limits') && (await response.json()).tokens.used === 32,
  )
  await say(page, 'one')
  await counted
  await answers(page, 'complete').waitFor()
  t.equal(await told.filter({ hasText: 'tokens' }).count(), 0, 'quiet while a fifth is left')

  vendor.answers({ tokens: ['Two.', '!'], stepped: true, usage: { promptTokens: 5, completionTokens: 2 } })
  await say(page, 'two')
  await told.filter({ hasText: 'Executions at once left: 2 of 3.' }).waitFor()
  await vendor.step(2)
  await told.filter({ hasText: /^Tokens left today: 1 of 40, anew on/ }).waitFor()

  const box = page.getByRole('textbox', { name: 'Message' })
  await box.fill('😀'.repeat(9_900))
  await page.getByText('Characters left: 100').waitFor()
  await box.fill('x'.repeat(10_001))
  await page.getByText('Characters too many: 1; a message has at most 10,000.').waitFor()
  t.ok(await page.getByRole('button', { name: 'Send' }).isDisabled())
  await box.press('Enter')
  t.equal(await page.locator('li[data-role=user]').count(), 2, 'it is not sent, and nothing is cut off')
  t.equal((await box.inputValue()).length, 10_001)
})
