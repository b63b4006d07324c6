import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { parseArgs } from 'node:util'
import { createGunzip } from 'node:zlib'
import { GENESIS, HASH_MISMATCH, hashEvent, LINK_MISMATCH } from './chain.ts'
import type { AuditEvent } from './events.ts'
import { exportedEvents } from './exported.ts'

const USAGE = `tributary-verify [--filtered] FILE…

Checks exported audit logs (CSV, NDJSON or JSON, plain or .gz) without the service that wrote them: that the hash of
every event matches its content, and that every event follows the one before it. Several files are parts of one log.

  --filtered  the export left events out on purpose: each event is checked by itself, and what was removed,
              inserted or swapped between two of them cannot be seen

Ends with 0 when all of it holds, 1 when something does not, 2 when a file cannot be read.
`

interface Broken {
  place: number
  event: AuditEvent
  reason: string
}

/** The result of checking a file: its number of events, its first and last event, and the first break. */
interface Checked {
  count: number
  first: AuditEvent | undefined
  last: AuditEvent | undefined
  broken: Broken | undefined
}

const isGzip = async (path: string): Promise<boolean> => {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
  return bytesRead === 2 && buffer.readUInt16BE() === 0x1f8b
}

async function* textOf(path: string): AsyncGenerator<string> {
  const zipped = await isGzip(path)
  const file = createReadStream(path)
  const bytes = zipped ? pipeline(file, createGunzip(), () => undefined) : file
  bytes.setEncoding('utf8')
  for await (const text of bytes) yield text as string
}

async function* eventsOf(paths: readonly string[]): AsyncGenerator<AuditEvent> {
  for (const path of paths) yield* exportedEvents(textOf(path))
}

const reasonAgainst = (event: AuditEvent, before: AuditEvent | undefined): string | undefined => {
  if (before && event.prev_hash !== before.hash) return LINK_MISMATCH
  try {
    return hashEvent(event, event.prev_hash) === event.hash ? undefined : HASH_MISMATCH
  } catch {
    return 'its content is none that the service writes'
  }
}

const check = async (events: AsyncIterable<AuditEvent>, filtered: boolean): Promise<Checked> => {
  let count = 0
  let first: AuditEvent | undefined
  let last: AuditEvent | undefined
  for await (const event of events) {
    const reason = reasonAgainst(event, filtered ? undefined : last)
    if (reason !== undefined) return { count, first, last, broken: { place: count + 1, event, reason } }
    first ??= event
    last = event
    count++
  }
  return { count, first, last, broken: undefined }
}

const summaryOf = ({ count, first, last, broken }: Checked, filtered: boolean): string => {
  if (broken) {
    const hint =
      broken.reason === LINK_MISMATCH
        ? '\nEvents before it were removed, inserted or swapped; of an export with filters, use --filtered.'
        : ''
    return `BROKEN at event ${broken.place}, ${broken.event.id}: ${broken.reason}.${hint}`
  }
  if (!first || !last) return 'No events.'
  if (filtered) return `${count} events hold, each by itself; what lies between them was not checked.`
  const begin =
    first.prev_hash === GENESIS
      ? 'from the first one of the log on'
      : `after the event with hash ${first.prev_hash}`
  return `${count} events hold, ${begin}.\nThe last one is ${last.id}, hash ${last.hash}.`
}

/**
 * Checks exported files.
 * @param args as on the command line: `--filtered`, `--help`, paths
 * @param say writes to standard output or, when `isError`, to standard error
 * @returns the exit code: 0 all chains hold, 1 one is broken, 2 a file cannot be read
 */
export const verifyFiles = async (
  args: readonly string[],
  say: (text: string, isError: boolean) => void,
): Promise<0 | 1 | 2> => {
  let files: string[]
  let filtered: boolean
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { filtered: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
      allowPositionals: true,
    })
    if (values.help) {
      say(USAGE, false)
      return 0
    }
    filtered = values.filtered
    files = positionals
    if (files.length === 0) throw new Error('Name a file.')
  } catch (error) {
    say(`${(error as Error).message}\n\n${USAGE}`, true)
    return 2
  }
  try {
    const checked = await check(eventsOf(files), filtered)
    say(`${summaryOf(checked, filtered)}\n`, false)
    return checked.broken ? 1 : 0
  } catch (error) {
    say(`The file cannot be read: ${(error as Error).message}\n`, true)
    return 2
  }
}
