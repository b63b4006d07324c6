import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import type { Selectable } from 'kysely'
import type { Words } from '../errors.ts'
import { noSuch } from '../errors.ts'
import { refuseRemoved } from '../identity/removed-user.ts'
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

/** A dataset, with the fields that clients see. */
export interface Dataset {
  dataset_id: string
  name: string
  owner: string | null
  synthetic: boolean
  /** Number of records in the file: `rows + merged + rejected`. */
  lines: number
  rows: number
  merged: number
  rejected: number
  /** Number of contracts by ISO 4217 code. */
  currencies: Record<string, number>
  /** The form of the file; null for datasets stored before it was recorded. */
  source: SourceForm | null
  columns: Record<string, string>
  unmapped: string[]
  /** Text, in English, for datasets of before they were sentences. */
  warnings: Words[]
  /** The first 100 refused records. */
  rejects: { line: number; reason: Words }[]
  created_at: string
}

export interface DatasetsOptions {
  /** Largest file in bytes, decompressed. */
  maxBytes: number
  threads: number
  memoryLimit: string
  /** Called with each file that was read whole. */
  onRead?(report: Pick<IngestReport, 'rows' | 'merged' | 'rejected'>): void
}

/** A complete file on disk, as it was received. */
export type Upload = Pick<
  IngestRequest,
  'path' | 'contentType' | 'gzip' | 'mapping' | 'currency' | 'sheet' | 'contracts'
> & {
  name: string
  /** Name of the buyer of all rows, where no column names buyers. */
  buyer?: string
  /** Id of the owner; null for the bundled sample. */
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
  buyer === undefined ? { name, given: false } : { name: buyer, given: true }

/** Rows that are read at once where many are. */
const PAGE_ROWS = 5000
/** Milliseconds after which an upload that is not stored completely counts as abandoned. */
const ABANDONED_AFTER_MS = 10 * 60_000

/** Stores datasets that were uploaded or fetched, as Parquet bytes in the store. */
export class Datasets {
  readonly #store: Store
  readonly #workspaces: Workspaces
  readonly #options: DatasetsOptions

  constructor(store: Store, workspaces: Workspaces, options: DatasetsOptions) {
    this.#store = store
    this.#workspaces = workspaces
    this.#options = options
  }

  /** Removes incomplete datasets, and adds the bundled sample once. */
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
   * Reads and stores a received file; on any failure nothing of it is left.
   * @param alongside written in the transaction that completes the dataset
   * @throws {Problem} `UNUSABLE_DATASET`, `PAYLOAD_TOO_LARGE`, `VALIDATION_FAILED`; `UNAUTHENTICATED` when the owner was
   *   removed meanwhile
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
    this.#options.onRead?.(report)
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
      .catch(refuseRemoved)
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
   * Lists datasets, newest first: those of `owner` and the sample, or everybody's.
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

  /** Removes a dataset. @throws {Problem} `NOT_FOUND` when it was removed already */
  async remove(id: string, alongside?: Alongside): Promise<void> {
    await this.#store.db.transaction().execute(async (trx) => {
      const { numDeletedRows } = await trx.deleteFrom('datasets').where('id', '=', id).executeTakeFirst()
      if (numDeletedRows === 0n) throw noSuch('dataset')
      await alongside?.(trx)
    })
  }

  /**
   * Reads rows in file order.
   * @param after line of the last row that the client has
   */
  async contracts(id: string, limit: number, after: number, signal: AbortSignal): Promise<Contract[]> {
    await using workspace = await this.#workspaces.open('rows')
    const parts = await layOutParts(this.#store, id, workspace.path, signal)
    return await readRows(parts, { after, limit })
  }

  /**
   * Yields the rows at some lines, in file order, a page after the other.
   * @param lines ascending
   */
  async *contractsAt(
    id: string,
    lines: readonly number[],
    signal: AbortSignal,
  ): AsyncGenerator<Contract[], void, undefined> {
    await using workspace = await this.#workspaces.open('rows')
    const parts = await layOutParts(this.#store, id, workspace.path, signal)
    for (let at = 0; at < lines.length; at += PAGE_ROWS) {
      signal.throwIfAborted()
      yield await readRows(parts, { limit: PAGE_ROWS, lines: lines.slice(at, at + PAGE_ROWS) })
    }
  }
}
