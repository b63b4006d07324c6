import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import t, { type Test } from 'tap'
import { ConfigError, loadConfig } from '../src/config.ts'
import { portalSource } from '../src/dataset/sources/portal.ts'
import type { Part } from '../src/llm/provider.ts'
import { openVendor } from '../src/llm/vendors.ts'
import { outbound } from '../src/outbound.ts'
import { portalContract, startUpstream } from './support/portal.ts'
import { startVendor } from './support/vendor.ts'

/**
 * Starts a proxy on loopback that opens tunnels. It resolves the names under `.test` to loopback, which nobody else
 * does.
 */
const startProxy = async (t: Test, credentials?: string) => {
  const asked: { target: string; authorization: string | undefined }[] = []
  const server = createServer((_, response) => response.writeHead(405).end())
  server.on('connect', (request, socket) => {
    const target = request.url ?? ''
    const authorization = request.headers['proxy-authorization']
    asked.push({ target, authorization })
    const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`
    if (authorization !== expected)
      return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
    const upstream = connect(Number(target.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
    for (const one of [upstream, socket]) one.on('error', () => void [upstream.destroy(), socket.destroy()])
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { asked, url: `http://${credentials ? `${credentials.replace('@', '%40')}@` : ''}${host}` }
}

const answerOf = async (t: Test, env: Record<string, string>, baseUrl: string): Promise<string> => {
  const settings = { name: 'openai', baseUrl, apiKey: 'k', streaming: true, firstTokenTimeoutMs: 0 }
  const vendor = openVendor(settings, { openDispatcher: outbound(loadConfig(env)) })
  t.teardown(vendor.close)
  const parts: Part[] = []
  const { signal } = new AbortController()
  const messages = [{ role: 'user', content: 'Olá' }] as const
  await vendor.answer({ messages }, { signal, take: (batch) => void parts.push(...batch) })
  return parts.map((part) => ('text' in part ? part.text : '')).join('')
}

t.test('a vendor is asked through the proxy, which resolves its name and is told who asks', async (t) => {
  const vendor = await startVendor()
  t.teardown(vendor.close)
  const proxy = await startProxy(t, 'ana:s3cr@t')
  const { port } = new URL(vendor.url)
  const base = `http://llm.test:${port}/v1`
  t.equal(await answerOf(t, { HTTP_PROXY: proxy.url }, base), 'Hello world')
  t.match(proxy.asked, [{ target: `llm.test:${port}` }])
  t.equal(vendor.asked.length, 1)
  t.equal(await answerOf(t, { http_proxy: proxy.url }, base), 'Hello world', 'in lower case too')
  t.equal(proxy.asked.length, 2)

  const stranger = proxy.url.replace('ana', 'eva')
  const refused = answerOf(t, { HTTP_PROXY: stranger }, base)
  await t.rejects(refused, { code: 'PROVIDER_UNAVAILABLE', message: /^openai cannot be reached; ask again/ })
})

t.test('loopback goes through the proxy too, unless NO_PROXY or OUTBOUND_PROXY says otherwise', async (t) => {
  const vendor = await startVendor()
  t.teardown(vendor.close)
  const proxy = await startProxy(t)
  const cases: readonly [Record<string, string>, boolean][] = [
    [{ HTTP_PROXY: proxy.url }, true],
    [{ HTTP_PROXY: proxy.url, NO_PROXY: 'elsewhere.test' }, true],
    [{ HTTP_PROXY: proxy.url, NO_PROXY: 'elsewhere.test,127.0.0.1' }, false],
    [{ HTTP_PROXY: proxy.url, no_proxy: '*' }, false],
    [{ HTTP_PROXY: proxy.url, OUTBOUND_PROXY: 'false' }, false],
    [{ HTTPS_PROXY: proxy.url }, false],
  ]
  for (const [env, isThrough] of cases) {
    const before = proxy.asked.length
    t.equal(await answerOf(t, env, `${vendor.url}/v1`), 'Hello world')
    t.equal(proxy.asked.length > before, isThrough, JSON.stringify(Object.keys(env)))
  }
})

t.test('an https address is asked for by a tunnel of HTTPS_PROXY', async (t) => {
  const proxy = await startProxy(t, 'a:b')
  // The other end speaks no TLS: that the tunnel was asked for is all that is to be seen.
  const vendor = await startVendor()
  t.teardown(vendor.close)
  const { port } = new URL(vendor.url)
  const asked = answerOf(t, { https_proxy: proxy.url }, `https://llm.test:${port}/v1`)
  await t.rejects(asked, { code: 'PROVIDER_UNAVAILABLE' })
  t.equal(proxy.asked[0]?.target, `llm.test:${port}`)
})

t.test('a data source is asked through the proxy', async (t) => {
  const portal = await startUpstream(({ query }) => ({
    body: JSON.stringify(Number(query.get('pagina')) > 1 ? [] : [portalContract(1)]),
  }))
  t.teardown(portal.close)
  const proxy = await startProxy(t)
  const source = portalSource({
    baseUrl: portal.url.replace('127.0.0.1', 'portal.test'),
    apiKey: 'k',
    requestsPerMinute: 600,
    policy: { dispatcher: outbound(loadConfig({ HTTP_PROXY: proxy.url }))({}) },
  })
  t.teardown(source.close)
  let records = 0
  const query = { filters: { buyer: '26000', start_date: '2024-01-01', end_date: '2024-12-31' } }
  for await (const record of source.fetch(query, new AbortController().signal)) records += record ? 1 : 0
  t.equal(records, 1)
  t.match(proxy.asked[0]?.target, /^portal\.test:/)
})

t.test('a proxy that is none is refused by name, and its value is not quoted', async (t) => {
  for (const field of ['HTTPS_PROXY', 'HTTP_PROXY']) {
    try {
      loadConfig({ [field]: 'socks5://ana:s3cret@proxy' })
      t.fail('it was taken')
    } catch (error) {
      t.ok(error instanceof ConfigError)
      t.match((error as ConfigError).errors, [{ field }])
      t.notMatch((error as Error).message, /s3cret/)
    }
    t.ok(loadConfig({ [field]: 'socks5://proxy', OUTBOUND_PROXY: 'false' }))
  }
})
