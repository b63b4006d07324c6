import { exportType } from '../audit/export-request.ts'
import type { Datasets } from '../dataset/datasets.ts'
import { existing } from '../errors.ts'
import type { AccessControl } from '../identity/access.ts'
import type { Actor } from '../identity/actor.ts'
import type { Language } from '../language/language.ts'
import type { FindingFilter } from '../protocol/finding-filter.ts'
import { findingTest, looksInside } from '../protocol/finding-test.ts'
import type { Store } from '../store/database.ts'
import type { Downloads } from '../stream/downloads.ts'
import { type Export, startExport } from '../stream/export-start.ts'
import { type AnomalyFileRequest, openAnomalyFile } from './anomaly-file.ts'
import type { Investigations } from './investigations.ts'
import type { ReportFormat, ReportInput } from './report/input.ts'
import { report } from './report.ts'
import type { FindingPages } from './retold-lines.ts'

export interface InvestigationExportOptions {
  store: Store
  access: AccessControl
  investigations: Investigations
  datasets: Pick<Datasets, 'get'>
  downloads: Pick<Downloads, 'start'>
}

/** A request for a report; CSV may be written for the spreadsheet of its language. */
export interface ReportRequest {
  format: ReportFormat
  filter?: FindingFilter
  spreadsheet: boolean
}

/** Exports the findings of an investigation for callers who may read it. */
export interface InvestigationExports {
  /**
   * Starts to export the findings as a file, in the order of their discovery.
   * @param language of titles, explanations and notes; the investigation's where none is given
   * @throws {Problem} `NOT_FOUND`, `VALIDATION_FAILED`, `TOO_MANY_STREAMS`, `DRAINING`
   */
  anomalies(actor: Actor, id: string, request: AnomalyFileRequest, language?: Language): Promise<Export>
  /**
   * Writes a report, in pieces.
   * @param languageFrom chooses its language, given that of the investigation
   * @throws {Problem} `NOT_FOUND`
   */
  report(
    actor: Actor,
    id: string,
    request: ReportRequest,
    languageFrom: (own: Language) => Language,
  ): Promise<AsyncIterable<string>>
}

/** Makes the use cases that export findings. */
export const investigationExports = (options: InvestigationExportOptions): InvestigationExports => {
  const { store, access, investigations, datasets, downloads } = options
  /** Counts the findings that a filter chooses, and all of them; undefined for a filter that leaves none out. */
  const choiceOf = async (id: string, filter: FindingFilter): Promise<ReportInput['choice']> => {
    const said = Object.fromEntries(
      Object.entries(filter).filter(([, value]) => value !== undefined && value !== ''),
    )
    if (Object.keys(said).length === 0) return undefined
    const isChosen = findingTest(filter)
    let [chosen, total] = [0, 0]
    for await (const { review, ...finding } of investigations.allAnomalies(id)) {
      total++
      if (isChosen(finding, review?.verdict)) chosen++
    }
    return { filter: said, chosen, total }
  }
  const resourceOf = (id: string) => ({ resource_type: 'investigation', resource_id: id })

  return {
    async anomalies(actor, id, request, language) {
      const { format, filter = {}, after } = request
      const { type = null, severity = null, ...inside } = filter
      await access.require(actor.identity, { type: 'investigation', id }, 'shared')
      const own = (await investigations.get(id))?.language
      const retold: FindingPages | undefined =
        (language === undefined || language === own) && !looksInside(filter)
          ? undefined
          : (page) => investigations.anomalies(id, { ...filter, ...page, language })
      return startExport(downloads, actor, {
        read: await openAnomalyFile(store, id, request, retold),
        contentType: exportType(format, after !== undefined),
        name: `investigation-${id}-anomalies.${format}`,
        event: 'investigation.exported',
        resource: resourceOf(id),
        details: { format, type, severity, ...inside, after: after ?? null },
      })
    },

    async report({ identity, audit }, id, { format, filter = {}, spreadsheet }, languageFrom) {
      await access.require(identity, { type: 'investigation', id }, 'shared')
      const found = existing(await investigations.get(id), 'investigation')
      const dataset = found.dataset_id === null ? null : await datasets.get(found.dataset_id)
      await audit.append('investigation.exported', { ...resourceOf(id), details: { format, ...filter } })
      const language = languageFrom(found.language)
      return report(format, {
        language,
        rules: investigations.rules,
        investigation: {
          id,
          query: found.query,
          status: found.status,
          dataset: dataset?.name ?? found.data_source,
          synthetic: dataset?.synthetic ?? false,
          created_at: found.created_at,
          ended_at: found.ended_at,
          filters: found.filters,
          anomaly_types: found.anomaly_types,
          thresholds: found.thresholds,
        },
        summary: found.result && { ...found.result, ...(await investigations.notices(id, language)) },
        anomalies: investigations.allAnomalies(id, language, filter),
        choice: await choiceOf(id, filter),
        spreadsheet,
      })
    },
  }
}
