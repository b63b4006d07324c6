import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { auditTrail } from '../../src/audit/audited.ts'
import { auditLog } from '../../src/audit/log.ts'
import { memoryBroker } from '../../src/channel/broker-memory.ts'
import type { Hub } from '../../src/channel/hub.ts'
import { Datasets } from '../../src/dataset/datasets.ts'
import { workspaces } from '../../src/dataset/workspace.ts'
import type { Identity, Role } from '../../src/identity/identity.ts'
import { ANOMALY_RULES, type AnomalyRules } from '../../src/investigation/detectors.ts'
import { Investigations, investigationChannel } from '../../src/investigation/investigations.ts'
import { investigationRunner } from '../../src/investigation/runner.ts'
import { steering } from '../../src/investigation/steering.ts'
import { type KnowledgeBase, knowledge } from '../../src/knowledge/knowledge.ts'
import type { Store } from '../../src/store/database.ts'
import { accessIn } from '../support/access.ts'
import { openTestStore } from '../support/store.ts'
import { openStreams } from '../support/streams.ts'

const never = new AbortController().signal
const ENDS = ['complete', 'error', 'cancelled']

/** A caller; the id is the name. */
export const caller = (id: string, role: Role = 'analyst'): Identity => ({
  id,
  username: id,
  email: null,
  role,
  expiresAt: null,
  revoked: never,
})

/** An investigation's events as the hub tells them, from the beginning to the terminal one. */
const followOn = (hub: Hub) =>
  async function* (id: string, signal: AbortSignal): AsyncGenerator<Readonly<Record<string, unknown>>> {
    const events: Record<string, unknown>[] = []
    let wake = () => {}
    const subscription = await hub.subscribe(
      investigationChannel(id),
      {
        deliver(publications) {
          for (const { data } of publications) events.push(JSON.parse(data))
          wake()
        },
        drained: async () => undefined,
        lost: () => wake(),
      },
      'beginning',
    )
    const stop = () => wake()
    signal.addEventListener('abort', stop)
    try {
      subscription.start()
      for (;;) {
        const event = events.shift()
        if (event) {
          yield event
          if (ENDS.includes(event.type as string)) return
          continue
        }
        signal.throwIfAborted()
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    } finally {
      signal.removeEventListener('abort', stop)
      subscription.close()
    }
  }

export interface Stage {
  store: Store
  datasets: Datasets
  investigations: Investigations
  base: KnowledgeBase
  /** Started ones, as the audit log would be told. */
  started: { by: string; id: string }[]
  /** Runs an investigation to its end. */
  investigated(owner: Identity, datasetId: string, query?: string): Promise<string>
  /** A CSV text as a dataset of `owner`; returns its id. */
  upload(owner: string, name: string, csv: string | Buffer): Promise<string>
}

/** The real parts on one store, with the bundled sample and a running worker. */
export const stage = async (rules: AnomalyRules = ANOMALY_RULES): Promise<Stage> => {
  const store = await openTestStore('sqlite')
  const directory = await mkdtemp(join(tmpdir(), 'knowledge-'))
  const broker = memoryBroker({ historySize: 10_000, historyTtlMs: 600_000 })
  t.teardown(async () => {
    await broker.close()
    await rm(directory, { recursive: true, force: true })
  })
  const { hub, streams } = openStreams(t, store, broker)
  const spaces = workspaces(join(directory, 'tmp'))
  const analysis = { threads: 1, memoryLimit: '256MB' }
  const datasets = new Datasets(store, spaces, { maxBytes: 1e9, ...analysis })
  await datasets.prepare()
  const investigations = new Investigations(store, streams, rules)
  const started: Stage['started'] = []
  const log = auditLog(store)
  const access = accessIn(store)
  const steer = steering({ access, streams, investigations, datasets, sources: {} as never })
  const base = knowledge({
    store,
    access,
    datasets,
    investigations,
    workspaces: spaces,
    ...analysis,
    follow: followOn(hub),
    async start(identity, order) {
      const one = await steer.start({ identity, audit: auditTrail(log, identity), language: 'en' }, order)
      started.push({ by: identity.id, id: one.investigation_id })
      return one
    },
    stop: (identity, id) =>
      steer.command({ identity, audit: auditTrail(log, identity), language: 'en' }, id, 'cancel'),
  })
  streams.work([
    investigationRunner(store, datasets, spaces, {
      rules: investigations.rules,
      concurrency: 1,
      sources: {} as never,
      maxSourceRecords: 0,
      ...analysis,
      onEnding: async () => undefined,
    }),
  ])
  t.teardown(() => base.close())
  return {
    store,
    datasets,
    investigations,
    base,
    started,
    async investigated(owner, datasetId, query = 'everything') {
      const known = base.for(owner)
      const id = await known.investigate({ datasetId, query, filters: {} })
      for await (const event of known.follow(id, never))
        if (event.type === 'error') t.fail(JSON.stringify(event))
      return id
    },
    async upload(owner, name, csv) {
      await store.db
        .insertInto('users')
        .values({ id: owner, username: owner, role: 'analyst', password_hash: '-', created_at: 0 } as never)
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      const path = join(directory, `${name}.csv`)
      await writeFile(path, csv)
      const made = await datasets.create({ path, name, owner, contentType: 'text/csv', gzip: false }, never)
      return made.dataset_id
    },
  }
}
