import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import type { Selectable } from 'kysely'
import type { Contract } from '../protocol/contract.ts'
import type { Alongside } from '../store/change.ts'
import type { Store } from '../store/database.ts'
import { isBehind } from '../store/keyset.ts'
import type { DatasetTable } from '../store/schema.ts'
import { type IngestReport, type IngestRequest, ingest } from './ingest.ts'
import { readRows } from './reading/rows.ts'
import type { SourceForm } from './reading/source.ts'
import { SAMPLE_ID, sampleCsv } from './sample.ts'
import { layOutParts, storeParts } from './storage.ts'
import type { Workspaces } from './workspace.ts'

/** A dataset, as clients see it. */
export interface Dataset {
  dataset_id: string
  name: string
  owner: string | null
  synthetic: boolean
  /** Records read: `rows + merged + rejected`. */
  lines: number
  rows: number
  merged: number
  rejected: number
  /** Contracts by ISO 4217 code. */
  currencies: Record<string, number>
  /** Null for datasets of before it was kept. */
  source: SourceForm | null
  columns: Record<string, string>
  unmapped: string[]
  warnings: string[]
  /** The first 100. */
  rejects: { line: number; reason: string }[]
  created_at: string
}

export interface DatasetsOptions {
  /** Bytes, inflated. */
  maxBytes: number
  threads: number
  memoryLimit: string
}

/** A file as it was received, complete, on disk. */
export type Upload = Pick<
  IngestRequest,
  'path' | 'contentType' | 'gzip' | 'mapping' | 'currency' | 'sheet'
> & {
  name: string
  /** The body whose file this is, where no column says. */
  buyer?: string
  /** Null for the bundled sample. */
  owner: string | null
  synthetic?: boolean
}

const fromRow = (row: Selectable<DatasetTable>): Dataset => ({
  dataset_id: row.id,
  name: row.name,
  owner: row.owner,
  synthetic: row.synthetic === 1,
  lines: row.lines,
  rows: row.rows,
  merged: row.merged,
  rejected: row.rejected,
  currencies: JSON.parse(row.currencies_json),
  source: JSON.parse(row.source_json),
  columns: JSON.parse(row.columns_json),
  unmapped: JSON.parse(row.unmapped_json),
  warnings: JSON.parse(row.warnings_json),
  rejects: JSON.parse(row.rejects_json),
  created_at: new Date(row.created_at).toISOString(),
})

const buyerOf = ({ buyer, name }: Upload): IngestRequest['buyer'] =>
  buyer === undefined ? { name, told: false } : { name: buyer, told: true }

/** How long an upload may take to be copied into the store before it counts as abandoned. */
const ABANDONED_AFTER_MS = 10 * 60_000

/** Datasets: whatever was uploaded or fetched, as Parquet bytes in the store. */
export class Datasets {
  readonly #store: Store
  readonly #workspaces: Workspaces
  readonly #options: DatasetsOptions

  constructor(store: Store, workspaces: Workspaces, options: DatasetsOptions) {
    this.#store = store
    this.#workspaces = workspaces
    this.#options = options
  }

  /** Removes what broken uploads left, and puts the bundled sample there once. */
  async prepare(): Promise<void> {
    await this.#workspaces.sweep()
    await this.#store.db
      .deleteFrom('datasets')
      .where('state', '=', 'uploading')
      .where('created_at', '<', Date.now() - ABANDONED_AFTER_MS)
      .execute()
    if (await this.get(SAMPLE_ID)) return
    await using workspace = await this.#workspaces.open('sample')
    const path = `${workspace.path}/sample.csv`
    await writeFile(path, sampleCsv())
    const upload: Upload = {
      path,
      name: 'sample',
      owner: null,
      contentType: 'text/csv',
      gzip: false,
      synthetic: true,
    }
    await this.#keep(SAMPLE_ID, upload, workspace.path, new AbortController().signal)
  }

  /**
   * Turns a received file into a dataset; on any failure nothing of it is left.
   * @param alongside what else is written when the dataset is there
   * @throws {Problem} `UNUSABLE_DATASET`, `PAYLOAD_TOO_LARGE`, `VALIDATION_FAILED`
   */
  async create(upload: Upload, signal: AbortSignal, alongside?: Alongside<Dataset>): Promise<Dataset> {
    await using workspace = await this.#workspaces.open('ingest')
    return await this.#keep(randomUUID(), upload, workspace.path, signal, alongside)
  }

  async #keep(
    id: string,
    upload: Upload,
    workDir: string,
    signal: AbortSignal,
    alongside?: Alongside<Dataset>,
  ): Promise<Dataset> {
    const { maxBytes, threads, memoryLimit } = this.#options
    const report: IngestReport = await ingest(
      { ...upload, buyer: buyerOf(upload), workDir, maxInflatedBytes: maxBytes, threads, memoryLimit },
      { signal },
    )
    const { db } = this.#store
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('datasets')
      .values({
        id,
        name: upload.name,
        owner: upload.owner,
        state: 'uploading',
        synthetic: upload.synthetic ? 1 : 0,
        lines: report.lines,
        rows: report.rows,
        merged: report.merged,
        rejected: report.rejected,
        bytes: 0,
        currencies_json: JSON.stringify(report.currencies),
        source_json: JSON.stringify(report.source),
        unmapped_json: JSON.stringify(report.unmapped),
        columns_json: JSON.stringify(report.columns),
        warnings_json: JSON.stringify(report.warnings),
        rejects_json: JSON.stringify(report.rejects),
        created_at: Date.now(),
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows === 1n) {
      try {
        const bytes = await storeParts(this.#store, id, report.parts, signal)
        await db.transaction().execute(async (trx) => {
          const row = await trx
            .updateTable('datasets')
            .set({ state: 'ready', bytes })
            .where('id', '=', id)
            .returningAll()
            .executeTakeFirstOrThrow()
          await alongside?.(trx, fromRow(row))
        })
      } catch (error) {
        await db.deleteFrom('datasets').where('id', '=', id).execute()
        throw error
      }
    }
    return (await this.get(id)) as Dataset
  }

  async get(id: string): Promise<Dataset | null> {
    const row = await this.#store.db
      .selectFrom('datasets')
      .selectAll()
      .where('id', '=', id)
      .where('state', '=', 'ready')
      .executeTakeFirst()
    return row ? fromRow(row) : null
  }

  /**
   * Newest first: those of `owner` and the sample, or everybody's.
   * @param after a place in the list
   */
  async list(owner: string | 'everybody', limit: number, after: string | null): Promise<Dataset[]> {
    let query = this.#store.db.selectFrom('datasets').selectAll().where('state', '=', 'ready')
    if (owner !== 'everybody')
      query = query.where((eb) => eb.or([eb('owner', '=', owner), eb('owner', 'is', null)]))
    if (after !== null) query = query.where(isBehind('created_at', after))
    const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
    return rows.map(fromRow)
  }

  async remove(id: string, alongside?: Alongside): Promise<void> {
    await this.#store.db.transaction().execute(async (trx) => {
      await trx.deleteFrom('datasets').where('id', '=', id).execute()
      await alongside?.(trx)
    })
  }

  /**
   * Rows in file order.
   * @param after line of the last row already seen
   */
  async contracts(id: string, limit: number, after: number, signal: AbortSignal): Promise<Contract[]> {
    await using workspace = await this.#workspaces.open('rows')
    const parts = await layOutParts(this.#store, id, workspace.path, signal)
    return await readRows(parts, { after, limit })
  }
}
