import { useClient } from '@tributary/client/react'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { useFormat } from '../parts/format.ts'
import { useLoad } from '../parts/load.ts'
import { Failure, Loading, Scroll } from '../parts/parts.tsx'
import { useWords } from '../words/words.tsx'
import { type Contract, contractsNumbered, contractsOf, MOST_CONTRACTS } from './contracts.ts'
import { currencyOf } from './findings.ts'
import type { Finding } from './shapes.ts'

type Evidenced = NonNullable<Finding['evidence']['contracts']>[number]

/** So many contracts stand side by side, with all that the file says of them; more of them stand below each other. */
const FEW = 3
/** Contracts shown before the reader asks for all. */
const FIRST = 12

/**
 * The rows of the file from which contracts were read: a few are asked for at once, by their numbers; for more of them
 * the file is read once the reader asks.
 */
const useRows = (dataset: string | undefined, contracts: readonly Evidenced[]) => {
  const client = useClient()
  const [isAsked, setAsked] = useState(false)
  const numbers = contracts.flatMap(({ contract_number }) => contract_number ?? [])
  const isFew = contracts.length <= FEW && numbers.length === contracts.length
  const key = dataset === undefined || !(isFew || isAsked) ? undefined : `${dataset} ${numbers.join(' ')}`
  const { value, error, isLoading, reload } = useLoad(key, async () => {
    const found = isFew
      ? await contractsNumbered(client, dataset ?? '', numbers)
      : (await contractsOf(client, dataset ?? '')).contracts
    return new Map(found.map((one) => [one.contract_id, one]))
  })
  return { rows: value, error, isLoading, reload, ...(key === undefined && { ask: () => setAsked(true) }) }
}

/** One field of the compared contracts: its name, its text, and what decides whether two of them are equal. */
interface Field {
  name: string
  label: string
  of(contract: Evidenced, row: Contract | undefined): string | number | null | undefined
  show?(value: string | number): string
  isFigure?: boolean
}

const useFields = (finding: Finding): Field[] => {
  const { words } = useWords()
  const { money, day } = useFormat()
  const { investigate: say } = words
  return [
    { name: 'date', label: say.date, of: ({ date }) => date, show: (value) => day(String(value)) },
    {
      name: 'value',
      label: say.value,
      of: ({ value }) => value,
      show: (value) => money(Number(value), currencyOf(finding)),
      isFigure: true,
    },
    { name: 'object', label: say.object, of: ({ object }) => object },
    { name: 'supplier', label: say.supplier, of: (_, row) => row?.supplier_name },
    { name: 'buyer', label: say.buyer, of: (_, row) => row?.buyer_name },
    { name: 'process', label: say.process, of: (_, row) => row?.process_number },
    { name: 'modality', label: say.modality, of: (_, row) => row?.modality },
  ]
}

/** Tells whether all contracts have the same value in a field. */
const isSame = (
  { of }: Field,
  contracts: readonly Evidenced[],
  rows: ReadonlyMap<string, Contract> | undefined,
): boolean => {
  const [first, ...others] = contracts.map((one) => of(one, rows?.get(one.contract_id)))
  return first != null && others.length > 0 && others.every((value) => value === first)
}

/** Marks a field that is the same in all. */
const Equal = () => {
  const { words } = useWords()
  return (
    <span role="img" aria-label={words.investigate.equal} title={words.investigate.equal}>
      {' ='}
    </span>
  )
}

