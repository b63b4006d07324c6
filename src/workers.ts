import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { Line } from './channel/line.ts'
import { answerScrapes } from './plugins/worker-metrics.ts'

/** Time before a worker that ended by itself is replaced, in ms. */
const REPLACE_MS = 1000

/** The message by which a worker is told to see its clients off and end. */
export interface DrainMessage {
  drainSeconds: number
}

export const isDrainMessage = (message: unknown): message is DrainMessage =>
  typeof message === 'object' && message !== null && 'drainSeconds' in message

/** Number of the descriptor at which a worker finds its connection to the primary: those before it are Node's own. */
const LINE_FD = 4

/** Opens the connection of a worker to the primary that serves it. */
export const openLine = (): Line => new Line(new Socket({ fd: LINE_FD }))

export interface WorkersOptions {
  count: number
  drainSeconds: number
  /** Serves a worker on its connection; left out where the workers need none. */
  serveWorker?: ((socket: Socket) => void) | undefined
  log(line: string): void
}

/**
 * Closes the connection that a worker was given and had not taken when it ended. Node's cluster gives a worker one at a
 * time and waits for its word; without it the connection stays open in the primary, and its client waits for ever. What
 * the worker did take is not touched: it has a descriptor of its own. A worker may be given one between its exit and
 * the end of the channel that tells it, in either order, so both are waited for.
 */
const closeUntaken = ({ process: child }: Worker): void => {
  let given: { close(): void } | undefined
  const send = child.send
  child.send = (...args: unknown[]): boolean => {
    given = (args[1] as typeof given) ?? given
    return Reflect.apply(send, child, args)
  }
  for (const event of ['exit', 'disconnect']) child.once(event, () => given?.close())
}

/** Starts a worker. @returns once it listens @throws {Error} when it ended before */
const startWorker = async (serveWorker: WorkersOptions['serveWorker']): Promise<Worker> => {
  const worker = cluster.fork()
  closeUntaken(worker)
  serveWorker?.(worker.process.stdio[LINE_FD] as Socket)
  const over = new AbortController()
  const { signal } = over
  try {
    const failed = once(worker, 'exit', { signal }).then(([code]) => {
      throw new Error(`a worker ended with ${code} before it listened`)
    })
    await Promise.race([once(worker, 'listening', { signal }), failed])
    return worker
  } finally {
    over.abort()
  }
}

/** Resolves when a worker has ended. */
const ended = async (worker: Worker): Promise<void> => {
  if (!worker.isDead()) await once(worker, 'exit')
}

/** Tells a worker that listens to see its clients off, and then to end. */
const drain = (worker: Worker, drainSeconds: number): void => {
  if (worker.isConnected()) worker.send({ drainSeconds } satisfies DrainMessage)
}

/**
 * Runs the service in several processes on one port, and ends the process once they have ended. The first one starts
 * alone, so that what a first start makes is made once. A worker that ends by itself is replaced.
 *
 * SIGTERM and SIGINT end all. SIGHUP replaces one worker after the other: its successor listens before it is told, and
 * it takes no new connections while it sees its clients off to the others.
 * @throws {Error} when a worker cannot start
 */
export const runWorkers = async ({
  count,
  drainSeconds,
  serveWorker,
  log,
}: WorkersOptions): Promise<void> => {
  /** The workers that listen, and those that see their clients off to their successors. */
  const working = new Set<Worker>()
  const leaving = new Set<Worker>()
  let isEnding = false
  /** The work on the workers, one thing after the other. */
  let last: Promise<unknown> = Promise.resolve()

  const add = async (): Promise<void> => {
    const worker = await startWorker(serveWorker)
    working.add(worker)
    worker.once('exit', (code, signal) => {
      if (!working.delete(worker) || isEnding) return
      log(`worker ${worker.process.pid} ended with ${signal ?? code} and is replaced`)
      void inTurn(async () => {
        await pause(REPLACE_MS)
        if (!isEnding) await add()
      })
    })
  }
  const inTurn = (work: () => Promise<void>): Promise<unknown> => {
    last = last.then(work).catch((error: Error) => {
      if (isEnding) return
      log(error.message)
      void end(0, 1)
    })
    return last
  }

  const end = async (seconds: number, exitCode: number): Promise<void> => {
    isEnding = true
    const all = new Set(
      [...Object.values(cluster.workers ?? {}), ...leaving].filter((one) => one !== undefined),
    )
    for (const worker of all) {
      if (working.has(worker)) drain(worker, seconds)
      else if (!leaving.has(worker)) worker.process.kill()
    }
    await Promise.all(Array.from(all, ended))
    process.exit(exitCode)
  }

  const replaceAll = async (): Promise<void> => {
    for (const worker of [...working]) {
      if (isEnding) return
      await add()
      working.delete(worker)
      leaving.add(worker)
      drain(worker, drainSeconds)
      worker.disconnect()
      await ended(worker)
      leaving.delete(worker)
      log(`worker ${worker.process.pid} was replaced`)
    }
  }

  // A pipe of Node's is a pair of connected Unix sockets. It outlives the channel for messages, which is closed when a
  // worker begins to see its clients off.
  cluster.setupPrimary({
    stdio: ['inherit', 'inherit', 'inherit', 'ipc', ...(serveWorker ? ['pipe' as const] : [])],
  })
  answerScrapes()
  process.on('SIGTERM', () => void end(drainSeconds, 0))
  process.on('SIGINT', () => void end(0, 0))
  process.on('SIGHUP', () => void inTurn(replaceAll))
  for (let n = 0; n < count; n++) await add()
  log(`${count} workers share the port`)
}
