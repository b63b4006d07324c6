import t from 'tap'
import { auditTrail } from '../../src/audit/audited.ts'
import { auditLog } from '../../src/audit/log.ts'
import { openAnomalyFile } from '../../src/investigation/anomaly-file.ts'
import type { Detector, Words } from '../../src/investigation/detector.ts'
import { ANOMALY_RULES } from '../../src/investigation/detectors.ts'
import { rows } from '../../src/investigation/duckdb-rows.ts'
import { EVIDENCED, type EvidencedContract, finding } from '../../src/investigation/finding.ts'
import { investigationExports } from '../../src/investigation/investigation-export.ts'
import { LANGUAGES, type Language } from '../../src/language/language.ts'
import type { AnomalyType } from '../../src/protocol/investigation.ts'
import { findingRoutes } from '../../src/routes/investigations/findings-routes.ts'
import { caller, stage } from '../knowledge/stage.ts'
import { accessIn } from '../support/access.ts'
import { openGuardedApp } from '../support/guarded-app.ts'

const TYPE = 'round_number' as AnomalyType
type Facts = { value: number }

const words = (title: string, found: string, note: string): Words<Facts, 'round', never, 'zeros'> => ({
  title,
  rule: `${title}: 0000`,
  blindSpots: [`${title} ?`],
  thresholds: { zeros: '0…' },
  report: { name: `${title} !`, meaning: found, law: '–', check: [note] },
  finding: ({ value }, { money }) => ({
    title: `${found} ${money(value, 'BRL')}`,
    explanation: `${found}: ${money(value, 'BRL')}.`,
  }),
  notes: { round: () => note },
  messages: {},
})

/** Finds values that are a multiple of a power of ten: a type that the service does not have. */
const roundNumber: Detector<Facts, 'round', never, 'zeros'> = {
  type: TYPE,
  sources: ['made up'],
  thresholds: { zeros: { default: 5, minimum: 1 } },
  figures: 'money',
  names: /\bround numbers?\b/,
  words: {
    en: words('Round number', 'A round value of', 'ends in zeros'),
    pt: words('Número redondo', 'Um valor redondo de', 'termina em zeros'),
    es: words('Número redondo', 'Un valor redondo de', 'acaba en ceros'),
  },
  missing: ({ filled }) => (filled.value ? null : 'value'),
  async *run({ connection, thresholds }, signal) {
    const sql = `SELECT ${EVIDENCED} AS contract, value FROM contracts
      WHERE value > 0 AND value % power(10, $zeros) = 0 ORDER BY line`
    const values = { zeros: thresholds.zeros as number }
    for await (const row of rows<{ contract: EvidencedContract; value: number }>(
      connection,
      sql,
      values,
      signal,
    ))
      yield finding<Facts, 'round'>({
        type: TYPE,
        key: [row.contract.contract_id],
        severity: 'low',
        confidence: 0.3,
        contractId: row.contract.contract_id,
        evidence: { contracts: [row.contract], currency: 'BRL', observed: row.value },
        notes: ['round'],
        facts: { value: row.value },
        impact: null,
      })
  },
}

t.test('a new anomaly type is one descriptor: it is found, listed, exported and reported', async (t) => {
  const rules = { ...ANOMALY_RULES, [TYPE]: roundNumber }
  const { store, datasets, investigations, upload, investigated } = await stage(rules)
  const ana = caller('ana')
  const dataset = await upload(
    'ana',
    'round',
    'Contrato;Órgão;Fornecedor;Objeto;Valor\n1/24;PREFEITURA;ACME;Café;R$ 300.000,00\n2/24;PREFEITURA;ACME;Chá;R$ 123,45\n',
  )
  const id = await investigated(ana, dataset)
  const said = { en: 'R$ 300,000.00', pt: 'R$ 300.000,00', es: 'R$ 300.000,00' }
  const told = async (language?: Language) =>
    (await investigations.anomalies(id, { limit: 10, after: 0, language })).filter(
      ({ anomaly_type }) => anomaly_type === TYPE,
    )
  const [first, ...others] = await told()
  t.same(others, [])
  t.match(first, { contract_id: '1/24', title: `A round value of ${said.en}`, severity: 'low' })

  const access = accessIn(store)
  const exports = investigationExports({ store, access, investigations, datasets, downloads: {} as never })
  const actor = { identity: ana, audit: auditTrail(auditLog(store), ana), language: 'en' as const }
  const app = await openGuardedApp(store)
  await app.register(findingRoutes, {
    access,
    investigations,
    investigationExports: exports,
    reviews: {} as never,
    feedOf: {} as never,
    streaming: {} as never,
  })
  t.teardown(() => app.close())
  for (const language of LANGUAGES) {
    const { title, rule, report } = roundNumber.words[language]
    const [again] = await told(language)
    t.match(again?.title, said[language])
    t.same(again?.evidence.notes, report.check)
    t.same(
      { ...again, title: '', explanation: '', evidence: { ...again?.evidence, notes: [] } },
      { ...first, title: '', explanation: '', evidence: { ...first?.evidence, notes: [] } },
      'ids, codes and numbers are the same',
    )
    const listed = await app.inject(`/api/v1/anomaly-types?lang=${language}`)
    t.match(listed.json().items.at(-1), {
      anomaly_type: TYPE,
      title,
      rule,
      thresholds: { zeros: { default: 5, meaning: '0…' } },
    })
    for (const format of ['md', 'html', 'json', 'csv'] as const) {
      let text = ''
      const request = { format, spreadsheet: format === 'csv' }
      for await (const piece of await exports.report(actor, id, request, () => language)) text += piece
      t.match(text, said[language], `${format} in ${language}`)
      if (format !== 'csv') t.match(text, report.name.slice(0, -2))
      else t.ok(text.startsWith(language === 'en' ? '\ufeffanomaly_id,' : '\ufeffanomaly_id;'))
    }
  }
  const read = await openAnomalyFile(store, id, { format: 'csv', filter: { type: TYPE } })
  let file = ''
  for await (const { bytes } of read(new AbortController().signal)) file += Buffer.from(bytes).toString()
  t.match(file, /round_number/)
  t.equal(file.trimEnd().split('\r\n').length, 2, 'a header and the one finding')
})