/** Contracts as columns, their fields as rows. */
const SideBySide = ({
  contracts,
  rows,
  fields,
}: {
  contracts: readonly Evidenced[]
  rows: ReadonlyMap<string, Contract> | undefined
  fields: readonly Field[]
}) => {
  const { words } = useWords()
  const { investigate: say } = words
  const shown = fields.filter(({ of }) =>
    contracts.some((one) => of(one, rows?.get(one.contract_id)) != null),
  )
  return (
    <table className="beside">
      <thead>
        <tr>
          <th scope="col">{say.contract}</th>
          {contracts.map(({ contract_id, contract_number }) => (
            <th key={contract_id} scope="col">
              {contract_number ?? contract_id}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {shown.map((field) => {
          const same = isSame(field, contracts, rows)
          return (
            <tr key={field.name} className={same ? 'same' : undefined}>
              <th scope="row">
                {field.label}
                {same && <Equal />}
              </th>
              {contracts.map((one) => {
                const value = field.of(one, rows?.get(one.contract_id))
                return <td key={one.contract_id}>{value == null ? words.none : textOf(field, value)}</td>
              })}
            </tr>
          )
        })}
        {rows && (
          <tr>
            <th scope="row">{say.lineNumbers}</th>
            {contracts.map(({ contract_id }) => (
              <td key={contract_id}>{rows.get(contract_id)?.source_lines.join(', ') ?? words.none}</td>
            ))}
          </tr>
        )}
      </tbody>
    </table>
  )
}

const textOf = ({ show }: Field, value: string | number): ReactNode => show?.(value) ?? value

/** Contracts as rows, the finding's own first. */
const Listed = ({
  contracts,
  rows,
  fields,
  own,
}: {
  contracts: readonly Evidenced[]
  rows: ReadonlyMap<string, Contract> | undefined
  fields: readonly Field[]
  own: string | null
}) => {
  const { words } = useWords()
  const { number } = useFormat()
  const { investigate: say } = words
  const [isAll, setAll] = useState(false)
  const shown = fields.filter(({ of }) => contracts.some((one) => of(one, undefined) != null))
  const same = new Set(shown.filter((field) => isSame(field, contracts, rows)).map(({ name }) => name))
  const ordered = [
    ...contracts.filter(({ contract_id }) => contract_id === own),
    ...contracts.filter(({ contract_id }) => contract_id !== own),
  ]
  return (
    <>
      <table>
        <thead>
          <tr>
            <th scope="col">{say.contract}</th>
            {shown.map(({ name, label, isFigure }) => (
              <th key={name} scope="col" className={isFigure ? 'figure' : undefined}>
                {label}
                {same.has(name) && <Equal />}
              </th>
            ))}
            {rows && <th scope="col">{say.lineNumbers}</th>}
          </tr>
        </thead>
        <tbody>
          {ordered.slice(0, isAll ? undefined : FIRST).map((one) => (
            <tr key={one.contract_id} className={one.contract_id === own ? 'own' : undefined}>
              <th scope="row">{one.contract_number ?? one.contract_id}</th>
              {shown.map((field) => {
                const value = field.of(one, undefined)
                const classes = [field.isFigure && 'figure', same.has(field.name) && 'same'].filter(Boolean)
                return (
                  <td key={field.name} className={classes.join(' ') || undefined}>
                    {value == null ? words.none : textOf(field, value)}
                  </td>
                )
              })}
              {rows && (
                <td>{rows.get(one.contract_id)?.source_lines.join(', ') ?? say.notAmong(MOST_CONTRACTS)}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {!isAll && ordered.length > FIRST && (
        <button type="button" onClick={() => setAll(true)}>
          {say.moreOf(number(ordered.length - FIRST))}
        </button>
      )}
    </>
  )
}

/** The contracts that a finding compares, side by side, what is the same in all of them marked. */
export const Compared = ({ finding, dataset }: { finding: Finding; dataset: string | undefined }) => {
  const { words } = useWords()
  const { investigate: say } = words
  const contracts = finding.evidence.contracts ?? []
  const { rows, error, isLoading, reload, ask } = useRows(dataset, contracts)
  const fields = useFields(finding)
  if (contracts.length === 0) return null
  return (
    <section>
      <h3>{contracts.length === 1 ? say.contract : say.compared}</h3>
      <Scroll>
        {contracts.length <= FEW ? (
          <SideBySide contracts={contracts} rows={rows} fields={fields} />
        ) : (
          <Listed contracts={contracts} rows={rows} fields={fields} own={finding.contract_id} />
        )}
      </Scroll>
      {contracts.length > 1 && fields.some((field) => isSame(field, contracts, rows)) && (
        <p className="muted">= {say.equal}</p>
      )}
      {isLoading && <Loading />}
      {error && <Failure error={error} retry={reload} />}
      {dataset && (
        <p className="actions">
          {ask && (
            <button type="button" onClick={ask}>
              {say.sourceLines}
            </button>
          )}
          <Link className="button" href={`/datasets/${encodeURIComponent(dataset)}`}>
            {say.toDataset}
          </Link>
        </p>
      )}
    </section>
  )
}
