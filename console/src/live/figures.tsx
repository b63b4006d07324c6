import { useClient } from '@tributary/client/react'
import { useEffect } from 'react'
import { useFormat } from '../parts/format.ts'
import { useLoad } from '../parts/load.ts'
import { Failure } from '../parts/parts.tsx'
import { useWords } from '../words/words.tsx'

const LOOK_MS = 2000

/** The figures of the answering instance and of all, for operators, looked at again every two seconds. */
export const Figures = () => {
  const client = useClient()
  const { words } = useWords()
  const { number, bytes, duration } = useFormat()
  const { live: say } = words
  const { value, error, reload } = useLoad('observed', () => client.api.get('/api/v1/observability'))
  useEffect(() => {
    const timer = setInterval(reload, LOOK_MS)
    return () => clearInterval(timer)
  }, [reload])
  if (error && !value) return <Failure error={error} retry={reload} />
  if (!value) return null
  const { instance, all, grafana } = value
  const { seconds, answered, refused, failed } = instance.requests
  const rate = say.perSecond(number(Math.round((answered / seconds) * 10) / 10))
  const facts: [string, string][] = [
    [say.requests, refused + failed > 0 ? `${rate} (${say.ofThem(number(refused), number(failed))})` : rate],
    [say.memory, bytes(instance.memory_bytes)],
    [say.uptime, duration(instance.uptime_seconds)],
    [say.jobs.running, number(all.streams.running)],
    [say.jobs.waiting, number(all.streams.waiting)],
    [say.channels, number(instance.channels.channels)],
    [say.subscribers, number(instance.channels.subscribers)],
    [say.bus, instance.channels.busUp ? say.closed : say.away],
    ...instance.connections.map(({ kind, endpoint, count }): [string, string] => [
      `${kind} ${endpoint}`,
      number(count),
    ]),
    ...all.instances.map(({ id, streams }): [string, string] => [id, number(streams)]),
  ]
  return (
    <section>
      <h2>
        {say.instance} <code>{instance.id}</code>
      </h2>
      <dl className="facts tiles">
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
