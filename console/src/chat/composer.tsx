import type { FormEvent, KeyboardEvent, RefObject } from 'react'
import { useWords } from '../words/words.tsx'

/** The box in which a message is written, and the button that sends it or stops the answer under way. */
export const Composer = ({
  text,
  box,
  isAnswering,
  isEditing,
  onChange,
  onSend,
  onStop,
  onCancelEdit,
  onTyping,
}: {
  text: string
  box: RefObject<HTMLTextAreaElement | null>
  isAnswering: boolean
  isEditing: boolean
  onChange(text: string): void
  onSend(): void
  onStop(): void
  onCancelEdit(): void
  onTyping(active: boolean): void
}) => {
  const { words } = useWords()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSend()
  }
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && isEditing) onCancelEdit()
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault()
      if (!isAnswering) onSend()
    }
  }
  return (
    <form onSubmit={submit} className="composer">
      {isEditing && (
        <p className="muted">
          {words.chat.editing}{' '}
          <button type="button" className="quiet" onClick={onCancelEdit}>
            {words.cancel}
          </button>
        </p>
      )}
      <textarea
        ref={box}
        aria-label={words.chat.message}
        placeholder={words.chat.message}
        rows={2}
        maxLength={10_000}
        value={text}
        onKeyDown={press}
        onBlur={() => onTyping(false)}
        onChange={({ target }) => {
          onChange(target.value)
          onTyping(target.value !== '')
        }}
      />
      {isAnswering ? (
        <button type="button" onClick={onStop}>
          {words.chat.stop}
        </button>
      ) : (
        <button type="submit" className="primary">
          {words.chat.send}
        </button>
      )}
    </form>
  )
}
