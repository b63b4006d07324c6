import { useClient } from '@tributary/client/react'
import { useMemo, useState } from 'react'
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

/** Reads the reviews of an investigation, again whenever the reader comes back to the page, since others review too. */
export const useReviews = (investigation: string): Reviewing => {
  const client = useClient()
  const { words } = useWords()
  const { offer } = useUndo()
  const base = `/api/v1/investigations/${encodeURIComponent(investigation)}/anomalies` as const
  const { value, reload } = useLoad(`reviews/${investigation}`, async () => {
    const reviewed = await pagesOf<Finding & { review: Review }>(client, `${base}?reviewed=true&limit=1000`)
    setOwn(new Map())
    return new Map(reviewed.map(({ anomaly_id, review }) => [anomaly_id, review]))
  })
  /** Reviews given or taken back here since the last reading. */
  const [own, setOwn] = useState<ReadonlyMap<string, Review | undefined>>(new Map())
  const [error, setError] = useState<Error>()
  useReturn(reload)

  const reviews = useMemo(() => {
    const all = new Map<string, Review>(value)
    for (const [id, review] of own) {
      if (review) all.set(id, review)
      else all.delete(id)
    }
    return all
  }, [value, own])

  const change = async (id: string, said: { verdict: Verdict; note: string } | undefined): Promise<void> => {
    const path = `${base}/${encodeURIComponent(id)}/review` as const
    const given = said ? await client.api.put(path, said) : undefined
    if (!said) await client.api.delete(path)
    setOwn((all) => new Map(all).set(id, given))
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
