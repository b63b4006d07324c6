import type { AuditEventType } from '../audit/events.ts'
import type { Actor } from '../identity/actor.ts'
import type { Block } from '../store/lines/lines.ts'
import type { Download, DownloadEnd, Downloads } from './downloads.ts'

/** A file that is going to be exported. */
export interface ExportFile {
  contentType: string
  /** Letters, digits, `.`, `_` and `-`. */
  name: string
  /**
   * Reads the file from its beginning. A cut file must not look whole, so an error may come in the middle.
   * @throws {Problem}
   */
  read(signal: AbortSignal): AsyncGenerator<Block, void, undefined>
  /** Type of the audit events that record the start and the end of the export. */
  event: AuditEventType
  /** The resource that those events name; the export's own stream by default. */
  resource?: { resource_type: string; resource_id: string }
  /** Details of those events: the query of the export. */
  details: Readonly<Record<string, unknown>>
}

/** An export that has been admitted and is going to be sent. */
export interface Export extends Pick<ExportFile, 'contentType' | 'name' | 'read'> {
  download: Download
  /** Records its end; called before the last byte, or once it is known that there will be none. */
  ended(end: DownloadEnd): Promise<unknown>
}

/**
 * Starts the export of a file and records that in the audit log.
 * @throws {Problem} `TOO_MANY_STREAMS`, `DRAINING`, `STORE_UNAVAILABLE`
 */
export const startExport = async (
  downloads: Pick<Downloads, 'start'>,
  { identity, audit, language }: Actor,
  { event, resource: given, details, ...file }: ExportFile,
): Promise<Export> => {
  const download = await downloads.start(identity.id, language)
  const resource = given ?? { resource_type: 'stream', resource_id: download.id }
  const about = { stream_id: download.id, ...details }
  try {
    await audit.append(event, { ...resource, details: { state: 'started', ...about } })
  } catch (error) {
    download.end({ state: 'failed', error_code: 'STORE_UNAVAILABLE', message: 'It could not be audited' })
    throw error
  }
  return {
    ...file,
    download,
    ended: (end) =>
      audit.append(event, {
        ...resource,
        success: end.state === 'completed',
        error_code: end.state === 'failed' ? end.error_code : null,
        details: { state: end.state, ...download.progress, ...about },
      }),
  }
}
