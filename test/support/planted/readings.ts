import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ingest } from '../../../src/dataset/ingest.ts'
import { investigateParts } from '../contract-rows.ts'
import { type PlantedFile, plantedFile } from './file.ts'
import { type Listing, listedCsv, ocdsPart, ocdsReleases, type Tongue } from './forms.ts'
import { type Score, score } from './score.ts'

/** The findings in one form of a planted file, read as an upload is. */
export interface Reading {
  form: string
  lines: number
  rows: number
  contracts: number
  scores: Score[]
}

type Form = readonly [Listing, Tongue] | 'ocds'

/** All forms in which a planted file is written. */
export const FORMS: readonly Form[] = [
  ['amendments', 'pt'],
  ['amendments', 'es'],
  ['amendments', 'en'],
  ['stages', 'pt'],
  ['stages', 'es'],
  ['stages', 'en'],
  'ocds',
]

const read = async (
  form: string,
  file: PlantedFile,
  text: string,
  contentType: 'text/csv' | 'application/json',
) => {
  const workDir = await mkdtemp(join(tmpdir(), 'planted-'))
  try {
    const path = join(workDir, 'body')
    await writeFile(path, text)
    const limits = { gzip: false, maxInflatedBytes: 2 ** 30, threads: 1, memoryLimit: '256MB' }
    const report = await ingest(
      { path, workDir, contentType, ...limits, currency: 'BRL' },
      { signal: new AbortController().signal },
    )
    const { findings } = await investigateParts(report.parts)
    const { lines, rows } = report
    return { form, lines, rows, contracts: file.contracts.length, scores: score(file, findings) }
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
}

/** Reads a planted file in several forms, one after the other, and scores what is found in each. */
export async function* scoreReadings(
  seed: number,
  rows: number,
  forms: readonly Form[] = FORMS,
): AsyncGenerator<Reading> {
  const file = plantedFile(seed, rows)
  const told = ocdsPart(file)
  for (const form of forms)
    yield form === 'ocds'
      ? await read('OCDS releases', told, ocdsReleases(told), 'application/json')
      : await read(form.join(', '), file, listedCsv(file, ...form), 'text/csv')
}
