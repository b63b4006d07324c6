import t from 'tap'
import { ADMIN_PASSWORD, startProcess } from '../support/process.ts'
import { newProfile, service, signIn } from './browser.ts'

t.test('a session is renewed quietly long before its end', async (t) => {
  const { url } = await startProcess({ REFRESH_TOKEN_TTL_SECONDS: '600' })
  const context = await newProfile(url)
  t.teardown(() => context.close())
  const page = await context.newPage()
  await page.clock.install()
  await signIn(page, '/live?channel=topic:kept')
  const cookie = async () => (await context.cookies()).find(({ name }) => name === 'tributary_session')?.value
  const before = await cookie()
  const renewed = page.waitForResponse((response) => response.url().endsWith('/api/v1/auth/refresh'))
  const known = page.waitForResponse((response) => response.url().endsWith('/api/v1/auth/session'))
  await page.clock.fastForward(300_000)
  t.equal((await renewed).status(), 200)
  await known
  t.not(await cookie(), before)
  t.equal(await page.getByRole('textbox', { name: 'Channel' }).inputValue(), 'topic:kept', 'nothing is lost')
})

t.test('a session that has ended asks to sign in, and goes on where it was', async (t) => {
  const context = await newProfile(service.url)
  t.teardown(() => context.close())
  const page = await context.newPage()
  await signIn(page, '/chat')
  await page.getByRole('textbox', { name: 'Message' }).fill('half a thought')
  await context.clearCookies()
  await page.getByRole('searchbox', { name: 'Search conversations' }).fill('anything')
  await page.locator('input[autocomplete=username]').fill('admin')
  await page.locator('input[autocomplete=current-password]').fill(ADMIN_PASSWORD)
  await page.keyboard.press('Enter')
  const box = page.getByRole('textbox', { name: 'Message' })
  await box.waitFor()
  t.equal(await box.inputValue(), 'half a thought')
  t.equal(new URL(page.url()).pathname, '/chat')
})

for (const [place, seen] of [
  ['/chat', 'New conversation'],
  ['/audit', 'Verify the chain'],
] as const)
  t.test(`a session that is revoked elsewhere asks to sign in by itself: ${place}`, async (t) => {
    const context = await newProfile(service.url)
    t.teardown(() => context.close())
    const page = await context.newPage()
    await signIn(page, place)
    await page.getByRole('button', { name: seen }).waitFor()
    const cookie = (await context.cookies()).find(({ name }) => name === 'tributary_session')?.value
    const ended = await fetch(`${service.url}/api/v1/auth/logout`, {
      method: 'POST',
      headers: {
        cookie: `tributary_session=${cookie}`,
        origin: service.url,
        'content-type': 'application/json',
      },
      body: '{}',
    })
    t.equal(ended.status, 204)
    await page.locator('input[autocomplete=username]').waitFor()
    t.equal(new URL(page.url()).pathname, place)
  })
