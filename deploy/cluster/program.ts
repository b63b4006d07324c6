import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'

/** A program that serves others, and how it is started. */
export interface Program {
  /** Name for people. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  /** Its whole environment; that of this process where it is left out. */
  readonly env?: Readonly<Record<string, string>>
  /** The user that it runs as, where that is not the one who starts it. */
  readonly user?: { readonly uid: number; readonly gid: number }
  /** A file to which what it writes is appended. */
  readonly log?: string
  /** Text that it writes, or a promise that resolves, once it takes connections; the signal says that it has ended. */
  readonly ready: RegExp | ((gone: AbortSignal) => Promise<void>)
  /** The signal at which it ends in order; `SIGTERM` unless said. */
  readonly endsOn?: NodeJS.Signals
}

/** A program that runs. */
export interface Running {
  readonly name: string
  readonly pid: number
  /** Resolves with the way it ended. */
  readonly exited: Promise<string>
  readonly isRunning: boolean
  /** The last 64 KiB of what it wrote. */
  output(): string
  signal(name: NodeJS.Signals): void
  /** Ends it in order, after `patienceMs` by force. Resolves once it is gone; also when it was gone before. */
  stop(patienceMs?: number): Promise<void>
}

const KEPT_CHARACTERS = 65_536
/** Time for which the last output of a program that has ended is waited for, in ms. */
const LAST_WORDS_MS = 1000
const running = new Set<Running>()
process.on('exit', () => {
  for (const program of running) program.signal('SIGKILL')
})

export interface StartOptions {
  /** Gives it a process group of its own, so that an interrupt from the terminal reaches this process alone. */
  apart?: boolean
  /** Ends it while it is not ready yet. */
  signal?: AbortSignal
}

/**
 * Starts a program. Resolves when it takes connections. It ends with this process at the latest.
 * @throws {Error} with the last lines it wrote, when it ends before
 */
export const start = async (program: Program, options: StartOptions = {}): Promise<Running> => {
  const { name, command, args, cwd, env, user, log, ready, endsOn = 'SIGTERM' } = program
  const { apart = false, signal } = options
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: apart,
    ...(cwd !== undefined && { cwd }),
    ...(env !== undefined && { env: { ...env } }),
    ...user,
  })
  let output = ''
  let look = (): void => undefined
  const file = log === undefined ? undefined : createWriteStream(log, { flags: 'a' })
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-KEPT_CHARACTERS)
      file?.write(text)
      look()
    })
  /** Signals the program, and its own children with it where it has a group of its own. */
  const kill = (signal: NodeJS.Signals, everybody: boolean): void => {
    try {
      process.kill(everybody && apart ? -(child.pid as number) : (child.pid as number), signal)
    } catch {
      // None of them is left.
    }
  }
  const over = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => {
      // What it has left behind would keep its port, and this process from ending.
      if (apart) kill('SIGKILL', true)
      const end = () => resolve(signal ?? `exit code ${code}`)
      child.once('close', end)
      setTimeout(end, LAST_WORDS_MS).unref()
    })
  })
  const isOver = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null
  const one: Running = {
    name,
    pid: child.pid ?? 0,
    exited: over.finally(() => {
      running.delete(one)
      file?.end()
    }),
    get isRunning() {
      return !isOver()
    },
    output: () => output,
    signal(signal) {
      if (!isOver()) kill(signal, signal === 'SIGKILL')
    },
    async stop(patienceMs = 10_000) {
      const timer = setTimeout(() => one.signal('SIGKILL'), patienceMs)
      one.signal(endsOn)
      await over
      clearTimeout(timer)
    },
  }
  running.add(one)
  const gone = new AbortController()
  const taken =
    typeof ready === 'function'
      ? ready(gone.signal)
      : new Promise<void>((resolve) => {
          look = () => {
            if (ready.test(output)) resolve()
          }
        })
  const early = over.then((end) => {
    const last = output.trim().split('\n').slice(-12).join('\n')
    throw new Error(`${name} ended by ${end} before it was ready${last ? `:\n${last}` : ''}`)
  })
  const leave = () => one.signal(endsOn)
  signal?.addEventListener('abort', leave)
  try {
    await Promise.race([taken, early])
  } catch (error) {
    await one.stop(0)
    throw error
  } finally {
    gone.abort()
    early.catch(() => undefined)
    signal?.removeEventListener('abort', leave)
    look = () => undefined
  }
  return one
}

/** Runs a program to its end. @throws {Error} with what it wrote, when it fails */
export const runToEnd = async ({ name, command, args, user }: Omit<Program, 'ready'>): Promise<void> => {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...user })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  const [code, signal] = await once(child, 'close')
  if (code !== 0) throw new Error(`${name} failed (${signal ?? code}):\n${output.trim()}`)
}
