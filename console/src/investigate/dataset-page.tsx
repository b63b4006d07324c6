import { useClient } from '@tributary/client/react'
import { useLocation } from 'wouter'
import { useLoad } from '../parts/load.ts'
import { Failure, Loading } from '../parts/parts.tsx'
import { useWords } from '../words/words.tsx'
import type { Dataset } from './shapes.ts'
import { Understood } from './understood.tsx'

/** One file: how it was understood, and the way to an investigation of it. */
export default function DatasetPage({ id }: { id: string }) {
  const client = useClient()
  const { words, language } = useWords()
  const [, navigate] = useLocation()
  const { value, error, isLoading, reload } = useLoad(
    id,
    () => client.api.get(`/api/v1/datasets/${encodeURIComponent(id)}`) as Promise<Dataset>,
  )
  const start = async (): Promise<void> => {
    const run = client.investigate({ query: words.investigate.queryDefault, dataset_id: id, language })
    try {
      const { investigation_id } = await run.started
      navigate(`/investigations/${investigation_id}`)
    } finally {
      run.detach()
    }
  }
  return (
    <div className="page">
      {isLoading && <Loading />}
      {error && <Failure error={error} retry={reload} />}
      {value && <Understood dataset={value} onStart={start} />}
    </div>
  )
}
