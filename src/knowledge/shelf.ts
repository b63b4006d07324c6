import type { DuckDBConnection } from '@duckdb/node-api'
import { layOutParts } from '../dataset/storage.ts'
import type { Workspace, Workspaces } from '../dataset/workspace.ts'
import { Problem } from '../errors.ts'
import { openAnalysis } from '../investigation/analysis.ts'
import { say } from '../language/sentence.ts'
import type { Store } from '../store/database.ts'

export interface ShelfOptions {
  /** DuckDB's, for each of the open datasets. */
  threads: number
  /** As DuckDB writes it, e.g. `512MB`; for each of the open datasets. */
  memoryLimit: string
}

/** A question to a dataset's table `contracts`, as investigation/analysis.ts lays it out. */
export type Question<T> = (connection: DuckDBConnection, signal: AbortSignal) => Promise<T>

/** Datasets that stand open for questions, and the answers given before. */
export interface Shelf {
  /**
   * Answers a question, from memory where the same one was asked of the same dataset: its rows never change.
   * @param key tells one question from another
   * @throws {Problem} `NOT_FOUND` without rows in the store, `OVERLOADED` after 20 s; the signal's reason
   */
  ask<T>(datasetId: string, key: string, question: Question<T>, within: { signal: AbortSignal }): Promise<T>
  /** Closes what is open; questions that still run fail. */
  close(): Promise<void>
}

/** Datasets open at once; each one answers one question at a time. */
const MOST_OPEN = 2
const IDLE_MS = 60_000
const ANSWER_WITHIN_MS = 20_000
const MOST_ANSWERS = 256

interface Opened {
  connection: DuckDBConnection
  close(): void
  workspace: Workspace
  idle: NodeJS.Timeout | undefined
}

/** Hands out the right to work on a dataset: one holder each, and so many at once. */
const turns = () => {
  const held = new Set<string>()
  let waiting: { id: string; begin(): void }[] = []
  const free = (id: string) => held.size < MOST_OPEN && !held.has(id)
  const release = (id: string) => () => {
    held.delete(id)
    for (const one of [...waiting]) {
      if (!free(one.id)) continue
      waiting = waiting.filter((other) => other !== one)
      one.begin()
    }
  }
  return {
    isHeld: (id: string) => held.has(id),
    async take(id: string, signal: AbortSignal): Promise<() => void> {
      signal.throwIfAborted()
      if (!free(id))
        await new Promise<void>((resolve, reject) => {
          const leave = () => {
            waiting = waiting.filter((other) => other !== one)
            reject(signal.reason)
          }
          const one = {
            id,
            begin() {
              held.add(id)
              signal.removeEventListener('abort', leave)
              resolve()
            },
          }
          waiting.push(one)
          signal.addEventListener('abort', leave, { once: true })
        })
      held.add(id)
      return release(id)
    },
  }
}

/** A shelf over the store's datasets. */
export const shelf = (store: Store, workspaces: Workspaces, options: ShelfOptions): Shelf => {
  const opened = new Map<string, Opened>()
  const answers = new Map<string, unknown>()
  const { take, isHeld } = turns()
  const closing = new AbortController()

  const putBack = async (id: string): Promise<void> => {
    const one = opened.get(id)
    if (!one) return
    opened.delete(id)
    clearTimeout(one.idle)
    one.close()
    await one.workspace[Symbol.asyncDispose]()
  }

  const open = async (id: string, signal: AbortSignal): Promise<Opened> => {
    const known = opened.get(id)
    if (known) {
      clearTimeout(known.idle)
      // The order of the map is the order of use.
      opened.delete(id)
      opened.set(id, known)
      return known
    }
    for (const other of [...opened.keys()])
      if (opened.size >= MOST_OPEN && !isHeld(other)) await putBack(other)
    const workspace = await workspaces.open('knowledge')
    try {
      const parts = await layOutParts(store, id, workspace.path, signal)
      if (parts.length === 0) throw new Problem('NOT_FOUND', say('thing.no_such', { thing: 'dataset' }))
      const { connection, close } = await openAnalysis(
        { parts, filters: {}, tempDirectory: workspace.path, ...options },
        signal,
      )
      const one = { connection, close, workspace, idle: undefined }
      opened.set(id, one)
      return one
    } catch (error) {
      await workspace[Symbol.asyncDispose]()
      throw error
    }
  }

  const remember = (key: string, answer: unknown): void => {
    answers.set(key, answer)
    if (answers.size > MOST_ANSWERS) answers.delete(answers.keys().next().value as string)
  }

  return {
    async ask<T>(
      id: string,
      key: string,
      question: Question<T>,
      { signal }: { signal: AbortSignal },
    ): Promise<T> {
      const whole = `${id} ${key}`
      if (answers.has(whole)) return answers.get(whole) as T
      const late = AbortSignal.timeout(ANSWER_WITHIN_MS)
      const limit = AbortSignal.any([signal, late, closing.signal])
      try {
        const release = await take(id, limit)
        try {
          if (answers.has(whole)) return answers.get(whole) as T
          const one = await open(id, limit)
          try {
            const answer = await question(one.connection, limit)
            remember(whole, answer)
            return answer
          } finally {
            one.idle = setTimeout(() => void putBack(id).catch(() => undefined), IDLE_MS).unref()
          }
        } finally {
          release()
        }
      } catch (error) {
        signal.throwIfAborted()
        if (late.aborted)
          throw new Problem('OVERLOADED', say('chat.data_slow'), { retryAfter: 5, cause: error })
        throw error
      }
    },
    async close() {
      closing.abort(new Problem('DRAINING', say('chat.no_questions')))
      for (const id of [...opened.keys()]) {
        await take(id, new AbortController().signal)
        await putBack(id)
      }
    },
  }
}
