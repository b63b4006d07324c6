import { useClient } from '@tributary/client/react'
import { useState } from 'react'
import { Link } from 'wouter'
import { useFormat } from '../parts/format.ts'
import { Failure, Loading, Scroll } from '../parts/parts.tsx'
import { useWords } from '../words/words.tsx'
import { type Contract, contractsOf, MOST_CONTRACTS } from './contracts.ts'
import { currencyOf } from './findings.ts'
import type { Finding } from './shapes.ts'

type Evidenced = NonNullable<Finding['evidence']['contracts']>[number]

/** The columns in which all compared contracts have the same value. */
const sameIn = (contracts: readonly Evidenced[]): ReadonlySet<string> =>
  new Set(
    contracts.length < 2
      ? []
      : (['value', 'date', 'object'] as const).filter((name) =>
          contracts.every((one) => one[name] !== null && one[name] === contracts[0]?.[name]),
        ),
  )

/** The lines of the file from which each contract was read, once somebody asks for them. */
const useSourceLines = (dataset: string | undefined) => {
  const client = useClient()
  const [found, setFound] = useState<ReadonlyMap<string, Contract> | 'loading' | Error>()
  const look = async (): Promise<void> => {
    if (dataset === undefined) return
    setFound('loading')
    try {
      const { contracts } = await contractsOf(client, dataset)
      setFound(new Map(contracts.map((one) => [one.contract_id, one])))
    } catch (error) {
      setFound(error as Error)
    }
  }
  return { found, look: () => void look() }
}

/** The contracts that a finding compares, side by side, what is the same in all of them marked. */
export const Compared = ({ finding, dataset }: { finding: Finding; dataset: string | undefined }) => {
  const { words } = useWords()
  const { money, day } = useFormat()
  const { investigate: say } = words
  const { found, look } = useSourceLines(dataset)
  const lines = found instanceof Map ? found : undefined
  const contracts = finding.evidence.contracts ?? []
  const same = sameIn(contracts)
  if (contracts.length === 0) return null
  const mark = (name: string) => (same.has(name) ? { className: 'same', title: say.equal } : {})
  return (
    <section>
      <h3>{say.compared}</h3>
      <Scroll>
        <table>
          <thead>
            <tr>
              <th scope="col">{say.contract}</th>
              <th scope="col">{say.date}</th>
              <th scope="col" className="figure">
                {say.value}
              </th>
              <th scope="col">{say.object}</th>
              {lines && <th scope="col">{say.lineNumbers}</th>}
            </tr>
          </thead>
          <tbody>
            {contracts.map((contract) => (
              <tr key={contract.contract_id}>
                <th scope="row">{contract.contract_number ?? contract.contract_id}</th>
                <td {...mark('date')}>{contract.date ? day(contract.date) : words.none}</td>
                <td {...mark('value')} className={same.has('value') ? 'figure same' : 'figure'}>
                  {money(contract.value, currencyOf(finding))}
                </td>
                <td {...mark('object')}>{contract.object ?? words.none}</td>
                {lines && (
                  <td>
                    {lines.get(contract.contract_id)?.source_lines.join(', ') ?? say.notAmong(MOST_CONTRACTS)}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {same.size > 0 && (
        <p className="muted">
          <span className="same">{say.equal}</span>
        </p>
      )}
      {found === 'loading' && <Loading />}
      {found instanceof Error && <Failure error={found} retry={look} />}
      {dataset && (
        <p className="actions">
          {found === undefined && (
            <button type="button" onClick={look}>
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
