import type { Selectable } from 'kysely'
import type { InvestigationTable } from '../store/schema.ts'

/** Holds an investigation as the store has it. */
export type InvestigationRow = Selectable<InvestigationTable>
