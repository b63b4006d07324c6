import { useClient } from '@tributary/client/react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useLoad } from '../parts/load.ts'
import { useReturn } from '../parts/return.ts'
import { useUndo } from '../parts/undo.tsx'
import { useWords } from '../words/words.tsx'
import { pagesOf } from './pages.ts'
import type { Finding, Review, Verdict } from './shapes.ts'

/** Reviews of one investigation's findings, and the way to change them. */
export interface Reviewing {
  reviews: ReadonlyMap<string, Review>
  error: Error | undefined
  /** Reviews a finding in place of its review before; undefined takes that back. Can be undone. */
  review(id: string, said: { verdict: Verdict; note: string } | undefined): Promise<void>
}

/** A review as the investigation's channel tells it, null for one that was taken back. */
interface Told {
  anomaly_id: string
  review: Review | null
}

/** Reads the reviews of an investigation, and follows those that anybody gives or takes back. */
export const useReviews = (investigation: string): Reviewing => {
  const client = useClient()
  const { words } = useWords()
  const { offer } = useUndo()
  const base = `/api/v1/investigations/${encodeURIComponent(investigation)}/anomalies` as const
  /** Reviews given or taken back since the last reading, here and elsewhere. */
  const [since, setSince] = useState<ReadonlyMap<string, Review | undefined>>(new Map())
  const newest = useRef(since)
  newest.current = since
  const { value, reload } = useLoad(`reviews/${investigation}`, async () => {
    const before = newest.current
    const reviewed = await pagesOf<Finding & { review: Review }>(client, `${base}?reviewed=true&limit=1000`)
    // What has come while they were read is newer than they are.
    setSince((all) => new Map([...all].filter(([id, one]) => !before.has(id) || before.get(id) !== one)))
    return new Map(reviewed.map(({ anomaly_id, review }) => [anomaly_id, review]))
  })
  const [error, setError] = useState<Error>()
  useReturn(reload)
  useEffect(() => {
    const subscription = client.subscribe(`reviews:${investigation}`, { recover: 'all' })
    const follow = async (): Promise<void> => {
      for await (const item of subscription) {
        if ('type' in item) reload()
        else {
          const { anomaly_id, review } = item.data as Told
          setSince((all) => new Map(all).set(anomaly_id, review ?? undefined))
        }
      }
    }
    follow().catch(() => undefined)
    return () => subscription.unsubscribe()
  }, [client, investigation, reload])

  const reviews = useMemo(() => {
    const all = new Map<string, Review>(value)
    for (const [id, review] of since) {
      if (review) all.set(id, review)
      else all.delete(id)
    }
    return all
  }, [value, since])

  const change = async (id: string, said: { verdict: Verdict; note: string } | undefined): Promise<void> => {
    const path = `${base}/${encodeURIComponent(id)}/review` as const
    const given = said ? await client.api.put(path, said) : undefined
    if (!said) await client.api.delete(path)
    setSince((all) => new Map(all).set(id, given))
  }
  const review: Reviewing['review'] = async (id, said) => {
    const before = reviews.get(id)
    if (before?.verdict === said?.verdict && before?.note === said?.note) return
    try {
      await change(id, said)
      setError(undefined)
      const verdict = said ? words.investigate.verdicts[said.verdict] : words.investigate.unreviewed
      offer(words.investigate.reviewedAs(verdict), () => change(id, before))
    } catch (failure) {
      setError(failure as Error)
    }
  }
  return { reviews, error, review }
}
