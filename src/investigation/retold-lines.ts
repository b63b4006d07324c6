import { inert } from '../protocol/csv.ts'
import type { Anomaly, ReviewedAnomaly } from '../protocol/investigation.ts'
import type { LineFile } from '../store/lines/file.ts'
import type { Block, Span } from '../store/lines/lines.ts'

/** Reads a page of findings, ascending by `seq`, behind the finding at `after`. */
export type FindingPages = (page: {
  after: number
  limit: number
}) => Promise<readonly (ReviewedAnomaly & { seq: number })[]>

const PAGE = 500

const quoted = (value: unknown): string => {
  if (value === null || value === undefined) return ''
  const cell =
    typeof value === 'string'
      ? inert(value)
      : typeof value === 'number'
        ? String(value)
        : JSON.stringify(value)
  return `"${cell.replaceAll('"', '""')}"`
}

const lineOf = (
  { review, ...anomaly }: ReviewedAnomaly,
  format: LineFile['format'],
  fields: readonly (keyof Anomaly)[],
): string => {
  if (format !== 'csv')
    return `${format === 'json' ? ',' : ''}${JSON.stringify(review ? { ...anomaly, review } : anomaly)}\n`
  const cells = [...fields.map((field) => anomaly[field]), review?.verdict, review?.note, review?.reviewer]
  return `${cells.map(quoted).join(',')}\r\n`
}

/**
 * Yields findings that are translated on the way, with the lines that the store writes of untranslated ones: a block
 * for each page.
 * @param fields of a CSV line, in front of its review's
 */
export async function* retoldLines(
  pages: FindingPages,
  { format, fields }: { format: LineFile['format']; fields: readonly (keyof Anomaly)[] },
  { after, to }: Span,
  signal: AbortSignal,
): AsyncGenerator<Block, void, undefined> {
  for (let position = after; position < to; ) {
    const page = await pages({ after: position, limit: PAGE })
    signal.throwIfAborted()
    const within = page.filter(({ seq }) => seq <= to)
    if (within.length > 0) {
      const text = within.map(({ seq: _, ...anomaly }) => lineOf(anomaly, format, fields)).join('')
      yield { bytes: Buffer.from(text), rows: within.length }
    }
    const last = page.at(-1)
    if (!last || page.length < PAGE) return
    position = last.seq
  }
}
