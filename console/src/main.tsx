import { lazy, StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { Route, Switch } from 'wouter'
import { Home } from './investigate/home.tsx'
import { Loading } from './parts/parts.tsx'
import { UndoProvider } from './parts/undo.tsx'
import { SessionProvider } from './session.tsx'
import { Shell } from './shell.tsx'
import { useWords, WordsProvider } from './words/words.tsx'
import './style/all.css'

const Investigation = lazy(() => import('./investigate/investigation.tsx'))
const ComparisonPage = lazy(() => import('./investigate/comparison-page.tsx'))
const DatasetPage = lazy(() => import('./investigate/dataset-page.tsx'))
const ChatPage = lazy(() => import('./chat/chat-page.tsx'))
const PromptsPage = lazy(() => import('./prompts/prompts-page.tsx'))
const AuditPage = lazy(() => import('./audit/audit-page.tsx'))
const LivePage = lazy(() => import('./live/live-page.tsx'))

const Nowhere = () => {
  const { words } = useWords()
  return (
    <div className="page">
      <h1>{words.nowhere}</h1>
      <p className="notice">{words.notFound}</p>
    </div>
  )
}

const Console = () => (
  <Shell>
    <Suspense fallback={<Loading />}>
      <Switch>
        <Route path="/" component={Home} />
        <Route path="/investigations" component={Home} />
        <Route path="/investigations/:id/compare/:before">
          {({ id, before }) => <ComparisonPage key={`${id}/${before}`} id={id} before={before} />}
        </Route>
        <Route path="/investigations/:id/*?">
          {({ id, '*': rest = '' }) => (
            <Investigation key={id} id={id} finding={/^findings\/(.+)/.exec(rest)?.[1]} />
          )}
        </Route>
        <Route path="/datasets/:id">{({ id }) => <DatasetPage key={id} id={id} />}</Route>
        <Route path="/chat/:session?">{({ session }) => <ChatPage session={session} />}</Route>
        <Route path="/prompts" component={PromptsPage} />
        <Route path="/audit" component={AuditPage} />
        <Route path="/live" component={LivePage} />
        <Route component={Nowhere} />
      </Switch>
    </Suspense>
  </Shell>
)

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <WordsProvider>
      <SessionProvider>
        <UndoProvider>
          <Console />
        </UndoProvider>
      </SessionProvider>
    </WordsProvider>
  </StrictMode>,
)
