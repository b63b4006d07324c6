import type { Selectable } from 'kysely'
import type { InvestigationTable } from '../store/schema.ts'

/** An investigation as the store has it. */
export type InvestigationRow = Selectable<InvestigationTable>
