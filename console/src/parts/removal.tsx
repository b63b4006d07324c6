import { useState } from 'react'
import { useWords } from '../words/words.tsx'
import { useUndo } from './undo.tsx'

/** Removes things of a list: they are gone from sight at once, and for good once nobody takes that back. */
export const useRemoval = () => {
  const { words } = useWords()
  const { offer } = useUndo()
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const show = (id: string): void =>
    setHidden((before) => new Set([...before].filter((other) => other !== id)))
  const remove = (id: string, name: string, ask: () => Promise<unknown>): void => {
    setHidden((before) => new Set([...before, id]))
    offer(
      words.removed(name),
      () => show(id),
      () =>
        ask().catch((error) => {
          show(id)
          offer((error as Error).message)
        }),
    )
  }
  return { hidden, remove }
}

/** The button that removes one thing of a list. */
export const RemoveButton = ({ name, onClick }: { name: string; onClick(): void }) => {
  const { words } = useWords()
  return (
    <button
      type="button"
      className="quiet remove"
      aria-label={`${words.remove}: ${name}`}
      title={words.remove}
      onClick={onClick}
    >
      ✕
    </button>
  )
}
