import { useClient } from '@tributary/client/react'
import { useQuery } from '../parts/address.ts'
import { useLoad } from '../parts/load.ts'
import { Failure, Loading } from '../parts/parts.tsx'
import { useTitle } from '../parts/title.ts'
import { useWords } from '../words/words.tsx'
import { WholeFile } from './overview.tsx'
import type { Dataset, Investigation } from './shapes.ts'
import { Understood } from './understood.tsx'

/** One file: how it was understood, and the way to an investigation of it, or to one more after `?again=`. */
export default function DatasetPage({ id }: { id: string }) {
  const client = useClient()
  const { words, language } = useWords()
  const [query] = useQuery()
  const again = query.get('again') ?? undefined
  const { value, error, isLoading, reload } = useLoad(
    `${id}/${language}`,
    async () => (await client.api.get(`/api/v1/datasets/${encodeURIComponent(id)}`)) as Dataset,
  )
  useTitle(value?.name)
  const before = useLoad(
    again,
    async () =>
      (await client.api.get(`/api/v1/investigations/${encodeURIComponent(again ?? '')}`)) as Investigation,
  )
  return (
    <div className="page">
      <h1 title={value?.name}>{value?.name ?? words.investigate.title}</h1>
      {isLoading && <Loading />}
      {error && <Failure error={error} retry={reload} />}
      {before.error && <Failure error={before.error} retry={before.reload} />}
      {value && !before.isLoading && (
        <>
          <Understood dataset={value} before={before.value} />
          <WholeFile dataset={id} />
        </>
      )}
    </div>
  )
}
