import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useWords } from '../words/words.tsx'

/** The time for which a change can be taken back, and for which a word of it stands, in milliseconds. */
const OFFERED_MS = 10_000
const SAID_MS = 4000

interface Notice {
  text: string
  /** Takes the change back; undefined for a notice alone. */
  undo?: (() => unknown) | undefined
  /** Makes the change for good, once it can no longer be taken back. */
  settle?: (() => unknown) | undefined
}

interface Undo {
  /** Says that something was done, and offers to take it back; `settle` is called when nobody did. */
  offer(text: string, undo?: () => unknown, settle?: () => unknown): void
  /** The ids of things that were removed, on whichever page: they are gone from sight before they are for good. */
  hidden: ReadonlySet<string>
  hide(id: string, isHidden: boolean): void
}

const UndoContext = createContext<Undo | undefined>(undefined)

/** The way to say quietly that something was done, and to offer to take it back. */
export const useUndo = (): Undo => {
  const undo = useContext(UndoContext)
  if (undo === undefined) throw new Error('UndoProvider is missing')
  return undo
}

/** Shows the newest notice at the foot of the page for a while. */
export const UndoProvider = ({ children }: { children: ReactNode }) => {
  const { words } = useWords()
  const [notice, setNotice] = useState<Notice>()
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  /** The pointer or the focus is on the notice, which then stays. */
  const [isHeld, setHeld] = useState(false)
  const standing = useRef<Notice>(undefined)

  const show = useCallback((next: Notice | undefined): void => {
    const before = standing.current
    standing.current = next
    setNotice(next)
    setHeld(false)
    void before?.settle?.()
  }, [])
  useEffect(() => {
    if (!notice || isHeld) return undefined
    const timer = setTimeout(() => show(undefined), notice.undo ? OFFERED_MS : SAID_MS)
    return () => clearTimeout(timer)
  }, [notice, isHeld, show])
  useEffect(() => {
    const leave = (): void => show(undefined)
    addEventListener('pagehide', leave)
    return () => removeEventListener('pagehide', leave)
  }, [show])

  const context = useMemo<Undo>(
    () => ({
      offer: (text, undo, settle) => show({ text, undo, settle }),
      hidden,
      hide: (id, isHidden) =>
        setHidden(
          (before) => new Set([...before].filter((other) => other !== id).concat(isHidden ? id : [])),
        ),
    }),
    [show, hidden],
  )
  const takeBack = async ({ undo }: Notice): Promise<void> => {
    standing.current = undefined
    setNotice(undefined)
    try {
      await undo?.()
      show({ text: words.undone })
    } catch (error) {
      show({ text: (error as Error).message })
    }
  }
  return (
    <UndoContext.Provider value={context}>
      {children}
      <div className="undo" role="status">
        {notice && (
          <p
            onPointerEnter={() => setHeld(true)}
            onPointerLeave={() => setHeld(false)}
            onFocus={() => setHeld(true)}
            onBlur={() => setHeld(false)}
          >
            {notice.text}
            {notice.undo && (
              <button type="button" onClick={() => void takeBack(notice)}>
                {words.undo}
              </button>
            )}
          </p>
        )}
      </div>
    </UndoContext.Provider>
  )
}
