import { useClient } from '@tributary/client/react'
import { useState } from 'react'
import { Dialog, Failure } from '../parts/parts.tsx'
import { useWords } from '../words/words.tsx'

/** Shares something with a user, or with everybody who is signed in. */
export const ShareDialog = ({
  path,
  onClose,
}: {
  path: `/api/v1/investigations/${string}/share` | `/api/v1/chat/sessions/${string}/share`
  onClose(): void
}) => {
  const client = useClient()
  const { words } = useWords()
  const [name, setName] = useState('')
  /** Whom it was shared with last; the empty text is everybody. */
  const [done, setDone] = useState<string>()
  const [error, setError] = useState<Error>()
  const [isCopied, setCopied] = useState(false)
  const share = async (): Promise<void> => {
    const username = name.trim()
    try {
      await client.api.post(path, username === '' ? { public: true } : { username })
      setDone(username)
      setError(undefined)
    } catch (failure) {
      setError(failure as Error)
    }
  }
  const copy = (): void => {
    void navigator.clipboard.writeText(location.href).then(() => setCopied(true))
  }
  return (
    <Dialog title={words.investigate.share} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void share()
        }}
      >
        <label>
          {words.investigate.shareWith}
          <input value={name} onChange={({ target }) => setName(target.value)} />
        </label>
        <button type="submit" className="primary">
          {words.investigate.share}
        </button>
        {done !== undefined && (
          <p role="status">
            {done === '' ? words.investigate.sharedWithAll : words.investigate.shared(done)}
          </p>
        )}
        {error && <Failure error={error} />}
      </form>
      <label>
        {words.investigate.shareLink}
        <input readOnly value={location.href} onFocus={({ target }) => target.select()} />
      </label>
      <p className="actions">
        <button type="button" onClick={copy}>
          {isCopied ? words.copied : words.investigate.copyLink}
        </button>
      </p>
    </Dialog>
  )
}
