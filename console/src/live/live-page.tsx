import { useClient, useStreams } from '@tributary/client/react'
import { useFormat } from '../parts/format.ts'
import { Failure, Scroll } from '../parts/parts.tsx'
import { useTitle } from '../parts/title.ts'
import { useUser } from '../session.tsx'
import { useWords } from '../words/words.tsx'
import { Debugger } from './debugger.tsx'
import { Figures } from './figures.tsx'
import { Providers } from './providers.tsx'

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

/** Shows operators what runs now, and developers any channel they may read, frame by frame. */
export default function LivePage() {
  const { user } = useUser()
  const { words } = useWords()
  useTitle(words.live.title)
  return (
    <div className="page">
      <h1>{words.live.title}</h1>
      {user.role === 'admin' && <Figures />}
      <Streams />
      <Providers />
      <Debugger />
    </div>
  )
}
