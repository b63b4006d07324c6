import { useEffect } from 'react'

/** Tells whether a key is written into a field. */
export const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** Tells whether a dialog stands over the page. */
export const isInDialog = (): boolean => document.querySelector('dialog[open]') !== null

/** A step of a list by its key: `j` goes on, `k` goes back. */
const STEPS: Readonly<Record<string, 1 | -1>> = { j: 1, k: -1 }

/** Steps through a list by `j` and `k`, wherever the focus is on the page, but where somebody writes. */
export const useSteps = (onStep: ((step: 1 | -1) => void) | undefined): void => {
  useEffect(() => {
    if (!onStep) return undefined
    const press = (event: KeyboardEvent): void => {
      const step = STEPS[event.key]
      const isMeant = !(event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey)
      if (step && isMeant && !isTyping(event) && !isInDialog()) onStep(step)
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [onStep])
}
