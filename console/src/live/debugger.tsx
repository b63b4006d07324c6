import { useChannel } from '@tributary/client/react'
import { type FormEvent, useState } from 'react'
import { useQuery } from '../parts/address.ts'
import { useFormat } from '../parts/format.ts'
import { useWords } from '../words/words.tsx'

/** Publications that are in the page at most; a channel that floods must leave it usable. */
const MOST_SHOWN = 60

/** Shows the newest publications of a channel, and how many of those that are kept these are. */
const Frames = ({ channel }: { channel: string }) => {
  const { words } = useWords()
  const { number } = useFormat()
  const { items } = useChannel(channel, { recover: 'all' })
  const shown = items.slice(-MOST_SHOWN)
  const keys: string[] = []
  for (const item of shown)
    keys.push('type' in item ? `behind ${keys.at(-1)}` : `${item.epoch}:${item.offset}`)
  return (
    <>
      {items.length > shown.length && (
        <p className="muted">{words.live.newest(number(shown.length), number(items.length))}</p>
      )}
      <ol className="frames" aria-label={words.live.frames}>
        {shown.toReversed().map((item, index) =>
          'type' in item ? (
            <li key={keys.at(-1 - index)} className="notice bad">
              {words.live.lost}
            </li>
          ) : (
            <li key={keys.at(-1 - index)}>
              <code>
                {item.epoch}:{item.offset}
              </code>
              <pre>{JSON.stringify(item.data, null, 1)}</pre>
            </li>
          ),
        )}
      </ol>
    </>
  )
}

/** Shows any channel that the reader may read, publication by publication, with a cut and a resume by hand. */
export const Debugger = () => {
  const { words } = useWords()
  const [query, change] = useQuery()
  const channel = query.get('channel') ?? ''
  const [text, setText] = useState(channel)
  const [isCut, setCut] = useState(false)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    change({ channel: text.trim() })
  }
  return (
    <section>
      <h2>{words.live.frames}</h2>
      <p className="muted">{words.live.framesWhy}</p>
      <form className="filters" onSubmit={submit}>
        <input
          aria-label={words.live.channel}
          placeholder="topic:news"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <button type="submit">{words.live.watch}</button>
        {channel && (
          <button type="button" onClick={() => setCut(!isCut)}>
            {isCut ? words.live.go : words.live.cut}
          </button>
        )}
      </form>
      {channel && !isCut && <Frames key={channel} channel={channel} />}
    </section>
  )
}
