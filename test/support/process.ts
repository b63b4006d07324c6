import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import t from 'tap'
import { type EventClient, type EventClientOptions, openEvents } from './event-source.ts'
import { fromRoot } from './root.ts'
import {
  type Message,
  openSocket,
  type SocketClient,
  type SocketClientOptions,
  UpgradeRefused,
} from './socket.ts'

/** How long anything may take on a machine that others use as well. */
export const PATIENCE_MS = 30_000
export const ADMIN_PASSWORD = 'admin-password-1'
export const USER_PASSWORD = 'user-password-1'
const ROOT = fromRoot('')

/** Where a real portal's file is, when it is there at all. */
export const dataFile = (name: string): string =>
  join(process.env.SHARED_DIR ?? join(ROOT, '../shared'), 'data', name)

export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

/** One real process of the service, with a folder of its own unless `DATA_DIR` is given. */
export interface Process {
  readonly url: string
  readonly pid: number
  readonly dataDir: string
  /** All it wrote, to standard output and standard error. */
  output(): string
  /** Sends the signal and waits for the end. */
  kill(signal?: NodeJS.Signals): Promise<Exit>
  readonly exited: Promise<Exit>
}

const children = new Set<ChildProcess>()
const folders = new Set<string>()
const killAll = (): void => {
  for (const child of children) child.kill('SIGKILL')
}
process.on('exit', () => {
  killAll()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
t.teardown(async () => {
  // One whose pipes are still read may have ended: its exit has been told.
  const running = [...children].filter((child) => child.exitCode === null && child.signalCode === null)
  const gone = running.map((child) => once(child, 'exit'))
  killAll()
  await Promise.all(gone)
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

/** A folder that is removed when the test file is over. */
export const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-process-'))
  folders.add(folder)
  return folder
}

/** The build, which is what runs in production. */
const COMMAND = ['--enable-source-maps', 'dist/main.js']

const spawnMain = (env: Record<string, string>, root = ROOT, under: readonly string[] = []) => {
  const [command, ...args] = [...under, process.execPath, ...COMMAND] as [string, ...string[]]
  const child = spawn(command, args, {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.add(child)
  let output = ''
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      for (const look of [...waiting]) look()
    })
  const exited = once(child, 'close').then(([code, signal]): Exit => {
    children.delete(child)
    for (const look of [...waiting]) look()
    return { code, signal }
  })
  return { child, exited, waiting, output: () => output }
}

/** What a process that should not start says, and how it ends. */
export const runToEnd = async (env: Record<string, string>): Promise<Exit & { output: string }> => {
  const { exited, output } = spawnMain({ HOST: '127.0.0.1', PORT: '0', ...env })
  return { ...(await exited), output: output() }
}

/**
 * Starts the service and resolves when it listens.
 * @param root the folder with its build and its packages
 * @param under a command that becomes the one behind it: `['setpriv', '--no-new-privs']`
 * @throws {Error} with its output, when it ends before
 */
export const startProcess = async (
  env: Record<string, string> = {},
  root = ROOT,
  under: readonly string[] = [],
): Promise<Process> => {
  const dataDir = env.DATA_DIR ?? (await temporaryFolder())
  const { child, exited, waiting, output } = spawnMain(
    {
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'info',
      DATA_DIR: dataDir,
      ADMIN_PASSWORD,
      PASSWORD_COST: '10',
      DUCKDB_THREADS: '1',
      DUCKDB_MEMORY_LIMIT: '256MB',
      RATE_LIMIT_PER_ADDRESS: '100000',
      RATE_LIMIT_PER_USER: '100000',
      RATE_LIMIT_LOGIN: '1000',
      ...env,
    },
    root,
    under,
  )
  const url = await new Promise<string>((resolve, reject) => {
    const look = (): void => {
      const address = /^Tributary listens on (\S+)\n/m.exec(output())?.[1]
      if (address) resolve(address)
      else if (child.exitCode !== null || child.signalCode !== null)
        reject(new Error(`the process ended with ${child.exitCode ?? child.signalCode}:\n${output()}`))
      else return
      waiting.delete(look)
    }
    waiting.add(look)
    look()
  })
  return {
    url,
    pid: child.pid as number,
    dataDir,
    output,
    exited,
    kill(signal = 'SIGKILL') {
      child.kill(signal)
      return exited
    },
  }
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The body, when it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: bodies are looked at, not typed
  body: any
}

export interface CallOptions {
  body?: unknown
  type?: string
  headers?: Record<string, string>
}

/** A signed-in user of one process, or a stranger when `token` is empty. */
export interface Client {
  readonly token: string
  /** Objects go as JSON; text, bytes and forms as they are. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  get(path: string): Promise<Answer>
  post(path: string, body?: unknown): Promise<Answer>
  /** @param file a path, or the bytes themselves */
  upload(file: string | Uint8Array<ArrayBuffer>, options?: CallOptions & { name?: string }): Promise<Answer>
  /** @returns the ids of an investigation that has begun */
  investigate(datasetId: string, more?: object): Promise<Started>
  events(path: string, options?: EventClientOptions & { gzip?: boolean }): Promise<EventClient>
  socket(path: string, options?: SocketClientOptions): Promise<SocketClient>
}

export interface Started {
  investigation_id: string
  stream_id: string
  stream_url: string
  ws_url: string
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isRaw = (body: unknown): body is string | Uint8Array<ArrayBuffer> | FormData =>
  typeof body === 'string' || body instanceof Uint8Array || body instanceof FormData

/** A client that sends `token` with everything. */
export const client = (url: string, token = ''): Client => {
  const bearer: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` }

  const call = async (method: string, path: string, options: CallOptions = {}): Promise<Answer> => {
    const { body, type } = options
    const contentType = type ?? (body === undefined || isRaw(body) ? undefined : 'application/json')
    const response = await fetch(url + path, {
      method,
      headers: { ...bearer, ...(contentType ? { 'content-type': contentType } : {}), ...options.headers },
      ...(body === undefined ? {} : { body: isRaw(body) ? body : JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: jsonOf(text) }
  }

  return {
    token,
    call,
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body === undefined ? {} : { body }),
    async upload(file, { name, type = 'text/csv', headers } = {}) {
      const body = typeof file === 'string' ? await readFile(file) : file
      const called = name ?? (typeof file === 'string' ? basename(file) : 'file.csv')
      return call('POST', `/api/v1/datasets?name=${encodeURIComponent(called)}`, {
        body,
        type,
        ...(headers ? { headers } : {}),
      })
    },
    async investigate(datasetId, more = {}) {
      const body = { query: 'what is unusual here?', dataset_id: datasetId, ...more }
      const answer = await call('POST', '/api/v1/investigations', { body })
      if (answer.status !== 202) throw new Error(`not started, ${answer.status}: ${answer.text}`)
      return answer.body as Started
    },
    events: (path, { gzip = false, ...options } = {}) =>
      openEvents(url + path, {
        patienceMs: PATIENCE_MS,
        ...options,
        headers: { ...bearer, ...(gzip ? { 'accept-encoding': 'gzip' } : {}), ...options.headers },
      }),
    socket: (path, options = {}) =>
      openSocket(url + path, {
        patienceMs: PATIENCE_MS,
        ...options,
        headers: { ...bearer, ...options.headers },
      }),
  }
}

/** @throws {Error} when the service refuses */
export const login = async (url: string, username = 'admin', password = ADMIN_PASSWORD): Promise<Client> => {
  const { status, body, text } = await client(url).post('/auth/login', { username, password })
  if (status !== 200) throw new Error(`login answered ${status}: ${text}`)
  return client(url, body.access_token)
}

/** Makes a user and signs it in. */
export const newUser = async (admin: Client, url: string, username: string, role = 'analyst') => {
  const { status, text } = await admin.post('/api/v1/users', { username, password: USER_PASSWORD, role })
  if (status !== 201) throw new Error(`no such user could be made, ${status}: ${text}`)
  return login(url, username, USER_PASSWORD)
}

/** The items of all pages of a list. @param path has a query already */
export const allItems = async (user: Client, path: string): Promise<Message[]> => {
  const items: Message[] = []
  for (let after = ''; ; ) {
    const { body } = await user.get(path + after)
    items.push(...body.items)
    if (body.next === null) return items
    after = `&after=${encodeURIComponent(body.next)}`
  }
}

/** @returns the HTTP status with which an upgrade is answered: 101 when it is granted */
export const refusal = async (user: Client, path: string, options?: SocketClientOptions): Promise<number> => {
  try {
    ;(await user.socket(path, options)).close()
    return 101
  } catch (error) {
    if (error instanceof UpgradeRefused) return error.status
    throw error
  }
}

const TERMINAL = new Set(['complete', 'error', 'cancelled'])
export const isTerminal = (message: Message): boolean => TERMINAL.has(message.type)

/** Everything an event-stream tells until the server ends it. */
export const wholeStory = async (events: EventClient): Promise<EventClient> => {
  await events.ended()
  return events
}

/** The bare `data:` frames, parsed. */
export const told = (events: Pick<EventClient, 'events'>): Message[] =>
  events.events.filter(({ event }) => event === undefined).map(({ data }) => JSON.parse(data) as Message)
