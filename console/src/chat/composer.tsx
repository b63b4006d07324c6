import { type FormEvent, type KeyboardEvent, type RefObject, useId } from 'react'
import { useFormat } from '../parts/format.ts'
import { useWords } from '../words/words.tsx'

/** Characters left, from which on their number is told. */
const FEW_CHARACTERS = 500

/** The characters that a message has left, as the service counts them; undefined while there are plenty. */
const charactersLeft = (text: string, most: number): number | undefined => {
  // A text has at most as many code points as UTF-16 units.
  if (text.length < most - FEW_CHARACTERS) return undefined
  const left = most - [...text].length
  return left <= FEW_CHARACTERS ? left : undefined
}

/** The box in which a message is written, and the button that sends it or stops the answer under way. */
export const Composer = ({
  text,
  most,
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
  /** Longest message, in characters. */
  most: number
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
  const { number } = useFormat()
  const id = useId()
  const left = charactersLeft(text, most)
  const isTooLong = left !== undefined && left < 0
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!isTooLong) onSend()
  }
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && isEditing) onCancelEdit()
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault()
      if (!isAnswering && !isTooLong) onSend()
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
        aria-describedby={left === undefined ? undefined : id}
        aria-invalid={isTooLong}
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
        <button type="submit" className="primary" disabled={isTooLong}>
          {words.chat.send}
        </button>
      )}
      {left !== undefined && (
        <p id={id} className="muted">
          {isTooLong
            ? words.chat.remaining.tooMany(number(-left), number(most))
            : words.chat.remaining.characters(number(left))}
        </p>
      )}
    </form>
  )
}
