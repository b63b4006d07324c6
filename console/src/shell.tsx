import { useChannel } from '@tributary/client/react'
import { type ReactNode, type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { Palette } from './palette.tsx'
import { isTyping } from './parts/keys.ts'
import { Dialog } from './parts/parts.tsx'
import { useUser } from './session.tsx'
import { LANGUAGES, type Language, useWords } from './words/words.tsx'

const PAGES = [
  ['investigate', '/'],
  ['chat', '/chat'],
  ['prompts', '/prompts'],
  ['audit', '/audit'],
  ['live', '/live'],
] as const

/** A break is told once it has lasted so long. */
const QUIET_MS = 2000
const THEME = 'tributary.theme'

/** Keeps a connection on every page, and says that it is being mended once that takes a while. */
const Connection = () => {
  const { words } = useWords()
  const { state, error } = useChannel('system')
  const { confirm } = useUser()
  // A connection that is refused may be so because the session was revoked.
  useEffect(() => {
    if (error) confirm()
  }, [error, confirm])
  const isBroken = state === 'reconnecting' || state === 'offline'
  const [isTold, setTold] = useState(false)
  useEffect(() => {
    if (!isBroken) {
      setTold(false)
      return undefined
    }
    const timer = setTimeout(() => setTold(true), QUIET_MS)
    return () => clearTimeout(timer)
  }, [isBroken])
  return (
    <p className="connection" role="status">
      {isTold && (state === 'offline' ? words.offline : words.reconnecting)}
    </p>
  )
}

const themeOf = (): string => localStorage.getItem(THEME) ?? 'system'

const Preferences = () => {
  const { words, language, speak } = useWords()
  const [theme, setTheme] = useState(themeOf)
  useEffect(() => {
    localStorage.setItem(THEME, theme)
    if (theme === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme
  }, [theme])
  return (
    <>
      <select
        aria-label={words.language}
        value={language}
        onChange={({ target }) => speak(target.value as Language)}
      >
        {Object.entries(LANGUAGES).map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
      <select aria-label={words.theme} value={theme} onChange={({ target }) => setTheme(target.value)}>
        {Object.entries(words.themes).map(([name, label]) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </select>
    </>
  )
}

/** Listens to the keys that work on every page. */
const useKeys = (showKeys: () => void, showPalette: () => void): void => {
  const [, navigate] = useLocation()
  const before = useRef('')
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        showPalette()
        return
      }
      if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return
      const { key } = event
      if (key === '?') showKeys()
      else if (key === '/') {
        const search = document.querySelector<HTMLInputElement>('input[type=search]')
        if (search) {
          event.preventDefault()
          search.focus()
        }
      } else if (before.current === 'g') {
        const page = PAGES.find(([name]) => name.startsWith(key))
        if (page) navigate(page[1])
      }
      before.current = key
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [navigate, showKeys, showPalette])
}

const isOn = (path: string, page: string): boolean =>
  page === '/'
    ? path === '/' || path.startsWith('/investigations') || path.startsWith('/datasets')
    : path === page || path.startsWith(`${page}/`)

/** Puts the focus on a page that opens, where what had it went away with the page before. */
const useFocusedPage = (path: string): RefObject<HTMLElement | null> => {
  const main = useRef<HTMLElement>(null)
  const shown = useRef(path)
  useEffect(() => {
    if (shown.current !== path && document.activeElement === document.body)
      main.current?.focus({ preventScroll: true })
    shown.current = path
  }, [path])
  return main
}

/** The frame of every page: the way between them, and what holds for all. */
export const Shell = ({ children }: { children: ReactNode }) => {
  const { words } = useWords()
  const { user, signOut } = useUser()
  const [path] = useLocation()
  const main = useFocusedPage(path)
  const [dialog, setDialog] = useState<'keys' | 'palette'>()
  const close = useCallback(() => setDialog(undefined), [])
  useKeys(
    useCallback(() => setDialog('keys'), []),
    useCallback(() => setDialog('palette'), []),
  )
  return (
    <>
      <a className="skip" href="#content">
        {words.skip}
      </a>
      <header className="bar-top">
        <Link href="/" className="brand">
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M3 4c5 0 7 4 9 8M21 4c-5 0-7 4-9 8M12 12v8" />
          </svg>
          <span>{words.brand}</span>
        </Link>
        <nav aria-label={words.nav.main}>
          {PAGES.map(([name, href]) => (
            <Link
              key={name}
              href={href}
              aria-current={isOn(path, href) ? 'page' : undefined}
              data-name={words.nav[name]}
            >
              {words.nav[name]}
            </Link>
          ))}
        </nav>
        <Connection />
        <div className="preferences">
          <Preferences />
          <button type="button" className="quiet" onClick={() => void signOut()} title={user.username}>
            {words.signOut}
          </button>
        </div>
      </header>
      <main id="content" ref={main} tabIndex={-1}>
        {children}
      </main>
      {dialog === 'palette' && <Palette pages={PAGES} onClose={close} />}
      {dialog === 'keys' && (
        <Dialog title={words.keys.title} onClose={close}>
          <dl className="keys">
            {words.keys.list.map(([key, meaning]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </Dialog>
      )}
    </>
  )
}
