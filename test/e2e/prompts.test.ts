import t from 'tap'
import { newUsers } from '../support/clients.ts'
import {
  type Answer,
  allItems,
  type Client,
  client,
  login,
  newUser,
  startProcess,
} from '../support/process.ts'

t.setTimeout(300_000)

const service = await startProcess({ LLM_PROVIDERS: 'xai,local', XAI_API_KEY: 'k' })
const stranger = client(service.url)
const admin = await login(service.url)
const { alice, bob, vera } = await newUsers(admin, service.url, {
  alice: 'analyst',
  bob: 'analyst',
  vera: 'viewer',
})

const change = (user: Client, path: string, body: unknown, method = 'PATCH') =>
  user.call(method, path, { body })
const fields = ({ body }: Answer): string[] | undefined =>
  body.errors?.map(({ field }: { field: string }) => field)
const modelBody = { name: 'Grok', provider: 'xai', modelId: 'grok-4' }
const promptBody = { title: 'Resumo', content: 'Resuma {{text}}' }

t.test('a prompt is kept, read, changed, replaced and removed by the one who made it', async (t) => {
  const { body: model } = await alice.post('/api/models', modelBody)
  const created = await alice.post('/api/prompts', promptBody)
  const { id } = created.body
  t.equal(created.status, 201)
  t.equal(created.headers.get('location'), `/api/prompts/${id}`)
  t.strictSame(created.body, { id, ...promptBody, modelId: null, temperature: null, maxTokens: null })
  t.ok(Number.isInteger(id))
  const path = `/api/prompts/${id}`
  t.strictSame((await alice.get(path)).body, created.body)

  const settings = { modelId: model.id, temperature: 0.5, maxTokens: 100 }
  const changed = await change(alice, path, settings)
  t.strictSame([changed.status, changed.body], [200, { ...created.body, ...settings }])
  t.strictSame((await change(alice, path, { temperature: null })).body.temperature, null)
  t.strictSame((await change(alice, path, { content: 'x {{y}}', unknown: 1 })).body, {
    ...changed.body,
    temperature: null,
    content: 'x {{y}}',
  })
  t.strictSame(
    (await change(alice, path, promptBody, 'PUT')).body,
    created.body,
    'what is not named is unset',
  )
  t.strictSame((await alice.get(path)).body, created.body)

  for (const user of [bob, vera]) {
    t.match(await user.get(path), { status: 404, body: { code: 'NOT_FOUND' } })
    t.notOk((await user.get('/api/prompts')).body.items.some((item: { id: number }) => item.id === id))
  }
  t.equal((await change(bob, path, { title: 'mine' })).status, 404)
  t.equal((await change(bob, path, promptBody, 'PUT')).status, 404)
  t.equal((await bob.call('DELETE', path)).status, 404)
  t.equal((await vera.post('/api/prompts', promptBody)).status, 403, 'a viewer only reads')
  t.equal((await stranger.get(path)).status, 401)
  t.strictSame((await admin.get(path)).body, created.body, 'an administrator sees all')
  t.ok((await admin.get('/api/prompts')).body.items.some((item: { id: number }) => item.id === id))

  const gone = await alice.call('DELETE', path)
  t.strictSame([gone.status, gone.text], [204, ''])
  t.equal((await alice.get(path)).status, 404)
  t.equal((await alice.call('DELETE', path)).status, 404)
  for (const odd of ['0', 'x', '-1', '1e3', '99999999999999999999'])
    t.equal((await alice.get(`/api/prompts/${odd}`)).status, 404, odd)
})

t.test('a model is there for everybody, and changed by the one who named it', async (t) => {
  const created = await alice.post('/api/models', modelBody)
  const { id } = created.body
  const path = `/api/models/${id}`
  t.equal(created.status, 201)
  t.equal(created.headers.get('location'), path)
  t.strictSame(created.body, { id, ...modelBody })
  for (const user of [alice, bob, vera, admin]) {
    t.strictSame((await user.get(path)).body, created.body)
    t.ok((await user.get('/api/models')).body.items.some((item: { id: number }) => item.id === id))
  }
  t.equal((await stranger.get(path)).status, 401)
  for (const [method, body] of [
    ['PATCH', { name: 'mine' }],
    ['PUT', modelBody],
    ['DELETE', undefined],
  ] as const)
    t.match(
      await bob.call(method, path, body ? { body } : {}),
      { status: 403, body: { code: 'FORBIDDEN' } },
      method,
    )
  t.strictSame((await change(alice, path, { name: 'Grok 4' })).body, { id, ...modelBody, name: 'Grok 4' })
  t.strictSame((await change(admin, path, { ...modelBody, provider: 'local' }, 'PUT')).body, {
    id,
    ...modelBody,
    provider: 'local',
  })

  const { body: prompt } = await bob.post('/api/prompts', { ...promptBody, modelId: id })
  t.equal(prompt.modelId, id, 'others write prompts for it')
  t.match(await alice.call('DELETE', path), { status: 409, body: { code: 'CONFLICT' } })
  t.equal((await alice.get(path)).status, 200)
  t.equal((await change(bob, `/api/prompts/${prompt.id}`, { modelId: null })).status, 200)
  t.equal((await alice.call('DELETE', path)).status, 204)
  t.equal((await alice.get(path)).status, 404)
  t.equal((await change(alice, path, { name: 'x' })).status, 404)
})

