import { setTimeout as sleep } from 'node:timers/promises'
import { type Program, type Running, start } from './program.ts'

/** Pause before a program that ended by itself is started again, in ms. */
const RESTART_MS = 2000
/** How often in a row a program is started that does not run for {@link STEADY_MS}. */
const MAX_TRIES = 10
const STEADY_MS = 10_000

export interface Supervisor {
  /** Starts a program and keeps it running. Rejects when it does not start the first time. */
  keep(program: Program): Promise<Running>
  /** Ends those that run and that answer to the filter, all at once, in order, then by force. */
  stop(isMeant: (name: string) => boolean, patienceMs: number): Promise<void>
}

export interface SupervisorOptions {
  /** Takes a line for the operator. */
  say(line: string): void
  /** Takes the error of a program that cannot be started again. */
  onLost(error: Error): void
  /** Ends programs that are not ready yet, and lets none start again. */
  signal: AbortSignal
}

/** Keeps programs running: one that ends by itself is started again. */
export const supervisor = ({ say, onLost, signal }: SupervisorOptions): Supervisor => {
  const kept = new Map<Program, Running | Promise<Running>>()
  const leaving = new Set<Program>()

  const begin = async (program: Program): Promise<Running> => {
    const starting = start(program, { apart: true, signal })
    kept.set(program, starting)
    const running = await starting
    kept.set(program, running)
    return running
  }

  const watch = async (program: Program, first: Running): Promise<void> => {
    let running: Running | undefined = first
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      if (running) {
        const startedAt = performance.now()
        const { pid, exited }: Running = running
        const end = await exited
        if (performance.now() - startedAt > STEADY_MS) tries = 0
        if (!leaving.has(program))
          say(`${program.name} (pid ${pid}) has ended by ${end}; it is started again`)
      }
      await sleep(RESTART_MS)
      if (leaving.has(program) || signal.aborted) return
      running = await begin(program).catch(() => undefined)
      if (running) say(`${program.name} runs again (pid ${running.pid})`)
    }
    throw new Error(`${program.name} does not stay up; see what it wrote:\n${first.output()}`)
  }

  return {
    async keep(program) {
      const running = await begin(program)
      watch(program, running).catch(onLost)
      return running
    },
    async stop(isMeant, patienceMs) {
      const meant = [...kept].filter(([{ name }]) => isMeant(name))
      for (const [program] of meant) leaving.add(program)
      await Promise.all(
        meant.map(async ([, one]) => {
          const running = await Promise.resolve(one).catch(() => undefined)
          await running?.stop(patienceMs)
        }),
      )
    },
  }
}
