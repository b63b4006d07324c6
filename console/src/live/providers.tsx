import { useClient } from '@tributary/client/react'
import { useEffect } from 'react'
import { useFormat } from '../parts/format.ts'
import { useLoad } from '../parts/load.ts'
import { useUser } from '../session.tsx'
import { useWords } from '../words/words.tsx'

const LOOK_MS = 5000
/** No path of the service's document. */
const METRICS: string = '/metrics'
const FIRST_TOKEN = /^llm_time_to_first_token_seconds_(sum|count)\{[^}]*provider="([^"]+)"[^}]*\} (\S+)$/gm

/** The mean time to the first token of each provider, in seconds, as the metrics tell it. Pure. */
const firstTokens = (metrics: string): Map<string, number> => {
  const sums = new Map<string, { sum: number; count: number }>()
  for (const [, kind = '', provider = '', value] of metrics.matchAll(FIRST_TOKEN))
    sums.set(provider, { ...(sums.get(provider) ?? { sum: 0, count: 0 }), [kind]: Number(value) })
  return new Map(
    [...sums].filter(([, { count }]) => count > 0).map(([name, { sum, count }]) => [name, sum / count]),
  )
}

/** Shows the providers: whether each is asked or left alone by its breaker, and how soon it begins. */
export const Providers = () => {
  const client = useClient()
  const { user } = useUser()
  const { words } = useWords()
  const { number } = useFormat()
  const { value, reload } = useLoad('providers', async () => {
    const [listed, metrics] = await Promise.all([
      client.api.get('/api/v1/providers'),
      user.role === 'admin' ? client.api.get(METRICS).catch(() => '') : '',
    ])
    const { items } = listed as {
      items: { name: string; state: 'closed' | 'open' | 'half_open'; model: string | null }[]
    }
    return { items, first: firstTokens(String(metrics)) }
  })
  useEffect(() => {
    const timer = setInterval(reload, LOOK_MS)
    return () => clearInterval(timer)
  }, [reload])
  return (
    <section>
      <h2>{words.live.providers}</h2>
      <ul className="list">
        {value?.items.map(({ name, state, model }) => {
          const first = value.first.get(name)
          return (
            <li key={name}>
              <strong>{name}</strong> {model} <span className={`badge ${state}`}>{words.live[state]}</span>{' '}
              {first !== undefined && (
                <small>{words.live.firstToken(number(Math.round(first * 1000)))}</small>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
