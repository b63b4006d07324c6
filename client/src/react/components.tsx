import { type FormEvent, useEffect, useMemo, useState } from 'react'
import { createClient } from '../client.ts'
import { Markdown } from './markdown.tsx'
import { TributaryProvider } from './provider.tsx'
import { type ShownMessage, useChat } from './use-chat.ts'
import { useStreamingPrompt } from './use-streaming-prompt.ts'

/** Shows an answer while it grows. Screen readers hear it once, when it is complete. */
export const StreamingMessage = ({ content, isComplete }: { content: string; isComplete: boolean }) => (
  <div className="message ai-message" aria-live={isComplete ? 'polite' : 'off'} aria-busy={!isComplete}>
    <div className="prose">
      <Markdown text={content} />
      {!isComplete && (
        <span className="animate-pulse" aria-hidden="true">
          ▊
        </span>
      )}
    </div>
  </div>
)

/** Shows how a message stands; nothing for one that is complete. */
export const MessageStatus = ({ status }: { status: ShownMessage['status'] | 'ok' }) => {
  switch (status) {
    case 'pending':
      return <span className="animate-spin" role="status" aria-label="Waiting for the answer" />
    case 'streaming':
      return (
        <span className="animate-pulse" aria-hidden="true">
          ▊
        </span>
      )
    case 'error':
      return (
        <span className="text-red-500" role="img" aria-label="Failed">
          ⚠
        </span>
      )
    default:
      return null
  }
}

/** Executes a prompt with variables that are given as JSON. */
export const StreamingPromptExecutor = ({ promptId }: { promptId: number }) => {
  const { content, isStreaming, error, metadata, execute } = useStreamingPrompt()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const run = (): void => {
    try {
      const variables = text.trim() === '' ? {} : JSON.parse(text)
      setProblem(null)
      void execute(promptId, variables)
    } catch {
      setProblem('The variables are no JSON')
    }
  }
  return (
    <div className="streaming-executor">
      <div className="variables-input">
        <textarea
          aria-label="Variables (JSON)"
          placeholder="Variables (JSON)"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      </div>
      <button type="button" onClick={run} disabled={isStreaming}>
        {isStreaming ? 'Streaming...' : 'Execute Prompt'}
      </button>
      {isStreaming && (
        <div className="streaming-indicator" role="status">
          <div className="spinner" />
          <span>Receiving response...</span>
        </div>
      )}
      {metadata && (
        <div className="metadata">
          <span>Model: {metadata.modelName}</span>
        </div>
      )}
      <div className="content-area">
        <pre>{content}</pre>
        {isStreaming && (
          <span className="cursor" aria-hidden="true">
            ▊
          </span>
        )}
      </div>
      {(problem ?? error) && (
        <div className="error" role="alert">
          Error: {problem ?? error}
        </div>
      )}
    </div>
  )
}

const Conversation = () => {
  const { messages, status, error, send, stop } = useChat()
  const [text, setText] = useState('')
  const isBusy = status === 'submitted' || status === 'streaming'
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (text.trim() === '' || isBusy) return
    setText('')
    void send(text)
  }
  return (
    <div className="stream-chat">
      <ol className="messages">
        {messages.map(({ id, role, content, status: state }) => (
          <li key={id} data-role={role}>
            {role === 'user' ? (
              <p>{content}</p>
            ) : (
              <StreamingMessage content={content} isComplete={state !== 'pending' && state !== 'streaming'} />
            )}
            <MessageStatus status={state} />
          </li>
        ))}
      </ol>
      {error && <div role="alert">{error.message}</div>}
      <form onSubmit={submit}>
        <input aria-label="Message" value={text} onChange={({ target }) => setText(target.value)} />
        <button type="submit" disabled={isBusy}>
          Send
        </button>
        {isBusy && (
          <button type="button" onClick={() => void stop()}>
            Stop
          </button>
        )}
      </form>
    </div>
  )
}

/** A whole chat with one service, for a page that has nothing else. */
export const StreamChat = ({ authToken, apiUrl }: { authToken: string; apiUrl: string }) => {
  const client = useMemo(() => createClient({ url: apiUrl, token: authToken }), [apiUrl, authToken])
  const [mounted, setMounted] = useState(false)
  useEffect(() => setMounted(true), [])
  return (
    <TributaryProvider client={client}>
      <div data-ready={mounted}>
        <Conversation />
      </div>
    </TributaryProvider>
  )
}
