import { useClient } from '@tributary/client/react'
import { Link } from 'wouter'
import { useFormat } from '../parts/format.ts'
import { useLoad } from '../parts/load.ts'
import { Failure, Loading } from '../parts/parts.tsx'
import { RemoveButton, useRemoval } from '../parts/removal.tsx'
import { useUser } from '../session.tsx'
import { useWords } from '../words/words.tsx'
import { useStart } from './order.ts'
import type { Dataset, Investigation, Page } from './shapes.ts'
import { SourceForm } from './source-form.tsx'
import { Upload } from './upload.tsx'

const Recent = () => {
  const client = useClient()
  const { words } = useWords()
  const { moment, number } = useFormat()
  const { hidden, remove } = useRemoval()
  const { value, error, isLoading, reload } = useLoad(
    'investigations',
    async () => (await client.api.get('/api/v1/investigations?limit=50')) as Page<Investigation>,
  )
  const shown = value?.items.filter(({ investigation_id: id }) => !hidden.has(id))
  return (
    <section aria-labelledby="recent">
      <h2 id="recent">{words.investigate.recent}</h2>
      {isLoading && <Loading />}
      {error && <Failure error={error} retry={reload} />}
      {shown?.length === 0 && <p className="empty">{words.investigate.noRecent}</p>}
      <ul className="cards">
        {shown?.map(({ investigation_id: id, query, status, anomalies_detected, created_at }) => (
          <li key={id}>
            <Link href={`/investigations/${id}`}>
              <strong>{query}</strong>
              <span className={`badge ${status}`}>{words.investigate.status[status]}</span>
              <small>
                {words.investigate.count(number(anomalies_detected), number(anomalies_detected))} ·{' '}
                {moment(created_at)}
              </small>
            </Link>
            {(status === 'completed' || status === 'failed' || status === 'cancelled') && (
              <RemoveButton
                name={query}
                onClick={() => remove(id, query, () => client.api.delete(`/api/v1/investigations/${id}`))}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

const Datasets = ({ onStart }: { onStart(datasetId: string): void }) => {
  const client = useClient()
  const { words } = useWords()
  const { number } = useFormat()
  const { user } = useUser()
  const { hidden, remove } = useRemoval()
  const { value, error, isLoading, reload } = useLoad(
    'datasets',
    async () => (await client.api.get('/api/v1/datasets?limit=50')) as Page<Dataset>,
  )
  const shown = value?.items.filter(({ dataset_id: id }) => !hidden.has(id))
  return (
    <section aria-labelledby="datasets">
      <h2 id="datasets">{words.investigate.datasets}</h2>
      {isLoading && <Loading />}
      {error && <Failure error={error} retry={reload} />}
      <ul className="cards">
        {shown?.map(({ dataset_id: id, name, rows, synthetic }) => (
          <li key={id}>
            <Link href={`/datasets/${encodeURIComponent(id)}`}>
              <strong>{name}</strong>
              {synthetic && (
                <span className="badge" title={words.investigate.syntheticWhy}>
                  {words.investigate.synthetic}
                </span>
              )}
              <small>
                {words.investigate.rows}: {number(rows)}
              </small>
            </Link>
            {synthetic ? (
              <button type="button" onClick={() => onStart(id)}>
                {words.investigate.sample}
              </button>
            ) : (
              user.role !== 'viewer' && (
                <RemoveButton
                  name={name}
                  onClick={() => remove(id, name, () => client.api.delete(`/api/v1/datasets/${id}`))}
                />
              )
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The page one begins on: a file in, an investigation out. */
export const Home = () => {
  const { words } = useWords()
  const { start, error } = useStart()
  return (
    <div className="page home">
      <h1>{words.investigate.title}</h1>
      <Upload />
      <SourceForm />
      {error && <Failure error={error} />}
      <div className="columns">
        <Recent />
        <Datasets onStart={(dataset_id) => void start({ dataset_id })} />
      </div>
    </div>
  )
}
