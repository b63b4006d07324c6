import { investigate } from '../test/support/contract-rows.ts'
import { plantedFile } from '../test/support/planted/file.ts'
import { scoreReadings } from '../test/support/planted/readings.ts'
import { type Score, score } from '../test/support/planted/score.ts'
import million from './investigation.ts'

const SEEDS = [1, 2, 3, 4, 5]
const ROWS = 30_000
/**
 * Measures precision and recall of every type over planted files of several seeds, then over one file as portals list
 * it, read as an upload is, then speed over a million rows.
 */
export default async (log: (line: string) => void): Promise<void> => {
  const totals = new Map<
    string,
    Pick<Score, 'planted' | 'reported' | 'right' | 'decoys' | 'missed' | 'wrong'>
  >()
  for (const seed of SEEDS) {
    const file = plantedFile(seed, ROWS)
    const { findings } = await investigate(file.contracts)
    for (const one of score(file, findings)) {
      const so = totals.get(one.type) ?? {
        planted: 0,
        reported: 0,
        right: 0,
        decoys: [],
        missed: [],
        wrong: [],
      }
      totals.set(one.type, {
        planted: so.planted + one.planted,
        reported: so.reported + one.reported,
        right: so.right + one.right,
        decoys: [...so.decoys, ...one.decoys],
        missed: [...so.missed, ...one.missed],
        wrong: [...so.wrong, ...one.wrong],
      })
    }
  }
  log(`${SEEDS.length} seeds of ${ROWS} rows`)
  log('type                   planted  reported  precision  recall  decoys reported')
  for (const [type, total] of totals) {
    const precision = total.reported === 0 ? 1 : total.right / total.reported
    const figures = [
      total.planted,
      total.reported,
      precision.toFixed(3),
      (total.right / total.planted).toFixed(3),
    ]
    log(
      `${type.padEnd(22)} ${figures.map((figure) => String(figure).padStart(8)).join(' ')} ` +
        `${total.decoys.length}`,
    )
    for (const decoy of total.decoys) log(`  decoy reported: ${decoy}`)
    for (const key of total.missed) log(`  missed: ${key}`)
    for (const key of total.wrong) log(`  not planted: ${key}`)
  }
  log(`read from files of ${ROWS} rows: precision and recall of each type, decoys reported`)
  for await (const { form, lines, rows, scores } of scoreReadings(1, ROWS)) {
    const figures = scores.map(
      ({ type, precision, recall, decoys }) =>
        `${type} ${precision.toFixed(3)} ${recall.toFixed(3)} ${decoys.length}`,
    )
    log(`${form}, ${lines} lines, ${rows} contracts: ${figures.join(', ')}`)
  }
  await million(log)
}
