import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import { ingest } from '../src/dataset/ingest.ts'
import { xlsxOf } from '../test/support/zip.ts'

const ROWS = 1_000_000
const RUNS = ['first', 'second']
const WORKBOOK_ROWS = 100_000
const COLUMNS = [
  'numero',
  'processo',
  'orgao',
  'cnpj',
  'fornecedor',
  'objeto',
  'valor',
  'inicio',
  'fim',
  'tipo',
]
/** What is in the file, and which rows are a second listing of the contract before them. */
const FILES = [
  ['without joins', 0],
  ['with joins, every tenth row an amendment', 10],
] as const
const MIB = 1024 * 1024

/**
 * Measures what it costs to turn a CSV of 1,000,000 rows, as a Brazilian portal writes them, into Parquet, with and
 * without rows that are joined, and a workbook of 1,000,000 cells: rows per
 * CPU-second of the whole process (worker and DuckDB's threads too), growth of RSS, delay of the event loop.
 */
export default async function upload(log: (line: string) => void): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-upload-'))
  try {
    for (const [what, every] of FILES) {
      const path = join(directory, 'contracts.csv')
      await pipeline(Readable.from(lines(every)), createWriteStream(path))
      for (const run of RUNS)
        log(
          `${what}, ${run} run: ${await measure(path, directory, {
            lines: ROWS,
            merged: every === 0 ? 0 : Math.floor((ROWS - 1) / every),
          })}`,
        )
    }
    const path = join(directory, 'contracts.xlsx')
    await writeFile(path, workbook())
    for (const run of RUNS)
      log(
        `workbook of ${WORKBOOK_ROWS * COLUMNS.length} cells, ${run} run: ${await measure(path, directory, {
          lines: WORKBOOK_ROWS,
          merged: 0,
        })}`,
      )
  } finally {
    await rm(directory, { recursive: true })
  }
}

async function measure(
  path: string,
  directory: string,
  expected: { lines: number; merged: number },
): Promise<string> {
  await setImmediate()
  const before = process.memoryUsage.rss()
  let peak = before
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 20)
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const cpu = process.cpuUsage()
  const start = process.hrtime.bigint()
  const report = await ingest(
    {
      path,
      contentType: 'text/csv',
      gzip: false,
      workDir: directory,
      maxInflatedBytes: 4 * 1024 * MIB,
      threads: 1,
      memoryLimit: '128MB',
    },
    { signal: new AbortController().signal },
  )
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  const spent = process.cpuUsage(cpu)
  delay.disable()
  clearInterval(watch)
  if (report.lines !== expected.lines || report.merged !== expected.merged)
    throw new Error(
      `${report.lines} of ${expected.lines} rows were read, ${report.merged} of ${expected.merged} joined`,
    )
  const cpuSeconds = (spent.user + spent.system) / 1e6
  return [
    `${Math.round(report.lines / cpuSeconds)} rows per CPU-second`,
    `${cpuSeconds.toFixed(2)} CPU-seconds, ${seconds.toFixed(2)} s`,
    `RSS +${Math.round((peak - before) / MIB)} MiB (from ${Math.round(before / MIB)})`,
    `event-loop delay p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms, max ${(delay.max / 1e6).toFixed(1)} ms`,
    `${Math.round(report.bytes / MIB)} MiB of text`,
  ].join(', ')
}

/** A workbook of one sheet, every text in its cell. */
function workbook(): Uint8Array {
  const row = (cells: readonly (string | number)[], at: number): string =>
    `<row r="${at}">${cells
      .map((cell) =>
        typeof cell === 'number' ? `<c><v>${cell}</v></c>` : `<c t="inlineStr"><is><t>${cell}</t></is></c>`,
      )
      .join('')}</row>`
  const rows = [row(COLUMNS, 1)]
  for (let at = 0; at < WORKBOOK_ROWS; at++)
    rows.push(
      row(
        [
          `${at}/2024`,
          `23347.${at}/2024-88`,
          `Instituto Federal ${at % 40}`,
          cnpjs[at % cnpjs.length] as string,
          `FORNECEDOR ${at % 5000} LTDA`,
          `Aquisição de material para o campus ${at % 300}`,
          at + 0.5,
          '2024-02-01',
          '2025-01-31',
          'Contrato',
        ],
        at + 2,
      ),
    )
  return xlsxOf({ sheets: { Dados: rows.join('') }, strings: [] })
}

function* lines(every: number): Generator<string> {
  yield 'numero;processo;tipo;modalidade;codigo_uasg;orgao;fornecedor_cnpj;fornecedor_nome;objeto;valor_inicial;valor_global;data_assinatura;vigencia_inicio;vigencia_fim;link\r\n'
  let text = ''
  for (let row = 0; row < ROWS; row++) {
    const at = every > 0 && row > 0 && row % every === 0 ? row - 1 : row
    const month = String(1 + (at % 12)).padStart(2, '0')
    const year = 2019 + (at % 6)
    const cents = String(at % 100).padStart(2, '0')
    text +=
      `${String(at).padStart(5, '0')}/${year};23347.${String(at % 999_999).padStart(6, '0')}/${year}-88;Contrato;Pregão;` +
      `${158_000 + (at % 400)};Instituto Federal ${at % 40};${cnpjs[at % cnpjs.length]};FORNECEDOR Nº ${at % 5000} LTDA;` +
      `Aquisição de material de expediente para o campus ${at % 300};${at % 900}.${100 + (at % 900)},${cents};` +
      `${at % 900}.${100 + (at % 900)},${cents};01/${month}/${year};02/${month}/${year};28/${month}/${year + 1};` +
      `https://contratos.example.org/api/contrato/${at}/responsaveis\r\n`
    if (text.length > 65_536) {
      yield text
      text = ''
    }
  }
  yield text
}

const cnpjs = [
  '27.433.790/0001-55',
  '05.488.891/0001-90',
  '14.147.098/0001-19',
  '00.332.087/0003-66',
  '00.462.645/0001-46',
  '24.616.229/0001-13',
]
