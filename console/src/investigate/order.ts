import type { InvestigationInput } from '@tributary/client'
import { useClient } from '@tributary/client/react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useWords } from '../words/words.tsx'
import type { Investigation, Rule } from './shapes.ts'

/** The rules and thresholds that an investigation begins with; nothing stands for all of them, as they are. */
export interface Order {
  query?: string | undefined
  /** Rules left out. */
  without: readonly Rule['anomaly_type'][]
  /** Thresholds that differ from the rules' own, by rule and name. */
  thresholds: Readonly<Partial<Record<Rule['anomaly_type'], Readonly<Record<string, number>>>>>
}

export const AS_USUAL: Order = { without: [], thresholds: {} }

/** The order of a run that was before, so that it can be changed and run again. */
export const orderOf = (run: Investigation, rules: readonly Rule[]): Order => ({
  query: run.query,
  without: rules.map(({ anomaly_type }) => anomaly_type).filter((type) => !run.anomaly_types.includes(type)),
  thresholds: run.thresholds,
})

/** The parts of a request that an order decides. */
const asked = ({ query, without, thresholds }: Order, rules: readonly Rule[]) => ({
  ...(query !== undefined && query.trim() !== '' && { query }),
  ...(without.length > 0 && {
    anomaly_types: rules.map(({ anomaly_type }) => anomaly_type).filter((type) => !without.includes(type)),
  }),
  ...(Object.values(thresholds).some((own) => Object.keys(own ?? {}).length > 0) && {
    thresholds: thresholds as Record<string, Record<string, number>>,
  }),
})

/** The data of an investigation: a dataset, or what a portal's API has. */
export type Subject = Pick<InvestigationInput, 'dataset_id' | 'data_source' | 'filters'>

/** Starts investigations and goes to them. @param before the run to compare the new one with */
export const useStart = (before?: string) => {
  const client = useClient()
  const { words, language } = useWords()
  const [, navigate] = useLocation()
  const [isStarting, setStarting] = useState(false)
  const [error, setError] = useState<Error>()
  const start = async (subject: Subject, order = AS_USUAL, rules: readonly Rule[] = []): Promise<void> => {
    setError(undefined)
    setStarting(true)
    const run = client.investigate({
      query: words.investigate.queryDefault,
      ...subject,
      ...asked(order, rules),
      language,
    })
    try {
      const { investigation_id: id } = await run.started
      navigate(before === undefined ? `/investigations/${id}` : `/investigations/${id}/compare/${before}`)
    } catch (failure) {
      setError(failure as Error)
    } finally {
      setStarting(false)
      run.detach()
    }
  }
  return { start, isStarting, error }
}
