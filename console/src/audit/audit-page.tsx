import { useChannel, useClient } from '@tributary/client/react'
import { useState } from 'react'
import { useQuery } from '../parts/address.ts'
import { useFormat } from '../parts/format.ts'
import { useLoad } from '../parts/load.ts'
import { Failure, Loading, Scroll } from '../parts/parts.tsx'
import { useTitle } from '../parts/title.ts'
import { type User, useUser } from '../session.tsx'
import { useWords } from '../words/words.tsx'
import { Exports } from './exports.tsx'

const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const

interface Event {
  id: string
  timestamp: string
  event_type: string
  severity: (typeof SEVERITIES)[number]
  message: string
  user_email: string | null
  user_id: string | null
  success: boolean
  ip_address: string | null
  resource_type: string | null
  resource_id: string | null
  request_id: string | null
  user_agent: string | null
  error_code: string | null
  details: unknown
  hash: string
}

/** Fields of an event that the table leaves out. */
const MORE = [
  'id',
  'message',
  'resource_type',
  'resource_id',
  'error_code',
  'request_id',
  'user_id',
  'user_agent',
  'details',
  'hash',
] as const

/** The names of users by their ids, for those who may list them. */
const useNames = (): ReadonlyMap<string, string> => {
  const client = useClient()
  const { user } = useUser()
  const { value } = useLoad(
    user.role === 'admin' ? 'users' : undefined,
    async () => (await client.api.get('/api/v1/users?limit=1000')) as { items: User[] },
  )
  return new Map([[user.id, user.username], ...(value?.items ?? []).map(nameOf)])
}
const nameOf = ({ id, username }: Pick<User, 'id' | 'username'>): [string, string] => [id, username]

const PAGE = 100

const Rows = ({ events }: { events: readonly Event[] }) => {
  const { words } = useWords()
  const { moment } = useFormat()
  const names = useNames()
  return (
    <Scroll>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.audit.time}</th>
            <th scope="col">{words.investigate.severity}</th>
            <th scope="col">{words.audit.event}</th>
            <th scope="col">{words.audit.message}</th>
            <th scope="col">{words.audit.user}</th>
            <th scope="col">{words.audit.address}</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.id} className={event.success ? '' : 'refused'}>
              <td className="when">{moment(event.timestamp)}</td>
              <td>
                <span className={`severity-mark ${event.severity}`}>
                  {words.investigate.severities[event.severity]}
                </span>
              </td>
              <td>
                <code>{event.event_type}</code>
              </td>
              <td className="told">
                <details>
                  <summary>{words.audit.tell(event)}</summary>
                  <dl className="more">
                    {MORE.filter((name) => event[name] !== null && event[name] !== undefined).map((name) => (
                      <div key={name}>
                        <dt>
                          <code>{name}</code>
                        </dt>
                        <dd>
                          <code>{textOf(event[name])}</code>
                        </dd>
                      </div>
                    ))}
                  </dl>
                </details>
              </td>
              <td title={event.user_id ?? undefined}>
                {names.get(event.user_id ?? '') ??
                  event.user_email ??
                  event.user_id?.slice(0, 8) ??
                  words.none}
              </td>
              <td>{event.ip_address ?? words.none}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const Tail = () => {
  const { items } = useChannel('audit')
  const events = items
    .filter((item) => !('type' in item))
    .map((item) => (item as { data: unknown }).data as Event)
  return <Rows events={events.toReversed().slice(0, PAGE)} />
}

