import { useClient } from '@tributary/client/react'
import { Link } from 'wouter'
import { useFormat } from '../parts/format.ts'
import { type Loaded, useLoad } from '../parts/load.ts'
import { Failure, Loading } from '../parts/parts.tsx'
import { RemoveButton, useRemoval } from '../parts/removal.tsx'
import { useTitle } from '../parts/title.ts'
import { useUser } from '../session.tsx'
import { useWords } from '../words/words.tsx'
import { useStart } from './order.ts'
import { type Dataset, type Investigation, isEnd, type Page, titleOf } from './shapes.ts'
import { SourceForm } from './source-form.tsx'
import { Upload } from './upload.tsx'

const Recent = ({ fileOf }: { fileOf: ReadonlyMap<string, string> }) => {
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
      {shown?.length === 0 && (
        <div className="empty">
          <p>{words.investigate.noRecent}</p>
          <ol className="steps">
            {words.signIn.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </div>
      )}
      <ul className="cards">
        {shown?.map((run) => {
          const { investigation_id: id, status, anomalies_detected, created_at, dataset_id } = run
          const file = fileOf.get(dataset_id ?? '')
          const title = titleOf(run, file) ?? id
          return (
            <li key={id}>
              <Link href={`/investigations/${id}`} title={title}>
                <strong>{title}</strong>
                {status !== 'completed' && (
                  <span className={`badge ${status}`}>{words.investigate.status[status]}</span>
                )}
                <small>
                  {[
                    words.investigate.count(number(anomalies_detected), number(anomalies_detected)),
                    file === title ? undefined : file,
                    moment(created_at),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </small>
              </Link>
              {isEnd(status) && (
                <RemoveButton
                  name={title}
                  onClick={() => remove(id, title, () => client.api.delete(`/api/v1/investigations/${id}`))}
                />
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

const Datasets = ({
  datasets: { value, error, isLoading, reload },
  onStart,
}: {
  datasets: Loaded<Page<Dataset>>
  onStart(datasetId: string): void
}) => {
  const client = useClient()
  const { words } = useWords()
  const { number } = useFormat()
  const { user } = useUser()
  const { hidden, remove } = useRemoval()
  const shown = value?.items.filter(({ dataset_id: id }) => !hidden.has(id))
  return (
    <section aria-labelledby="datasets">
      <h2 id="datasets">{words.investigate.datasets}</h2>
      {isLoading && <Loading />}
      {error && <Failure error={error} retry={reload} />}
      <ul className="cards">
        {shown?.map(({ dataset_id: id, name, rows, synthetic }) => (
          <li key={id}>
            <Link href={`/datasets/${encodeURIComponent(id)}`} title={name}>
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
  const client = useClient()
  const { start, error } = useStart()
  const datasets = useLoad(
    'datasets',
    async () => (await client.api.get('/api/v1/datasets?limit=50')) as Page<Dataset>,
  )
  const fileOf = new Map(datasets.value?.items.map(({ dataset_id, name }) => [dataset_id, name]))
  useTitle(words.investigate.title)
  return (
    <div className="page home">
      <h1>{words.investigate.title}</h1>
      <Upload onRead={datasets.reload} />
      <SourceForm />
      {error && <Failure error={error} />}
      <div className="columns">
        <Recent fileOf={fileOf} />
        <Datasets datasets={datasets} onStart={(dataset_id) => void start({ dataset_id })} />
      </div>
    </div>
  )
}
