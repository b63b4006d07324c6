import { StreamChat } from '@tributary/client/react'

/** Shows a whole chat with one service: a text box, the answers as they come, and a button that stops them. */
export default function StreamChatComponent({ authToken, apiUrl }: { authToken: string; apiUrl: string }) {
  return <StreamChat authToken={authToken} apiUrl={apiUrl} />
}
