import { useClient } from '@tributary/client/react'
import { useMemo } from 'react'
import { useLoad } from '../parts/load.ts'
import { useWords } from '../words/words.tsx'
import { pagesOf } from './pages.ts'
import type { Finding, Investigation } from './shapes.ts'

/** The findings of a run in the reader's language; a run that is over tells them again in another than its own. */
export const useRetold = (
  findings: readonly Finding[],
  run: Pick<Investigation, 'investigation_id' | 'language'> | undefined,
  isOver: boolean,
): readonly Finding[] => {
  const client = useClient()
  const { language } = useWords()
  const isForeign = isOver && run !== undefined && run.language !== language
  const { value } = useLoad(isForeign ? `${run.investigation_id}/${language}` : undefined, async () => {
    const path = `/api/v1/investigations/${run?.investigation_id}/anomalies?limit=1000&lang=${language}`
    return new Map((await pagesOf<Finding>(client, path)).map((one) => [one.anomaly_id, one]))
  })
  return useMemo(
    () => (value ? findings.map((one) => ({ ...one, ...value.get(one.anomaly_id) })) : findings),
    [findings, value],
  )
}
