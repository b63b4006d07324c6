import { useWords } from '../words/words.tsx'
import { useUndo } from './undo.tsx'

/** Removes things of a list: they are gone from sight at once, and for good once nobody takes that back. */
export const useRemoval = () => {
  const { words } = useWords()
  const { offer, hidden, hide } = useUndo()
  const remove = (id: string, name: string, ask: () => Promise<unknown>): void => {
    hide(id, true)
    offer(
      words.removed(name),
      () => hide(id, false),
      () =>
        ask().catch((error) => {
          hide(id, false)
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
