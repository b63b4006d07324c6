import { useChannel, useClient, useStreams } from '@tributary/client/react'
import { type FormEvent, useEffect, useState } from 'react'
import { useQuery } from '../parts/address.ts'
import { useFormat } from '../parts/format.ts'
import { useLoad } from '../parts/load.ts'
import { Failure, Scroll } from '../parts/parts.tsx'
import { useUser } from '../session.tsx'
import { useWords } from '../words/words.tsx'

const LOOK_MS = 2000

interface Observed {
  instance: { id: string; uptime_seconds: number; memory_bytes: number; connections: Record<string, number> }
  all: { streams: Record<string, number>; instances: unknown }
  grafana: string | null
}

const Figures = () => {
  const client = useClient()
  const { words } = useWords()
  const { number, bytes } = useFormat()
  const { value, error, reload } = useLoad(
    'observed',
    () => client.api.get('/api/v1/observability') as Promise<Observed>,
  )
  useEffect(() => {
    const timer = setInterval(reload, LOOK_MS)
    return () => clearInterval(timer)
  }, [reload])
  if (error && !value) return <Failure error={error} retry={reload} />
  if (!value) return null
  const { instance, all, grafana } = value
  const facts: [string, string][] = [
    [words.live.memory, bytes(instance.memory_bytes)],
    [words.live.uptime, `${number(instance.uptime_seconds)} s`],
    ...Object.entries(instance.connections).map(([name, n]): [string, string] => [name, number(Number(n))]),
    ...Object.entries(all.streams).map(([name, n]): [string, string] => [name, number(Number(n))]),
  ]
  return (
    <section>
      <h2>{instance.id}</h2>
      <dl className="facts">
        {facts.map(([label, text]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {grafana && <a href={grafana}>Grafana</a>}
    </section>
  )
}

const Streams = () => {
  const client = useClient()
  const { words } = useWords()
  const { moment, number } = useFormat()
  const { streams, error } = useStreams()
  const running = streams.filter(({ state }) => state === 'running')
  return (
    <section>
      <h2>{words.live.streams}</h2>
      {error && <Failure error={error} />}
      {running.length === 0 && <p className="empty">{words.live.noStreams}</p>}
      {running.length > 0 && (
        <Scroll>
          <table>
            <thead>
              <tr>
                <th scope="col">{words.live.kind}</th>
                <th scope="col">{words.live.owner}</th>
                <th scope="col">{words.live.since}</th>
                <th scope="col">{words.live.subscribers}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {running.map((stream) => (
                <tr key={stream.stream_id}>
                  <th scope="row">{stream.kind}</th>
                  <td>{stream.owner}</td>
                  <td>{moment(stream.started_at)}</td>
                  <td className="figure">{number(stream.subscribers)}</td>
                  <td>
                    <button
                      type="button"
                      onClick={() =>
                        void client.api
                          .post(`/api/v1/streams/${stream.stream_id}/cancel`)
                          .catch(() => undefined)
                      }
                    >
                      {words.live.cancel}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  )
}

const Providers = () => {
  const client = useClient()
  const { words } = useWords()
  const { value } = useLoad(
    'providers',
    () =>
      client.api.get('/api/v1/providers') as Promise<{
        items: { name: string; state: 'closed' | 'open' | 'half_open'; model: string | null }[]
      }>,
  )
  return (
    <section>
      <h2>{words.live.providers}</h2>
      <ul className="list">
        {value?.items.map(({ name, state, model }) => (
          <li key={name}>
            <strong>{name}</strong> {model} <span className={`badge ${state}`}>{words.live[state]}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

const Frames = ({ channel }: { channel: string }) => {
  const { words } = useWords()
  const { items } = useChannel(channel, { recover: 'all' })
  return (
    <ol className="frames">
      {items.toReversed().map((item) =>
        'type' in item ? (
          <li key="lost" className="notice bad">
            {words.live.lost}
          </li>
        ) : (
          <li key={`${item.epoch}:${item.offset}`}>
            <code>
              {item.epoch}:{item.offset}
            </code>
            <pre>{JSON.stringify(item.data, null, 1)}</pre>
          </li>
        ),
      )}
    </ol>
  )
}

const Debugger = () => {
  const { words } = useWords()
  const [query, change] = useQuery()
  const channel = query.get('channel') ?? ''
  const [text, setText] = useState(channel)
  const [isCut, setCut] = useState(false)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    change({ channel: text.trim() })
  }
  return (
    <section>
      <h2>{words.live.frames}</h2>
      <form className="filters" onSubmit={submit}>
        <input
          aria-label={words.live.channel}
          placeholder="topic:news"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <button type="submit">{words.live.watch}</button>
        {channel && (
          <button type="button" onClick={() => setCut(!isCut)}>
            {isCut ? words.live.go : words.live.cut}
          </button>
        )}
      </form>
      {channel && !isCut && <Frames key={channel} channel={channel} />}
    </section>
  )
}

/** Shows operators what runs now, and developers any channel they may read, frame by frame. */
export default function LivePage() {
  const { user } = useUser()
  const { words } = useWords()
  return (
    <div className="page">
      <h1>{words.live.title}</h1>
      <Streams />
      <Providers />
      {user.role === 'admin' && <Figures />}
      <Debugger />
    </div>
  )
}
