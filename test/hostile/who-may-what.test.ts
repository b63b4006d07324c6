import { readFile, writeFile } from 'node:fs/promises'
import t from 'tap'
import { NAMESPACES } from '../../src/channel/name.ts'
import { ADMIN_PASSWORD, type Client, refusal, USER_PASSWORD } from '../support/process.ts'
import { fromRoot } from '../support/root.ts'
import { type Caller, startWithCallers } from './callers.ts'
import { type ThingKind, thingsOf } from './things.ts'

t.setTimeout(180_000)

const FILE = 'test/hostile/who-may-what.txt'
const { url, admin, owner, callers } = await startWithCallers()
const things = thingsOf(url, admin, owner)
const NAMES = Object.keys(callers) as Caller[]
/** Those that have nothing to do with what `owner` made. */
const STRANGERS: readonly Caller[] = [
  'nobody',
  'expired',
  'anonymous',
  'viewer',
  'analyst',
  'auditor',
  'publisher',
]
const FRIENDS: readonly Caller[] = ['shared', 'owner', 'admin']

// biome-ignore lint/suspicious/noExplicitAny: a document that is looked at, not typed
type Json = any

/** The things that paths name, by the beginning of the path. */
const OF_PATH: readonly [RegExp, ThingKind][] = [
  [/^\/api\/v1\/users\//, 'user'],
  [/^\/api\/v1\/datasets\/\{/, 'dataset'],
  [/^\/api\/v1\/investigations\/(stream\/)?\{/, 'investigation'],
  [/^\/api\/v1\/streams\/\{/, 'investigation'],
  [/^\/api\/v1\/chat\/sessions\/\{/, 'conversation'],
  [/^\/api\/(v1\/chat\/stream|stream\/cancel)\/\{/, 'conversation'],
  [/^\/api\/v1\/chat\/ui\/\{/, 'uiConversation'],
  [/^\/api\/models\/\{/, 'model'],
  [/^\/api\/prompts\/(\{|execute)/, 'prompt'],
]
/** Bodies' fields that name a thing. */
const OF_FIELD: Readonly<Record<string, ThingKind>> = {
  session_id: 'conversation',
  chatSessionId: 'conversation',
  conversation_id: 'conversation',
  dataset_id: 'dataset',
}

interface Asked {
  /** Its name in the table. */
  name: string
  method: string
  path: string
  body?: () => Promise<Json>
  type?: string
  /** Names a thing of `owner`. */
  thing?: ThingKind | undefined
  isEndless: boolean
}

const filled = async (path: string, kind: ThingKind | undefined): Promise<string> => {
  if (kind === undefined) return path
  const { id, stream = '', finding = '' } = await things.get(kind)
  return path
    .replace(/\{(stream_id|streamId)\}/, stream)
    .replace('{anomaly_id}', finding)
    .replace(/\{(id|chatId)\}/, id)
}

/** The bodies that a route is asked with, each by what it says of whose things it names. */
const bodiesOf = (
  method: string,
  path: string,
  example: Json,
): [note: string, Asked['body'], ThingKind?][] => {
  const route = `${method} ${path}`
  if (/auth\/login$/.test(path)) return [['', async () => ({ username: 'admin', password: ADMIN_PASSWORD })]]
  if (/auth\/(refresh|logout)$/.test(path))
    return [['', async () => ({ refresh_token: (await things.newSession()).refresh_token })]]
  if (route === 'POST /api/v1/users')
    return [['', async () => ({ ...example, username: things.newName(), password: USER_PASSWORD })]]
  if (/\/share$/.test(path)) return [['', async () => ({ username: 'shared' })]]
  if (/^\/api\/prompts\/execute/.test(path))
    return [['', async () => ({ ...example, promptId: Number((await things.get('prompt')).id) })]]
  if (/^\/api\/prompts/.test(path) && example.modelId !== undefined)
    return [['', async () => ({ ...example, modelId: Number((await things.get('model')).id) })]]
  if (/^\/api\/models/.test(path) && method !== 'PATCH')
    return [['', async () => ({ ...example, name: things.newName() })]]
  if (path === '/api/v1/chat/ui')
    return [
      ['of their own', async () => ({ ...example, id: things.newName() })],
      [
        'of another',
        async () => ({ ...example, id: (await things.get('uiConversation')).id }),
        'uiConversation',
      ],
    ]
  const field = Object.keys(OF_FIELD).find((name) => name in example)
  const kind = field && OF_FIELD[field]
  if (!field || !kind) return [['', async () => example]]
  const own = field === 'dataset_id' ? 'sample' : undefined
  return [
    ['of their own', async () => ({ ...example, [field]: own ?? things.newName() })],
    ['of another', async () => ({ ...example, [field]: (await things.get(kind)).id }), kind],
  ]
}

/** The operations of the documentation, with the values of its examples. */
const operations = async (): Promise<Asked[]> => {
  const { body: document } = await owner.get('/docs/json')
  return Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).flatMap(([lower, { parameters = [], requestBody, responses }]): Asked[] => {
      const method = lower.toUpperCase()
      const thing = OF_PATH.find(([pattern]) => pattern.test(path))?.[1]
      let target = path
      const query = new URLSearchParams()
      for (const { name, in: place, example } of parameters) {
        if (example === undefined) continue
        if (place === 'path' && (thing === undefined || path.includes('/execute')))
          target = target.replace(`{${name}}`, encodeURIComponent(example))
        if (place === 'query' && name !== 'promptId')
          for (const one of [example].flat()) query.append(name, String(one))
      }
      const isEndless = 'text/event-stream' in (responses['200']?.content ?? {})
      const [type, media] =
        Object.entries<Json>(requestBody?.content ?? {}).find(([, { example }]) => example) ?? []
      const asked = { method, path: query.size > 0 ? `${target}?${query}` : target, isEndless }
      if (media === undefined) return [{ ...asked, name: `${method} ${path}`, thing }]
      if (typeof media.example === 'string')
        return [
          { ...asked, name: `${method} ${path}`, body: async () => media.example, type: String(type), thing },
        ]
      return bodiesOf(method, path, media.example).map(([note, body, kind]) => ({
        ...asked,
        name: `${method} ${path}${note && ` ${note}`}`,
        ...(body && { body }),
        thing: kind ?? thing,
      }))
    }),
  )
}

const statusOf = async (
  user: Client,
  { method, path, thing, body, type, isEndless }: Asked,
): Promise<number> => {
  let target = await filled(path, thing)
  if (path.startsWith('/api/prompts/execute/stream') && method === 'GET')
    target += `&promptId=${(await things.get('prompt')).id}`
  const sent = body && { body: await body(), ...(type !== undefined && { type }) }
  if (isEndless && method === 'GET') {
    const events = await user.events(target)
    events.close()
    return events.status
  }
  return (await user.call(method, target, sent ?? {})).status
}

/** The channels of each namespace that somebody may ask for, as the table calls them. */
const channels = async (): Promise<[name: string, channel: string, isOthers: boolean][]> => {
  const investigation = await things.get('investigation')
  const conversation = await things.get('conversation')
  const { body } = await owner.get('/api/v1/auth/session')
  return [
    ['investigation:<of another>', `investigation:${investigation.id}`, true],
    ['reviews:<of another>', `reviews:${investigation.id}`, true],
    ['stream:<of another>', `stream:${investigation.stream}`, true],
    ['chat:<of another>', `chat:${conversation.id}`, true],
    ['user:<another>', `user:${body.user.id}`, true],
    ['topic:prices', 'topic:prices', false],
    ['topic:private.auditor.x', 'topic:private.auditor.x', false],
    ['audit', 'audit', false],
    ['system', 'system', false],
  ]
}

const subscription = async (user: Client, channel: string): Promise<string> => {
  const status = await refusal(user, '/api/v1/ws')
  if (status !== 101) return String(status)
  const socket = await user.socket('/api/v1/ws')
  socket.send({ type: 'subscribe', channel })
  const { type, error_code } = await socket.next(({ type }) => type === 'error' || type === 'subscribed')
  socket.close()
  return (
    { undefined: 'yes', NOT_FOUND: '404', FORBIDDEN: '403', UNAUTHENTICATED: '401' }[String(error_code)] ??
    type
  )
}

interface Row {
  name: string
  answers: string[]
  /** It names what belongs to `owner`. */
  isOthers: boolean
}

/** Sorts by path, then by method. */
const byPath = (one: Row, other: Row): number => {
  const key = ({ name }: Row) => name.replace(/^(\S+) (.*)$/, '$2 $1')
  return key(one) < key(other) ? -1 : 1
}

const table = (rows: readonly Row[]): string => {
  const width = Math.max(...rows.map(({ name }) => name.length))
  const line = (name: string, cells: readonly string[]) =>
    `${name.padEnd(width)}  ${cells.map((cell, at) => cell.padEnd(NAMES[at]?.length ?? 0)).join('  ')}`.trimEnd()
  return [
    '# Who may what: the status that each caller gets. "of another" is a thing of `owner`, which `shared` was let into.',
    '# 401 is without, 403 with too weak a role, 404 as if it were not there; every other status let the caller in.',
    '# All of them call from loopback, to which /metrics is open.',
    '# Written by: WRITE_TABLES=1 npm test -- test/hostile/who-may-what.test.ts',
    line('', NAMES),
    ...rows.map(({ name, answers }) => line(name, answers)),
    '',
  ].join('\n')
}

t.test('who may what is as it was reviewed: every route and every kind of channel', async (t) => {
  const rows: Row[] = []
  for (const asked of await operations()) {
    const answers: string[] = []
    const ask = async (name: Caller): Promise<void> => {
      const status = await statusOf(callers[name], asked)
      answers[NAMES.indexOf(name)] = String(status)
      if (asked.method === 'DELETE' && asked.thing && status < 300) things.forget(asked.thing)
    }
    await Promise.all(STRANGERS.map(ask))
    // They may change or remove what is asked for.
    for (const name of FRIENDS) await ask(name)
    const isOthers = asked.thing !== undefined && asked.thing !== 'user' && asked.thing !== 'model'
    rows.push({ name: asked.name, answers, isOthers })
  }
  rows.sort(byPath)
  const investigation = await things.get('investigation')
  const conversation = await things.get('conversation')
  for (const [name, path, isOthers] of [
    ['/api/v1/ws', '/api/v1/ws', false],
    ['/api/v1/ws/chat/{session_id} of another', `/api/v1/ws/chat/${conversation.id}`, true],
    ['/api/v1/ws/investigations/{id} of another', `/api/v1/ws/investigations/${investigation.id}`, true],
  ] as const)
    rows.push({
      name: `UPGRADE ${name}`,
      answers: await Promise.all(NAMES.map(async (one) => String(await refusal(callers[one], path)))),
      isOthers,
    })
  const asked = await channels()
  t.same(
    [...new Set(asked.map(([, channel]) => channel.split(':', 1)[0]))].sort(),
    Object.keys(NAMESPACES).sort(),
    'every namespace has a line',
  )
  for (const [name, channel, isOthers] of asked) {
    const path = `/api/v1/channels/${encodeURIComponent(channel)}`
    const reading = NAMES.map(async (one) => {
      const events = await callers[one].events(`${path}/events`)
      events.close()
      return String(events.status)
    })
    rows.push({ name: `READ ${name}`, answers: await Promise.all(reading), isOthers })
    const listening = NAMES.map((one) => subscription(callers[one], channel))
    rows.push({ name: `SUBSCRIBE ${name}`, answers: await Promise.all(listening), isOthers })
    const publishing = NAMES.map(async (one) =>
      String((await callers[one].post(`${path}/publications`, { n: 1 })).status),
    )
    rows.push({ name: `PUBLISH ${name}`, answers: await Promise.all(publishing), isOthers })
  }

  const isIn = (answer: string | undefined) => /^([12]|yes)/.test(answer ?? '')
  for (const { name, answers, isOthers } of rows) {
    const answerOf = (one: Caller) => answers[NAMES.indexOf(one)]
    if (answerOf('nobody') === '401') t.equal(answerOf('expired'), '401', `${name}: an expired token is none`)
    if (isOthers)
      t.same(
        STRANGERS.filter((one) => isIn(answerOf(one))),
        [],
        `${name}: strangers are not let in`,
      )
  }
  const now = table(rows)
  if (process.env.WRITE_TABLES !== undefined) await writeFile(fromRoot(FILE), now)
  t.same(now.split('\n'), (await readFile(fromRoot(FILE), 'utf8')).split('\n'))
  t.comment(`${rows.length} ways in, ${NAMES.length} callers each`)
})
