import { type ApiError, createClient, type TributaryClient } from '@tributary/client'
import { TributaryProvider } from '@tributary/client/react'
import {
  createContext,
  type FormEvent,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useLoad } from './parts/load.ts'
import { Failure, Loading } from './parts/parts.tsx'
import { useWords } from './words/words.tsx'

/** The user who is signed in. */
export interface User {
  id: string
  username: string
  role: 'viewer' | 'analyst' | 'auditor' | 'publisher' | 'admin'
}

/** The answer to who is signed in, and for how many seconds more. */
interface Signed {
  user: User | null
  expires_in?: number | null
}

/** Browsers run a longer timer at once. */
const LONGEST_TIMER_MS = 2_147_483_647

/** The same user as before, however often the service is asked: what depends on it is not made anew. */
const useSame = (user: User | null | undefined): User | null | undefined => {
  const kept = useRef(user)
  if (JSON.stringify(kept.current) !== JSON.stringify(user)) kept.current = user
  return kept.current
}

/** The session of whoever is signed in. */
interface Session {
  user: User
  signOut(): Promise<void>
  /** Asks whether it still holds; the way in is shown where it does not. */
  confirm(): void
}

const UserContext = createContext<Session | undefined>(undefined)

/** The user who is signed in, and their session. */
export const useUser = () => {
  const session = useContext(UserContext)
  if (session === undefined) throw new Error('nobody is signed in')
  return session
}

const SignIn = ({ client, onDone }: { client: TributaryClient; onDone(): void }) => {
  const { words } = useWords()
  const [error, setError] = useState<Error>()
  const [isBusy, setBusy] = useState(false)
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setBusy(true)
    setError(undefined)
    try {
      const { username = '', password = '' } = Object.fromEntries(form) as Record<string, string>
      await client.api.post('/auth/login', { username, password, cookie: true })
      onDone()
    } catch (failure) {
      setError(failure as ApiError)
    } finally {
      setBusy(false)
    }
  }
  return (
    <main className="sign-in" id="content">
      <h1>{words.brand}</h1>
      <p className="tagline">{words.tagline}</p>
      <form onSubmit={submit} aria-label={words.signIn.title}>
        <label>
          {words.signIn.username}
          <input name="username" autoComplete="username" required autoFocus />
        </label>
        <label>
          {words.signIn.password}
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        {error && <Failure error={error} />}
        <button type="submit" className="primary" disabled={isBusy}>
          {words.signIn.submit}
        </button>
        <p className="hint">{words.signIn.first}</p>
      </form>
      <ol className="steps">
        {words.signIn.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </main>
  )
}

/** Shows the console to whoever is signed in, and the way in to everybody else. */
export const SessionProvider = ({ children }: { children: ReactNode }) => {
  const { language } = useWords()
  const refused = useRef((): void => undefined)
  const client = useMemo(() => {
    const asked: typeof fetch = async (input, init) => {
      // What a page that is left removes for good has to arrive all the same.
      const response = await fetch(input, { ...init, keepalive: init?.method === 'DELETE' })
      if (response.status === 401) refused.current()
      return response
    }
    return createClient({ url: location.origin, language, cookie: true, fetch: asked })
  }, [language])
  const { value, error, isLoading, reload } = useLoad(
    'session',
    async () => client.api.get('/api/v1/auth/session') as Promise<Signed>,
  )
  refused.current = reload
  const user = useSame(value?.user)
  useEffect(() => {
    const seconds = value?.expires_in
    if (seconds == null) return undefined
    // Long before the cookie's end, and again where the page slept through that.
    const renew = (): void => {
      client.api.post('/api/v1/auth/refresh', { cookie: true }).then(reload, () => undefined)
    }
    const timer = setTimeout(renew, Math.min((seconds * 1000) / 2, LONGEST_TIMER_MS))
    return () => clearTimeout(timer)
  }, [value, client, reload])
  const session = useMemo(
    (): Session | null | undefined =>
      user && {
        user,
        async signOut() {
          await client.logout()
          reload()
        },
        confirm: reload,
      },
    [user, client, reload],
  )
  if (isLoading) return <Loading />
  if (error && !session) return <Failure error={error} retry={reload} />
  if (!session) return <SignIn client={client} onDone={reload} />
  return (
    <TributaryProvider client={client}>
      <UserContext.Provider value={session}>{children}</UserContext.Provider>
    </TributaryProvider>
  )
}
