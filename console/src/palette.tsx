import { useClient } from '@tributary/client/react'
import { type KeyboardEvent, useId, useState } from 'react'
import { useLocation } from 'wouter'
import { titleOf } from './investigate/shapes.ts'
import { useLoad } from './parts/load.ts'
import { Dialog } from './parts/parts.tsx'
import { useWords } from './words/words.tsx'

const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
/** Places that are offered at once. */
const MOST = 12

interface Place {
  path: string
  name: string
  kind: string
}

/** Goes anywhere by a few letters: pages, investigations, files, conversations. */
export const Palette = ({
  pages,
  onClose,
}: {
  pages: readonly (readonly [name: 'investigate' | 'chat' | 'prompts' | 'audit' | 'live', path: string])[]
  onClose(): void
}) => {
  const client = useClient()
  const { words } = useWords()
  const [, navigate] = useLocation()
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState(0)
  const id = useId()
  const things = useLoad('palette', async (): Promise<Place[]> => {
    const [runs, files, chats] = (await Promise.all([
      client.api.get('/api/v1/investigations?limit=200'),
      client.api.get('/api/v1/datasets?limit=200'),
      client.api.get('/api/v1/chat/sessions?limit=200'),
    ])) as { items: Record<string, string>[] }[]
    const placed = (list: typeof runs, key: string, name: string, root: string, kind: string): Place[] =>
      (list?.items ?? []).map((one) => ({
        path: `/${root}/${encodeURIComponent(one[key] ?? '')}`,
        name: one[name] ?? words.chat.untitled,
        kind,
      }))
    const fileOf = new Map(files?.items.map(({ dataset_id, name }) => [dataset_id, name]))
    for (const run of runs?.items ?? [])
      run.title = titleOf({ query: run.query ?? '' }, fileOf.get(run.dataset_id)) ?? ''
    return [
      ...placed(runs, 'investigation_id', 'title', 'investigations', words.investigate.recent),
      ...placed(files, 'dataset_id', 'name', 'datasets', words.investigate.datasets),
      ...placed(chats, 'session_id', 'title', 'chat', words.chat.conversations),
    ]
  })
  const all: Place[] = [
    ...pages.map(([name, path]) => ({ path, name: words.nav[name], kind: words.nav.main })),
    ...(things.value ?? []),
  ]
  const sought = fold(text).split(/\s+/).filter(Boolean)
  const found = all
    .filter(({ name, kind }) => sought.every((word) => fold(`${name} ${kind}`).includes(word)))
    .slice(0, MOST)
  const go = (place: Place | undefined): void => {
    if (!place) return
    onClose()
    navigate(place.path)
  }
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Enter') go(found[chosen])
    else if (step !== undefined) setChosen(Math.min(Math.max(0, chosen + step), found.length - 1))
    else return
    event.preventDefault()
  }
  return (
    <Dialog title={words.goTo} onClose={onClose}>
      <input
        type="search"
        role="combobox"
        aria-label={words.goTo}
        aria-expanded={found.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={found[chosen] && `${id}-${chosen}`}
        autoComplete="off"
        value={text}
        onKeyDown={press}
        onChange={({ target }) => {
          setText(target.value)
          setChosen(0)
        }}
      />
      <div id={`${id}-list`} role="listbox" aria-label={words.goTo} className="places">
        {found.map((place, index) => (
          <div
            key={place.path}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onClick={() => go(place)}
            onKeyDown={press}
          >
            <span>{place.name}</span> <small>{place.kind}</small>
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="empty">{words.nothingFound}</p>}
    </Dialog>
  )
}
