import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { build } from 'esbuild'
import { chromium, type Page } from 'playwright-core'
import t from 'tap'
import { login, startProcess } from '../support/process.ts'
import { program } from '../support/program.ts'

const ROOT = process.cwd()
const service = await startProcess({ CORS_ORIGINS: '*' })
const admin = await login(service.url)
const alias = {
  '@tributary/client': join(ROOT, 'client/src/index.ts'),
  '@tributary/client/react': join(ROOT, 'client/src/react/index.ts'),
}

/** An application as a reader of the documents writes it, with a button for what a page does with each hook. */
const APPLICATION = `
import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { createClient } from '@tributary/client'
import {
  MessageStatus, StreamingMessage, StreamingPromptExecutor, TributaryProvider, useChannel, useInvestigation,
  useStreamingResponse, useStreams,
} from '@tributary/client/react'
import StreamChatComponent from './examples/StreamChatComponent.tsx'

const { token, url, prompt, investigation } = Object.fromEntries(new URLSearchParams(location.search))
const client = createClient({ url, token })

const Response = () => {
  const { isStreaming, streamedContent, startStreaming } = useStreamingResponse('hook-session')
  return (
    <section aria-label="response">
      <button onClick={() => startStreaming('Who are the largest suppliers?')}>Start</button>
      <output>{isStreaming ? 'streaming' : 'idle'}</output>
      <StreamingMessage content={streamedContent} isComplete={!isStreaming} />
    </section>
  )
}
const Investigation = () => {
  const { status, anomalies, progress } = useInvestigation(investigation)
  return <p aria-label="investigation">{status} {anomalies.length} {progress?.progress}</p>
}
const Channel = () => {
  const { items, state } = useChannel('topic:react', { recover: 'all' })
  return <p aria-label="channel">{state} {items.map(({ data }) => data).join(',')}</p>
}
const Streams = () => <p aria-label="streams">{useStreams().streams.length > 0 ? 'listed' : 'none'}</p>
const Hostile = () => (
  <section aria-label="hostile">
    <StreamingMessage content={'**bold** <img src=x onerror="window.hurt = 1"> [x](javascript:window.hurt=1)'} isComplete />
    {['pending', 'streaming', 'error', 'complete'].map((status) => (
      <i key={status} data-status={status}><MessageStatus status={status} /></i>
    ))}
  </section>
)
createRoot(document.body.appendChild(document.createElement('div'))).render(
  <StrictMode>
    <TributaryProvider client={client}>
      <Response />
      <StreamingPromptExecutor promptId={Number(prompt)} />
      <Investigation />
      <Channel />
      <Streams />
      <Hostile />
    </TributaryProvider>
    <section aria-label="whole"><StreamChatComponent authToken={token} apiUrl={url} /></section>
  </StrictMode>,
)
`

const bundled = await build({
  stdin: { contents: APPLICATION, loader: 'tsx', resolveDir: ROOT },
  bundle: true,
  format: 'iife',
  jsx: 'automatic',
  alias,
  define: { 'process.env.NODE_ENV': '"production"' },
  write: false,
  outdir: 'out',
})
const script = bundled.outputFiles[0]?.text ?? ''
const example = await readFile(join(ROOT, 'examples/stream_client.html'), 'utf8')
const pages = createServer((request, response) => {
  const isScript = request.url === '/app.js'
  response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8')
  if (isScript) response.end(script)
  else if (request.url === '/stream_client.html') response.end(example)
  else
    response.end('<!doctype html><html lang="en"><body><script src="/app.js" defer></script></body></html>')
}).listen(0, '127.0.0.1')
await once(pages, 'listening')
t.teardown(() => pages.close())
const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`
const browser = await chromium.launch({
  executablePath: program('chromium', 'chromium'),
  args: ['--no-sandbox'],
})
t.teardown(() => browser.close())

t.test(
  'the hooks and components of the documents work as their readers use them, under StrictMode',
  async (t) => {
    const prompt = (await admin.post('/api/prompts', { title: 'Greeting', content: 'Say hello to {{name}}' }))
      .body.id as number
    const started = await admin.post('/api/v1/investigations', { query: 'everything', dataset_id: 'sample' })
    for (const data of [1, 2]) await admin.post('/api/v1/channels/topic:react/publications', data)
    const page: Page = await browser.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    const query = new URLSearchParams({
      token: admin.token,
      url: service.url,
      prompt: String(prompt),
      investigation: started.body.investigation_id,
    })
    await page.goto(`${origin}/?${query}`)

    const response = page.getByLabel('response', { exact: true })
    await response.getByRole('button').click()
    await response.getByText('idle').waitFor()
    await response.getByRole('table').waitFor()
    const answer = await response.innerText()
    t.match(answer, /Construtora Exemplo/, 'Markdown is rendered: a table with the sample’s suppliers')
    const stored = await admin.get('/api/v1/chat/sessions/hook-session/messages')
    t.equal(stored.body.items.length, 2, 'the question was asked once, also under StrictMode')

    const executor = page.locator('.streaming-executor')
    await executor.getByRole('textbox').fill('not JSON')
    await executor.getByRole('button', { name: 'Execute Prompt' }).click()
    t.match(await executor.getByRole('alert').innerText(), 'Error')
    await executor.getByRole('textbox').fill('{}')
    await executor.getByRole('button', { name: 'Execute Prompt' }).click()
    await executor.getByText(/name/).waitFor()
    await executor.getByRole('textbox').fill('{"name":"Ana"}')
    await executor.getByRole('button', { name: 'Execute Prompt' }).click()
    await executor.locator('.metadata').waitFor()
    await executor.getByRole('button', { name: 'Execute Prompt' }).waitFor()
    t.ok((await executor.locator('pre').innerText()).length > 0)

    await page
      .getByLabel('investigation')
      .getByText(/^completed 7/)
      .waitFor()
    await page.getByLabel('channel').getByText('open 1,2').waitFor()
    await admin.post('/api/v1/channels/topic:react/publications', 3)
    await page.getByLabel('channel').getByText('open 1,2,3').waitFor()
    await page.getByLabel('streams').getByText('listed').waitFor()

    const hostile = page.getByLabel('hostile')
    t.equal(await hostile.locator('strong').innerText(), 'bold')
    t.equal(await hostile.locator('img, a').count(), 0, 'no markup comes out of an answer')
    t.equal(await page.evaluate('window.hurt'), undefined)
    t.same(
      await Promise.all(
        ['pending', 'streaming', 'error', 'complete'].map((status) =>
          hostile.locator(`i[data-status=${status}] > *`).count(),
        ),
      ),
      [1, 1, 1, 0],
      'each state but the last is shown',
    )

    const whole = page.getByLabel('whole')
    await whole.getByRole('textbox').fill('Who are the largest buyers?')
    await whole.getByRole('button', { name: 'Send' }).click()
    await whole.locator('li[data-role=assistant] table').waitFor()
    await page.close()
    t.same(
      complaints.filter((text) => !/400/.test(text)),
      [],
      'the browser complains of nothing but the refused prompt',
    )
  },
)

t.test('the example without a library shows an answer as it comes', async (t) => {
  const page = await browser.newPage()
  await page.goto(`${origin}/stream_client.html`)
  await page.locator('input[name=url]').fill(service.url)
  await page.locator('input[name=token]').fill(admin.token)
  await page.getByRole('button', { name: 'Send' }).click()
  const answer = page.getByLabel('Answer').getByText('Construtora Exemplo').first()
  await answer.waitFor()
  t.ok(await answer.isVisible())
  await page.close()
})
