import { type ListedStream, useStreams } from '@tributary/client/react'
import { useFormat } from '../parts/format.ts'
import { useUser } from '../session.tsx'
import { useWords } from '../words/words.tsx'

/** Exports that are shown, the newest first. */
const MOST = 3

/** Shows the reader's newest exports, as the service tells them: how far each is, also after a reload of the page. */
export const Exports = () => {
  const { words } = useWords()
  const { number, moment } = useFormat()
  const { user } = useUser()
  const { streams } = useStreams()
  const { audit: say } = words
  const told = ({ state, progress }: ListedStream): string =>
    say.exported[state](number(progress?.rows ?? 0), number(Math.round((progress?.bytes ?? 0) / 1024)))
  const exports = streams
    .filter(({ kind, owner }) => kind === 'audit_export' && owner === user.id)
    .slice(0, MOST)
  if (exports.length === 0) return null
  return (
    <ul className="list" aria-label={say.exports}>
      {exports.map((stream) => (
        <li key={stream.stream_id}>
          {moment(stream.started_at)}: {told(stream)}
        </li>
      ))}
    </ul>
  )
}
