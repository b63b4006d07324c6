import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'

const ROOT = process.cwd()
const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

const reachable = async (port: number): Promise<void> => {
  for (let tries = 0; tries < 1200; tries++) {
    const socket = connect(port, '127.0.0.1')
    const answered = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    socket.destroy()
    if (answered) return
    await sleep(100)
  }
  throw new Error(`nothing listens on ${port}`)
}

/** User and system CPU seconds of a process. */
export const cpuOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}

/** Resident bytes of a process. */
export const rssOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024

/** Returns the middle one of some values. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

/** Makes a process that was started with `--inspect` on that port collect what nobody holds. */
export const collectGarbage = async (port: number): Promise<void> => {
  const answer = await fetch(`http://127.0.0.1:${port}/json/list`)
  const [target] = (await answer.json()) as [{ webSocketDebuggerUrl: string }]
  const inspector = new WebSocket(target.webSocketDebuggerUrl)
  await once(inspector, 'open')
  inspector.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' }))
  await once(inspector, 'message')
  inspector.terminate()
}

/** Processes of one measurement, and a folder for them; all are gone with it. */
export class Processes {
  readonly folder = mkdtempSync(join(tmpdir(), 'tributary-bench-'))
  readonly #children = new Set<ChildProcess>()
  readonly #kill = () => {
    for (const child of this.#children) child.kill('SIGKILL')
  }

  constructor() {
    process.on('exit', this.#kill)
  }

  /** Starts a script of `bench/proxy`. @param name without its ending */
  script(name: string, ...args: (string | number)[]): ChildProcess {
    const child = fork(new URL(`proxy/${name}.js`, import.meta.url), args.map(String))
    this.#children.add(child)
    return child
  }

  /** Resolves when the program takes connections. */
  async listening(
    port: number,
    command: string,
    args: readonly string[],
    env: Record<string, string> = {},
  ): Promise<ChildProcess> {
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit', ...(command === process.execPath ? (['ipc'] as const) : [])],
      env: { PATH: process.env.PATH ?? '', ...env },
    })
    this.#children.add(child)
    await reachable(port)
    return child
  }

  /** The service as it is built and as the container starts it, out of the way of its own limits. @param args of node */
  service(port: number, env: Record<string, string>, ...args: string[]): Promise<ChildProcess> {
    return this.program(port, [...args, 'dist/main.js'], env)
  }

  /** A program that is the service, out of the way of its own limits. @param args of node */
  program(port: number, args: readonly string[], env: Record<string, string>): Promise<ChildProcess> {
    return this.listening(port, process.execPath, ['--initial-old-space-size=256', ...args], {
      PORT: String(port),
      DATA_DIR: join(this.folder, 'data'),
      LOG_LEVEL: 'error',
      RATE_LIMIT_PER_ADDRESS: '10000000',
      RATE_LIMIT_PER_USER: '10000000',
      MAX_STREAMS_PER_USER: '100000',
      MAX_CONNECTIONS_PER_IP: '100000',
      MAX_CONCURRENT_STREAMS: '100000',
      ...env,
    })
  }

  /** The service for everybody, with a vendor called `bench`. */
  withVendor(port: number, upstream: number, env: Record<string, string> = {}): Promise<ChildProcess> {
    return this.service(port, {
      ALLOW_ANONYMOUS: 'true',
      LLM_PROVIDERS: 'bench,local',
      BENCH_BASE_URL: `http://127.0.0.1:${upstream}/v1`,
      ...env,
    })
  }

  async close(): Promise<void> {
    process.off('exit', this.#kill)
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    rmSync(this.folder, { recursive: true, force: true })
  }
}
