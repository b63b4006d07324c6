import { useClient } from '@tributary/client/react'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { Failure } from '../parts/parts.tsx'
import { useWords } from '../words/words.tsx'
import { type Investigation, isEnd, titleOf } from './shapes.ts'
import { ShareDialog } from './share-dialog.tsx'

/** The name of an investigation, and what can be done with it. */
export const RunHeader = ({
  id,
  listed,
  file,
  status,
  onChanged,
  children,
}: {
  id: string
  listed: Investigation | undefined
  /** The name of the file that is looked at. */
  file: string | undefined
  status: Investigation['status']
  onChanged(): void
  children: ReactNode
}) => {
  const client = useClient()
  const { words } = useWords()
  const { investigate: say } = words
  const [isSharing, setSharing] = useState(false)
  const [error, setError] = useState<Error>()
  const title = titleOf(listed, file) ?? say.title
  const isOver = isEnd(status)
  const command = async (verb: 'cancel' | 'pause' | 'resume'): Promise<void> => {
    try {
      await client.api.post(`/api/v1/investigations/${encodeURIComponent(id)}/${verb}`)
      setError(undefined)
      onChanged()
    } catch (failure) {
      setError(failure as Error)
    }
  }
  return (
    <>
      <header className="run">
        <h1 title={title}>{title}</h1>
        {!isOver && (
          <button type="button" onClick={() => void command(status === 'paused' ? 'resume' : 'pause')}>
            {status === 'paused' ? say.resume : say.pause}
          </button>
        )}
        {!isOver && (
          <button type="button" onClick={() => void command('cancel')}>
            {say.stop}
          </button>
        )}
        {listed?.dataset_id && (
          <Link className="button" href={`/datasets/${encodeURIComponent(listed.dataset_id)}?again=${id}`}>
            {say.again}
          </Link>
        )}
        <button type="button" onClick={() => setSharing(true)}>
          {say.share}
        </button>
        {children}
      </header>
      {error && <Failure error={error} />}
      {isSharing && (
        <ShareDialog
          path={`/api/v1/investigations/${encodeURIComponent(id)}/share`}
          onClose={() => setSharing(false)}
        />
      )}
    </>
  )
}
