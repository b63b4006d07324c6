import t from 'tap'
import { withPage } from './browser.ts'

t.test('an answer is asked for again, a message is edited, and a draft survives', async (t) => {
  await withPage(t, '/chat', { locale: 'en' }, async (page) => {
    const box = page.getByRole('textbox', { name: 'Message' })
    const complete = page.locator('li[data-role=assistant][data-state=complete]')
    await box.fill('Who are the largest suppliers?')
    await box.press('Enter')
    await complete.waitFor()
    t.match(await complete.locator('small').innerText(), /local/)
    const before = await complete.elementHandle()
    const [response] = await Promise.all([
      page.waitForResponse(/\/api\/v1\/chat\/ui$/),
      complete.getByRole('button', { name: 'Ask again' }).click(),
    ])
    t.equal(response.status(), 200)
    // The old answer stays until the new one is whole.
    await before?.waitForElementState('hidden')
    await complete.waitFor()

    const question = page.locator('li[data-role=user]')
    await page.getByRole('button', { name: 'Edit' }).click()
    t.equal(await box.inputValue(), 'Who are the largest suppliers?')
    await box.fill('How many contracts are there?')
    await page.getByRole('button', { name: 'Send' }).click()
    await question.filter({ hasText: 'How many contracts' }).waitFor()
    await question.filter({ hasText: 'largest suppliers' }).waitFor({ state: 'detached' })
    t.equal(await question.count(), 1, 'the new words stand in place of the old')

    await page.getByRole('button', { name: 'Undo' }).click()
    await question.filter({ hasText: 'largest suppliers' }).waitFor()
    await question.filter({ hasText: 'How many contracts' }).waitFor({ state: 'detached' })
    await complete.filter({ hasText: 'understood: largest suppliers' }).waitFor()
    t.equal(await question.count(), 1, 'the old words stand in place of the new')

    await box.fill('half a thought')
    await page.getByRole('link', { name: 'Audit', exact: true }).click()
    await page.goBack()
    t.equal(await box.inputValue(), 'half a thought')
    await page.reload()
    t.equal(await box.inputValue(), 'half a thought')
  })
})

t.test('a conversation comes to be with its first message, and not before', async (t) => {
  await withPage(t, '/chat', { locale: 'en' }, async (page) => {
    const known = async (id: string): Promise<number> =>
      (await page.request.get(`/api/v1/chat/sessions/${id}`)).status()
    const box = page.getByRole('textbox', { name: 'Message' })
    await page.getByRole('button', { name: 'New conversation' }).click()
    await page.waitForURL(/\/chat\/.+/)
    const id = new URL(page.url()).pathname.slice('/chat/'.length)
    await box.fill('How many contracts are there?')
    await page.reload()
    await box.waitFor()
    t.equal(await box.inputValue(), 'How many contracts are there?')
    t.equal(await known(id), 404)
    await box.press('Enter')
    await page.locator('li[data-role=assistant][data-state=complete]').waitFor()
    t.equal(await known(id), 200)
    await page.getByRole('button', { name: 'New conversation' }).click()
    await page.locator('li[data-role]').first().waitFor({ state: 'detached' })
    t.notMatch(page.url(), id)
  })
})

t.test('a conversation is found by its words, removed, and taken back', async (t) => {
  await withPage(t, '/chat', { locale: 'en' }, async (page) => {
    const box = page.getByRole('textbox', { name: 'Message' })
    await box.fill('Which contracts grew most?')
    await box.press('Enter')
    await page.locator('li[data-role=assistant][data-state=complete]').waitFor()
    const list = page.getByRole('navigation', { name: 'Conversations' })
    await page.getByRole('button', { name: 'New conversation' }).click()
    await box.fill('How many contracts are there?')
    await box.press('Enter')
    await page.locator('li[data-role=assistant][data-state=complete]').waitFor()
    const link = list.getByRole('link').filter({ hasText: 'Which contracts grew most?' })
    await link.waitFor()
    await list.getByRole('link').filter({ hasText: 'How many' }).first().waitFor()
    await list.getByRole('searchbox').fill('GREW most')
    await list.getByRole('link').nth(1).waitFor({ state: 'detached' })
    await link.waitFor()
    const answer = /understood: [a-z ]+/i
    await list.getByRole('searchbox').fill('understood')
    // Words of an answer find it too, and it shows where.
    await list.getByRole('link').nth(1).waitFor()
    await link.filter({ hasText: answer }).waitFor()
    await list.getByRole('searchbox').fill('grew most')
    await list.getByRole('link').nth(1).waitFor({ state: 'detached' })
    await list.getByRole('button', { name: /^Remove/ }).click()
    await list.getByText('No conversations.').waitFor()
    const undo = page.getByRole('button', { name: 'Undo' })
    // The offer stays while the pointer is on it.
    await undo.hover()
    await page.keyboard.press('g')
    await page.keyboard.press('l')
    await page.getByRole('heading', { name: 'Live' }).waitFor()
    await page.goBack()
    await list.getByRole('searchbox').fill('grew most')
    await list.getByText('No conversations.').waitFor()
    await undo.click()
    await link.waitFor()
    await list.getByRole('button', { name: /^Remove/ }).click()
    await list.getByText('No conversations.').waitFor()
    await page.reload()
    await list.getByRole('searchbox').fill('grew most')
    await list.getByText('No conversations.').waitFor()
  })
})
