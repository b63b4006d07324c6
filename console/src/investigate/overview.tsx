import { useClient } from '@tributary/client/react'
import { useMemo } from 'react'
import { Bars, Columns } from '../parts/chart.tsx'
import { useFormat } from '../parts/format.ts'
import { useLoad } from '../parts/load.ts'
import { Failure, Loading } from '../parts/parts.tsx'
import { useWords } from '../words/words.tsx'
import { contractsOf, MOST_CONTRACTS } from './contracts.ts'
import {
  atStakeBySupplier,
  firstDigits,
  growthAgainstLimit,
  mainCurrency,
  moneyOverTime,
  shareBySupplier,
} from './figures.ts'
import { currencyOf } from './findings.ts'
import type { Finding } from './shapes.ts'

const MOST_BARS = 8

/** The file that the findings come from: money over time, shares of suppliers, first digits. */
export const WholeFile = ({ dataset }: { dataset: string }) => {
  const client = useClient()
  const { words } = useWords()
  const { money, percent, number } = useFormat()
  const { investigate: say } = words
  const { value, error, isLoading, reload } = useLoad(`contracts/${dataset}`, () =>
    contractsOf(client, dataset),
  )
  const shown = useMemo(() => {
    const contracts = value?.contracts ?? []
    const currency = mainCurrency(contracts.map((one) => one.currency))
    return {
      currency,
      time: moneyOverTime(contracts, currency),
      suppliers: shareBySupplier(contracts, currency, MOST_BARS),
      digits: firstDigits(contracts, currency),
    }
  }, [value])
  if (isLoading) return <Loading />
  if (error) return <Failure error={error} retry={reload} />
  return (
    <>
      {value?.isWhole === false && <p className="muted">{say.firstRows(number(MOST_CONTRACTS))}</p>}
      <div className="columns">
        {shown.time.length > 1 && (
          <Columns
            title={say.moneyOverTime}
            rows={shown.time}
            format={(amount) => money(amount, shown.currency)}
          />
        )}
        {shown.suppliers.length > 0 && (
          <Bars title={say.shareBySupplier} rows={shown.suppliers} format={percent} />
        )}
        {shown.digits.length > 0 && (
          <Columns title={say.firstDigits} rows={shown.digits} format={percent} against={say.benford} />
        )}
      </div>
    </>
  )
}

/** Draws the findings and the whole file: who has most at stake, what grew, where the money went. */
export const Overview = ({
  findings,
  dataset,
  onSupplier,
}: {
  findings: readonly Finding[]
  dataset: string | undefined
  /** Shows the findings of one supplier. */
  onSupplier(supplier: string): void
}) => {
  const { words } = useWords()
  const { money, percent } = useFormat()
  const { investigate: say } = words
  const { atStake, growth, currency } = useMemo(() => {
    const main = mainCurrency(findings.filter((one) => one.financial_impact !== null).map(currencyOf))
    return {
      atStake: atStakeBySupplier(findings, main, MOST_BARS),
      growth: growthAgainstLimit(findings, MOST_BARS),
      currency: main,
    }
  }, [findings])
  return (
    <div className="overview">
      <div className="columns">
        {atStake.length > 0 && (
          <Bars
            title={say.bySupplier}
            rows={atStake}
            format={(amount) => money(amount, currency)}
            onPick={onSupplier}
          />
        )}
        {growth.length > 0 && <Bars title={say.growth} rows={growth} format={percent} against={say.limit} />}
      </div>
      {dataset && (
        <section>
          <h2>{say.wholeFile}</h2>
          <WholeFile dataset={dataset} />
        </section>
      )}
    </div>
  )
}
