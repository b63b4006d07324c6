import type { Datasets } from '../dataset/datasets.ts'
import type { Actor } from '../identity/actor.ts'
import type { Language } from '../language/language.ts'
import { CONTRACT_SQL_TYPES, type Contract, MAPPABLE_COLUMNS } from '../protocol/contract.ts'
import { csvRecord } from '../protocol/csv.ts'
import type { Where } from '../protocol/plan.ts'
import type { LeftOut } from '../question/outcome.ts'
import { type CellKind, spreadsheetText } from '../store/lines/spreadsheet.ts'
import type { KnowledgeBase } from './knowledge.ts'

export interface ContractRowsOptions {
  knowledge: Pick<KnowledgeBase, 'for'>
  datasets: Pick<Datasets, 'contracts' | 'contractsAt' | 'get'>
}

/** Reads the rows of a dataset that a restriction leaves, for callers who may read the dataset. */
export interface ContractRows {
  /**
   * Reads a page of rows in file order.
   * @param page `after`: line of the last row that the client has
   * @throws {Problem} `NOT_FOUND`, `OVERLOADED`
   */
  page(
    actor: Actor,
    id: string,
    where: Where,
    page: { limit: number; after: number },
    signal: AbortSignal,
  ): Promise<{ items: Contract[]; leftOut: LeftOut }>
  /**
   * Writes the rows as CSV (RFC 4180, cells inert), in pieces, and records it in the audit log. Without a restriction
   * nothing is left out.
   * @param spreadsheet language of the spreadsheet that it is for
   * @throws {Problem} `NOT_FOUND`, `OVERLOADED`
   */
  file(
    actor: Actor,
    id: string,
    where: Where,
    spreadsheet: Language | undefined,
    signal: AbortSignal,
  ): Promise<{ pieces: AsyncIterable<string>; leftOut: LeftOut | undefined }>
}

const COLUMNS = ['line', ...MAPPABLE_COLUMNS, 'value'] as const satisfies readonly (keyof Contract)[]
const KINDS: readonly CellKind[] = COLUMNS.map((column) => {
  const type = CONTRACT_SQL_TYPES[column]
  return type === 'DOUBLE' || type === 'BIGINT' ? 'number' : type === 'DATE' ? 'time' : 'text'
})

/** Makes the use cases that read the rows of a restriction. */
export const contractRows = ({ knowledge, datasets }: ContractRowsOptions): ContractRows => {
  async function* written(id: string, lines: readonly number[], signal: AbortSignal): AsyncGenerator<string> {
    yield csvRecord(COLUMNS)
    for await (const rows of datasets.contractsAt(id, lines, signal))
      yield rows.map((row) => csvRecord(COLUMNS.map((column) => row[column]))).join('')
  }

  async function* whole(id: string, signal: AbortSignal): AsyncGenerator<string> {
    yield csvRecord(COLUMNS)
    for (let after = 0; ; ) {
      const rows = await datasets.contracts(id, 1000, after, signal)
      const last = rows.at(-1)
      if (!last) return
      yield rows.map((row) => csvRecord(COLUMNS.map((column) => row[column]))).join('')
      after = last.line
    }
  }

  return {
    async page({ identity }, id, where, { limit, after }, signal) {
      const { lines, leftOut } = await knowledge.for(identity).lines(id, where, { signal })
      const page = lines.filter((line) => line > after).slice(0, limit)
      const rows: Contract[] = []
      for await (const some of datasets.contractsAt(id, page, signal)) rows.push(...some)
      return { items: rows, leftOut }
    },

    async file({ identity, audit }, id, where, spreadsheet, signal) {
      // Without filters all rows come, also those that questions leave out: the commitments of a listed contract.
      const restricted =
        Object.keys(where).length > 0 ? await knowledge.for(identity).lines(id, where, { signal }) : undefined
      const lines = restricted?.lines
      await audit.append('data.exported', {
        resource_type: 'dataset',
        resource_id: id,
        details: { where, rows: lines?.length ?? (await datasets.get(id))?.rows ?? 0 },
      })
      const pieces = lines ? written(id, lines, signal) : whole(id, signal)
      return {
        pieces: spreadsheet === undefined ? pieces : spreadsheetText(pieces, spreadsheet, KINDS),
        leftOut: restricted?.leftOut,
      }
    },
  }
}