/** The log of actions: filtered, live, verified, exported. */
export default function AuditPage() {
  const client = useClient()
  const { user } = useUser()
  const { words } = useWords()
  const { number, zone } = useFormat()
  const [query, change] = useQuery()
  const [verdict, setVerdict] = useState<string>()
  const [error, setError] = useState<Error>()
  const filters = new URLSearchParams()
  for (const name of ['start_date', 'end_date', 'severity', 'event_type'])
    if (query.get(name)) filters.set(name, query.get(name) as string)
  const isLive = query.get('live') === '1'
  const mayRead = user.role === 'auditor' || user.role === 'admin'
  const page = new URLSearchParams([...filters, ['limit', String(PAGE)], ['order', 'desc']])
  if (query.get('after')) page.set('after', query.get('after') as string)
  const loaded = useLoad(
    mayRead && !isLive ? page.toString() : undefined,
    () => client.api.get(`/api/v1/audit/events?${page}`) as Promise<{ items: Event[]; next: string | null }>,
  )
  const verify = async (): Promise<void> => {
    try {
      const answer = (await client.api.get('/api/v1/audit/verify')) as {
        valid: boolean
        checked: number
        first_broken: { id: string; reason: string } | null
      }
      setError(undefined)
      setVerdict(
        answer.first_broken
          ? words.audit.broken(answer.first_broken.id, answer.first_broken.reason)
          : words.audit.valid(number(answer.checked)),
      )
    } catch (failure) {
      setError(failure as Error)
    }
  }
  useTitle(words.audit.title)
  if (!mayRead)
    return (
      <div className="page">
        <h1>{words.audit.title}</h1>
        <p className="notice">{words.audit.forbidden}</p>
      </div>
    )
  return (
    <div className="page">
      <header className="run">
        <h1>{words.audit.title}</h1>
        <span className="spacer" />
        <button type="button" onClick={() => void verify()}>
          {words.audit.verify}
        </button>
        <details className="menu">
          <summary role="button">{words.audit.export}</summary>
          <ul>
            {(['csv', 'json', 'ndjson'] as const).map((format) => (
              <li key={format}>
                <a
                  href={`/api/v1/audit/export?${new URLSearchParams([...filters, ['format', format]])}`}
                  download
                >
                  {format.toUpperCase()}
                </a>
              </li>
            ))}
          </ul>
        </details>
      </header>
      {verdict && (
        <p className="notice" role="status">
          {verdict}
        </p>
      )}
      {error && <Failure error={error} />}
      <Exports />
      <div className="filters" role="search">
        <label>
          {words.audit.from}
          <input
            type="date"
            value={query.get('start_date') ?? ''}
            onChange={({ target }) => change({ start_date: target.value, after: '' })}
          />
        </label>
        <label>
          {words.audit.to}
          <input
            type="date"
            value={query.get('end_date') ?? ''}
            onChange={({ target }) => change({ end_date: target.value, after: '' })}
          />
        </label>
        <select
          aria-label={words.investigate.severity}
          value={query.get('severity') ?? ''}
          onChange={({ target }) => change({ severity: target.value, after: '' })}
        >
          <option value="">
            {words.investigate.severity}: {words.investigate.all}
          </option>
          {SEVERITIES.map((severity) => (
            <option key={severity} value={severity}>
              {words.investigate.severities[severity]}
            </option>
          ))}
        </select>
        <input
          type="search"
          aria-label={words.audit.event}
          placeholder={words.audit.event}
          value={query.get('event_type') ?? ''}
          onChange={({ target }) => change({ event_type: target.value, after: '' })}
        />
        <label className="check">
          <input
            type="checkbox"
            checked={isLive}
            onChange={({ target }) => change({ live: target.checked ? '1' : '' })}
          />
          {words.audit.live}
        </label>
        <span className="muted">{zone}</span>
      </div>
      {isLive ? <Tail /> : null}
      {loaded.isLoading && <Loading />}
      {loaded.error && <Failure error={loaded.error} retry={loaded.reload} />}
      {!isLive && loaded.value && <Rows events={loaded.value.items} />}
      {!isLive && loaded.value?.items.length === 0 && <p className="empty">{words.audit.none}</p>}
      {!isLive && loaded.value?.next && (
        <button type="button" onClick={() => change({ after: loaded.value?.next ?? '' }, false)}>
          {words.audit.more}
        </button>
      )}
    </div>
  )
}
