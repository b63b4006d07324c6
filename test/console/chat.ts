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
    const [response] = await Promise.all([
      page.waitForResponse(/\/api\/v1\/chat\/ui$/),
      complete.first().getByRole('button', { name: 'Ask again' }).click(),
    ])
    t.equal(response.status(), 200)
    await page.locator('li[data-role=assistant]').nth(1).waitFor({ state: 'detached' })

    await page.getByRole('button', { name: 'Edit' }).click()
    t.equal(await box.inputValue(), 'Who are the largest suppliers?')
    await box.fill('How many contracts are there?')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.locator('li[data-role=user]', { hasText: 'How many contracts' }).waitFor()
    await complete.filter({ hasNotText: 'understood: largest suppliers' }).waitFor()
    t.equal(await page.locator('li[data-role=user]').count(), 1, 'the new words stand in place of the old')

    await box.fill('half a thought')
    await page.getByRole('link', { name: 'Audit', exact: true }).click()
    await page.goBack()
    t.equal(await box.inputValue(), 'half a thought')
    await page.reload()
    t.equal(await box.inputValue(), 'half a thought')
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
    await link.filter({ hasText: answer }).waitFor()
    t.ok((await list.getByRole('link').count()) > 1, 'words of an answer find it too, and it shows where')
    await list.getByRole('searchbox').fill('grew most')
    await list.getByRole('link').nth(1).waitFor({ state: 'detached' })
    await list.getByRole('button', { name: /^Remove/ }).click()
    await list.getByText('No conversations.').waitFor()
    await page.getByRole('link', { name: 'Live', exact: true }).click()
    await page.goBack()
    await list.getByRole('searchbox').fill('grew most')
    await list.getByText('No conversations.').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await link.waitFor()
    await list.getByRole('button', { name: /^Remove/ }).click()
    await list.getByText('No conversations.').waitFor()
    await page.reload()
    await list.getByRole('searchbox').fill('grew most')
    await list.getByText('No conversations.').waitFor()
  })
})
