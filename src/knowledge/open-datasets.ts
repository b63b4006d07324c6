import type { DuckDBConnection } from '@duckdb/node-api'
import { LRUCache } from 'lru-cache'
import { layOutParts } from '../dataset/storage.ts'
import type { Workspace, Workspaces } from '../dataset/workspace.ts'
import { Problem } from '../errors.ts'
import { openAnalysis } from '../investigation/analysis.ts'
import { say } from '../language/sentence.ts'
import { layOutDeals, type Register, readRegister } from '../question/register.ts'
import type { Store } from '../store/database.ts'

export interface OpenDatasetsOptions {
  /** DuckDB's threads for each of the open datasets. */
  threads: number
  /** DuckDB's memory for each of the open datasets, as DuckDB writes it, e.g. `512MB`. */
  memoryLimit: string
}

/** A query of a dataset's tables `contracts`, which investigation/analysis.ts describes, and `deals` of question/. */
export type Question<T> = (
  connection: DuckDBConnection,
  signal: AbortSignal,
  register: Register,
) => Promise<T>

/** Keeps datasets open for queries, and remembers answers. */
export interface OpenDatasets {
  /**
   * Answers a query, from memory where the same one was answered for the same dataset: its rows never change.
   * @param key identifies the query; null for one whose answer is not remembered
   * @throws {Problem} `NOT_FOUND` without rows in the store, `OVERLOADED` after 20 s; the signal's reason
   */
  ask<T>(
    datasetId: string,
    key: string | null,
    question: Question<T>,
    within: { signal: AbortSignal },
  ): Promise<T>
  /** Returns the names and words of a dataset; throws as `ask` does. */
  register(datasetId: string, within: { signal: AbortSignal }): Promise<Register>
  /** Closes the open datasets; running queries fail. */
  close(): Promise<void>
}

/** Datasets open at once; each one answers one query at a time. */
const MOST_OPEN = 2
const IDLE_MS = 60_000
const ANSWER_WITHIN_MS = 20_000
const MOST_ANSWERS = 256
/** Datasets whose names and words are remembered. */
const MOST_REGISTERS = 4

interface Opened {
  connection: DuckDBConnection
  register: Register
  close(): void
  workspace: Workspace
  idle: NodeJS.Timeout | undefined
}

/** Makes the locks of datasets: each dataset has one holder at a time, and at most `MOST_OPEN` datasets have one. */
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
    held: held as ReadonlySet<string>,
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

/** Makes the open datasets of a store. */
export const openDatasets = (
  store: Store,
  workspaces: Workspaces,
  options: OpenDatasetsOptions,
): OpenDatasets => {
  const opened = new Map<string, Opened>()
  const answers = new LRUCache<string, { answer: unknown }>({ max: MOST_ANSWERS })
  const registers = new LRUCache<string, Register>({ max: MOST_REGISTERS })
  const { take, held } = turns()
  const closing = new AbortController()

  const closeDataset = async (id: string): Promise<void> => {
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
      // The order of the map is the order of use: move this one to the end.
      opened.delete(id)
      opened.set(id, known)
      return known
    }
    // Those that are held are open, or are about to be.
    for (const other of [...opened.keys()])
      if (new Set([...held, ...opened.keys()]).size > MOST_OPEN && !held.has(other)) await closeDataset(other)
    const workspace = await workspaces.open('knowledge')
    try {
      const parts = await layOutParts(store, id, workspace.path, signal)
      const { connection, close } = await openAnalysis(
        { parts, filters: {}, tempDirectory: workspace.path, ...options },
        signal,
      )
      try {
        await layOutDeals(connection, signal)
        const register = registers.get(id) ?? (await readRegister(connection, signal))
        registers.set(id, register)
        const one = { connection, register, close, workspace, idle: undefined }
        opened.set(id, one)
        return one
      } catch (error) {
        close()
        throw error
      }
    } catch (error) {
      await workspace[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Lets one question have an open dataset for itself. */
  const during = async <T>(
    id: string,
    { signal }: { signal: AbortSignal },
    work: (one: Opened, limit: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    const late = AbortSignal.timeout(ANSWER_WITHIN_MS)
    const limit = AbortSignal.any([signal, late, closing.signal])
    try {
      const release = await take(id, limit)
      try {
        const one = await open(id, limit)
        try {
          return await work(one, limit)
        } finally {
          one.idle = setTimeout(() => void closeDataset(id).catch(() => undefined), IDLE_MS).unref()
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
  }

  return {
    async ask<T>(
      id: string,
      key: string | null,
      question: Question<T>,
      within: { signal: AbortSignal },
    ): Promise<T> {
      const whole = `${id} ${key}`
      const known = key === null ? undefined : answers.get(whole)
      if (known) return known.answer as T
      return during(id, within, async (one, limit) => {
        const meanwhile = key === null ? undefined : answers.get(whole)
        if (meanwhile) return meanwhile.answer as T
        const answer = await question(one.connection, limit, one.register)
        if (key !== null) answers.set(whole, { answer })
        return answer
      })
    },
    async register(id, within) {
      return registers.get(id) ?? (await during(id, within, async ({ register }) => register))
    },
    async close() {
      closing.abort(new Problem('DRAINING', say('chat.no_questions')))
      for (const id of [...opened.keys()]) {
        const release = await take(id, new AbortController().signal)
        await closeDataset(id)
        release()
      }
    },
  }
}