t.test('every bad field is named, and nothing is kept', async (t) => {
  const { body: prompt } = await alice.post('/api/prompts', promptBody)
  const { body: model } = await alice.post('/api/models', modelBody)
  const badPrompts: [object, string[]][] = [
    [{ title: '' }, ['/title']],
    [{ title: 7 }, ['/title']],
    [{ title: 'x'.repeat(201) }, ['/title']],
    [{ title: 'a\0b' }, ['/title']],
    [{ content: '' }, ['/content']],
    [{ content: ' \n' }, ['/content']],
    [{ content: 'x'.repeat(100_001) }, ['/content']],
    [{ content: 'a\0b' }, ['/content']],
    [{ content: '{{__proto__}}' }, ['/content']],
    [{ content: '{{ constructor }}' }, ['/content']],
    [{ modelId: '1' }, ['/modelId']],
    [{ modelId: 0 }, ['/modelId']],
    [{ modelId: 999_999_999 }, ['/modelId']],
    [{ temperature: -0.1 }, ['/temperature']],
    [{ temperature: 2.1 }, ['/temperature']],
    [{ temperature: 'hot' }, ['/temperature']],
    [{ maxTokens: 0 }, ['/maxTokens']],
    [{ maxTokens: 1.5 }, ['/maxTokens']],
    [{ maxTokens: 10_000_000 }, ['/maxTokens']],
    [{ title: '', content: 1 }, ['/title', '/content']],
  ]
  const badModels: [object, string[]][] = [
    [{ name: '' }, ['/name']],
    [{ name: 'x'.repeat(201) }, ['/name']],
    [{ name: 'a\0b' }, ['/name']],
    [{ provider: 'nobody' }, ['/provider']],
    [{ provider: '' }, ['/provider']],
    [{ modelId: '' }, ['/modelId']],
    [{ modelId: 4 }, ['/modelId']],
  ]
  for (const [path, good, id, bad] of [
    ['/api/prompts', promptBody, prompt.id, badPrompts],
    ['/api/models', modelBody, model.id, badModels],
  ] as const) {
    const before = await allItems(alice, `${path}?limit=1000`)
    for (const [fault, named] of bad)
      for (const answer of [
        await alice.post(path, { ...good, ...fault }),
        await change(alice, `${path}/${id}`, fault),
        await change(alice, `${path}/${id}`, { ...good, ...fault }, 'PUT'),
      ]) {
        t.match(answer, { status: 400, body: { code: 'VALIDATION_FAILED' } })
        t.same(fields(answer)?.sort(), [...named].sort(), JSON.stringify(fault).slice(0, 60))
      }
    t.same(fields(await alice.post(path, {}))?.length, Object.keys(good).length)
    t.equal((await change(alice, `${path}/${id}`, {})).status, 400)
    t.equal((await change(alice, `${path}/${id}`, { unknown: 1 })).status, 400)
    t.equal((await alice.get(`${path}?limit=0`)).status, 400)
    t.equal((await alice.get(`${path}?after=x`)).status, 400)
    t.same(await allItems(alice, `${path}?limit=1000`), before)
  }
  const long = { title: '😀'.repeat(200), content: '😀'.repeat(100_000) }
  const kept = await alice.post('/api/prompts', long)
  t.equal(kept.status, 201, 'characters are code points')
  t.match((await alice.get(`/api/prompts/${kept.body.id}`)).body, long)
})

t.test('lists come in pages, in the order in which things were made', async (t) => {
  const carol = await newUser(admin, service.url, 'carol')
  for (const path of ['/api/prompts', '/api/models']) {
    const before = (await allItems(carol, `${path}?limit=1000`)).length
    const body = path === '/api/prompts' ? promptBody : modelBody
    const ids: number[] = []
    for (let n = 0; n < 5; n++) ids.push((await carol.post(path, body)).body.id)
    const all = await allItems(carol, `${path}?limit=2`)
    t.same(
      all.slice(before).map(({ id }) => id),
      ids,
    )
    const { body: page } = await carol.get(`${path}?limit=2&after=${ids[2]}`)
    t.same([page.items.map(({ id }: { id: number }) => id), page.next], [ids.slice(3), null])
    t.equal((await carol.get(`${path}?limit=4&after=${ids[0]}`)).body.next, null, 'no page is empty')
  }
})
