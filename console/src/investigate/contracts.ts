import type { TributaryClient } from '@tributary/client'
import type { Page } from './shapes.ts'

/** A row of a dataset, in those canonical columns that the console looks at. */
export interface Contract {
  line: number
  contract_id: string
  contract_number: string | null
  process_number?: string | null
  modality?: string | null
  supplier_name: string | null
  buyer_name: string | null
  signed_at: string | null
  start_at: string | null
  currency: string
  value: number | null
  source_lines: number[]
}

/** Rows of one dataset that a page reads. */
export const MOST_CONTRACTS = 20_000
const PAGE = 1000

/** A dataset's rows; `isWhole` is false where it has more of them than a page reads. */
export interface Contracts {
  contracts: readonly Contract[]
  isWhole: boolean
}

const read = async (client: TributaryClient, dataset: string): Promise<Contracts> => {
  const contracts: Contract[] = []
  let after = '0'
  while (contracts.length < MOST_CONTRACTS) {
    const path =
      `/api/v1/datasets/${encodeURIComponent(dataset)}/contracts?limit=${PAGE}&after=${after}` as const
    const page = (await client.api.get(path)) as Page<Contract>
    contracts.push(...page.items)
    if (page.next === null) return { contracts, isWhole: true }
    after = page.next
  }
  return { contracts, isWhole: false }
}

/** The newest dataset that was read; datasets never change. */
let newest: { dataset: string; reading: Promise<Contracts> } | undefined

/** Reads a dataset's rows, once for all who look at the same. */
export const contractsOf = (client: TributaryClient, dataset: string): Promise<Contracts> => {
  if (newest?.dataset !== dataset) {
    const reading = read(client, dataset)
    newest = { dataset, reading }
    reading.catch(() => {
      newest = undefined
    })
  }
  return newest.reading
}

/** Reads the rows of a few contracts by their numbers, which need not be theirs alone. */
export const contractsNumbered = async (
  client: TributaryClient,
  dataset: string,
  numbers: readonly string[],
): Promise<Contract[]> => {
  const pages = await Promise.all(
    numbers.map(
      async (number) =>
        (await client.api.get(
          `/api/v1/datasets/${encodeURIComponent(dataset)}/contracts?limit=${PAGE}&number=${encodeURIComponent(number)}`,
        )) as Page<Contract>,
    ),
  )
  return pages.flatMap(({ items }) => items)
}
