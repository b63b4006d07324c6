import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Problem } from '../../../errors.ts'
import { say } from '../../../language/sentence.ts'
import type { ContentType } from '../source.ts'
import type { SourceFile } from '../source-bytes.ts'
import { type Archive, openArchive } from './archive.ts'
import { odsSheets } from './ods.ts'
import { xlsxSheets } from './xlsx.ts'

/** A table to try: a text file of its own, or the body itself. */
export interface Packed {
  file: SourceFile
  contentType: ContentType
  /** The workbook's format and the sheet's name, where the table is a sheet. */
  workbook?: { format: 'xlsx' | 'ods'; sheet: string }
}

interface UnpackOptions {
  contentType: ContentType
  directory: string
  /** Name of the sheet that was asked for. */
  sheet: string | undefined
}

const TABLE = /\.(?:csv|tsv|tab|txt|json|ndjson|jsonl|xlsx|ods)$/i
const NO_TABLE = /(?:^|\/)(?:__MACOSX\/|\.|(?:read|leia|lea)[ _-]?me)|(?:^|\/)licen[sc]/i

/**
 * Yields the tables of a body, one after another: the sheets of a workbook, the one table of a zip, else the body
 * itself.
 * @throws {Problem} `UNUSABLE_DATASET` for a damaged archive, a zip of none or several tables, a sheet that does
 *   not exist; `PAYLOAD_TOO_LARGE`
 */
export async function* unpack(
  file: SourceFile,
  options: UnpackOptions,
  signal: AbortSignal,
): AsyncGenerator<Packed> {
  if (file.gzip || !(await isZip(file.path))) {
    yield { file, contentType: options.contentType }
    return
  }
  const archive = await openArchive(file.path, file.maxInflatedBytes)
  try {
    yield* tablesOf(archive, file, options, signal)
  } finally {
    archive.close()
  }
}

async function* tablesOf(
  archive: Archive,
  { maxInflatedBytes }: SourceFile,
  options: UnpackOptions,
  signal: AbortSignal,
): AsyncGenerator<Packed> {
  const { directory, sheet: wanted } = options
  const asFile = (path: string): SourceFile => ({ path, gzip: false, maxInflatedBytes })
  if (archive.names.includes('xl/workbook.xml')) {
    for await (const { name, path } of xlsxSheets(archive, directory, maxInflatedBytes, wanted, signal))
      yield { file: asFile(path), contentType: 'text/csv', workbook: { format: 'xlsx', sheet: name } }
    return
  }
  if (archive.names.includes('content.xml') && archive.names.includes('mimetype')) {
    for (const { name, path } of await odsSheets(archive, directory, maxInflatedBytes, wanted, signal))
      yield { file: asFile(path), contentType: 'text/csv', workbook: { format: 'ods', sheet: name } }
    return
  }
  const tables = archive.names.filter((name) => TABLE.test(name) && !NO_TABLE.test(name))
  const [table] = tables
  if (!table || tables.length > 1) {
    throw new Problem(
      'UNUSABLE_DATASET',
      table
        ? say('unusable.zip_several', { tables: tables.slice(0, 20) })
        : say('unusable.zip_no_table', { names: archive.names.slice(0, 20) }),
      { members: { tables } },
    )
  }
  const path = join(directory, 'unzipped')
  try {
    await pipeline(await archive.open(table), createWriteStream(path), { signal })
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Problem) throw error
    throw new Problem('UNUSABLE_DATASET', say('unusable.archive_damaged'), { cause: error })
  }
  const contentType = /\.json$/i.test(table)
    ? 'application/json'
    : /\.(?:ndjson|jsonl)$/i.test(table)
      ? 'application/x-ndjson'
      : 'text/csv'
  if (!(await isZip(path))) {
    yield { file: asFile(path), contentType }
    return
  }
  const inner = await openArchive(path, maxInflatedBytes)
  try {
    if (!inner.names.includes('xl/workbook.xml') && !inner.names.includes('content.xml'))
      throw new Problem('UNUSABLE_DATASET', say('unusable.zip_in_zip'))
    yield* tablesOf(inner, asFile(path), options, signal)
  } finally {
    inner.close()
  }
}

async function isZip(path: string): Promise<boolean> {
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0)
    return bytesRead === 4 && buffer.toString('latin1') === 'PK\x03\x04'
  } finally {
    await handle.close()
  }
}
