import type { Contract } from '../../../src/protocol/contract.ts'
import { addBackground } from './background.ts'
import { type Decoy, draft, type Planted } from './draft.ts'
import { plantDuplicates } from './duplicates.ts'
import { plantConcentration, plantDigits, plantMonths } from './groups.ts'
import { plantGrowth } from './growth.ts'
import { plantPrices } from './prices.ts'
import { random } from './random.ts'
import { plantSplits } from './splits.ts'

export interface PlantedFile {
  contracts: Contract[]
  planted: Planted[]
  decoys: Decoy[]
}

/**
 * A synthetic file of about `rows` contracts with cases planted for every rule and a decoy for every
 * exception, and the truth about them. Written from the text of the rules, not from the queries.
 */
export const plantedFile = (seed: number, rows: number): PlantedFile => {
  const file = draft(random(seed))
  for (const plant of [
    plantPrices,
    plantGrowth,
    plantDuplicates,
    plantSplits,
    plantConcentration,
    plantMonths,
    plantDigits,
  ]) {
    plant(file)
  }
  addBackground(file, Math.max(rows - file.rows.length, 0))
  return { contracts: file.random.shuffle(file.rows), planted: file.planted, decoys: file.decoys }
}
