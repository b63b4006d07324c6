import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { ShareDialog } from '../investigate/share-dialog.tsx'
import { useTitle } from '../parts/title.ts'
import { useWords } from '../words/words.tsx'
import { Conversation } from './conversation.tsx'
import { Conversations } from './conversations.tsx'

/** Where the tab keeps the id of a conversation in which nothing has been said yet, so that its draft outlives a reload. */
const FRESH = 'tributary.fresh'

const freshId = (): string => {
  const id = sessionStorage.getItem(FRESH) ?? crypto.randomUUID()
  sessionStorage.setItem(FRESH, id)
  return id
}

/** Conversations, and the one that is open. */
export default function ChatPage({ session }: { session: string | undefined }) {
  const { words } = useWords()
  const [, navigate] = useLocation()
  const [version, setVersion] = useState(0)
  const [isSharing, setSharing] = useState(false)
  const [fresh, setFresh] = useState(freshId)
  const current = session ?? fresh
  useTitle(words.chat.title)
  return (
    <div className={session ? 'page chat with-session' : 'page chat'}>
      <aside>
        {session && (
          <Link href="/chat" className="back" aria-label={words.chat.conversations}>
            ‹
          </Link>
        )}
        <h1>{words.chat.title}</h1>
        <p className="actions">
          <button type="button" className="primary" onClick={() => navigate(`/chat/${fresh}`)}>
            {words.chat.new}
          </button>
          {session && (
            <button type="button" onClick={() => setSharing(true)}>
              {words.investigate.share}
            </button>
          )}
        </p>
        <Conversations
          current={session}
          version={version}
          onRemove={(id) => {
            if (id === session) navigate('/chat')
          }}
        />
      </aside>
      <Conversation
        key={current}
        session={current}
        isNew={current === fresh}
        onSaid={() => {
          if (current !== fresh) return
          navigate(`/chat/${current}`, { replace: true })
          sessionStorage.removeItem(FRESH)
          setFresh(freshId())
        }}
        onAnswered={() => setVersion((n) => n + 1)}
      />
      {isSharing && session && (
        <ShareDialog
          path={`/api/v1/chat/sessions/${encodeURIComponent(session)}/share`}
          onClose={() => setSharing(false)}
        />
      )}
    </div>
  )
}
