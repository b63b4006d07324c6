import type { ApiError } from '@tributary/client'
import { type ReactNode, useEffect, useRef } from 'react'
import { useWords } from '../words/words.tsx'

/** Tells of a failure, and how to go on. */
export const Failure = ({ error, retry }: { error: Error; retry?: () => void }) => {
  const { words } = useWords()
  const { detail, status, errors = [] } = error as Partial<ApiError>
  return (
    <div className="notice bad" role="alert">
      <p>{status === 404 ? words.notFound : (detail ?? error.message)}</p>
      {errors.length > 1 && (
        <ul>
          {errors.map(({ field, reason }) => (
            <li key={field}>
              <code>{field}</code> {reason}
            </li>
          ))}
        </ul>
      )}
      {retry && (
        <button type="button" onClick={retry}>
          {words.retry}
        </button>
      )}
    </div>
  )
}

/** Stands where something is being loaded. */
export const Loading = () => {
  const { words } = useWords()
  return (
    <p className="loading" role="status">
      {words.loading}
    </p>
  )
}

/** A dialog over the page. Escape closes it, and the focus goes back to where it was. */
export const Dialog = ({
  title,
  onClose,
  children,
}: {
  title: string
  onClose(): void
  children: ReactNode
}) => {
  const { words } = useWords()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    // The browser gives the focus to the first button, which closes.
    shown?.querySelector('input')?.focus()
    return () => shown?.close()
  }, [])
  return (
    <dialog ref={dialog} aria-label={title} onClose={onClose} onCancel={onClose}>
      <header>
        <h2>{title}</h2>
        <button type="button" className="quiet" aria-label={words.close} onClick={onClose}>
          ✕
        </button>
      </header>
      {children}
    </dialog>
  )
}

/** Holds what may be wider than the page; the keyboard scrolls it too. */
export const Scroll = ({ children }: { children: ReactNode }) => {
  const { words } = useWords()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached without a mouse
    <div className="scroll" role="group" aria-label={words.scrolls} tabIndex={0}>
      {children}
    </div>
  )
}
