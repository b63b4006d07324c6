import { useClient } from '@tributary/client/react'
import { useState } from 'react'
import { useQuery } from '../parts/address.ts'
import { useLoad } from '../parts/load.ts'
import { Failure } from '../parts/parts.tsx'
import { RemoveButton, useRemoval } from '../parts/removal.tsx'
import { useTitle } from '../parts/title.ts'
import { useWords } from '../words/words.tsx'
import { ComparedRuns } from './compared-runs.tsx'
import { type PromptRun, useRuns } from './runs.ts'

interface Prompt {
  id: number
  title: string
  content: string
  modelId: number | null
  temperature?: number | null
  maxTokens?: number | null
}
interface Model {
  id: number
  name: string
}

const VARIABLE = /\{\{\s*([\p{L}\p{N}_.-]+)\s*\}\}/gu
/** The names of a text's placeholders, each once. */
const variablesOf = (text: string): string[] => [
  ...new Set([...text.matchAll(VARIABLE)].map(([, name]) => name as string)),
]

const Editor = ({
  prompt,
  models,
  runs,
  onSaved,
  onRun,
}: {
  prompt: Prompt | undefined
  models: readonly Model[]
  /** Runs of this prompt, the newest last. */
  runs: readonly PromptRun[]
  onSaved(prompt: Prompt): void
  onRun(id: number, variables: Record<string, string>): void
}) => {
  const client = useClient()
  const { words } = useWords()
  const [title, setTitle] = useState(prompt?.title ?? '')
  const [content, setContent] = useState(prompt?.content ?? '')
  const [modelId, setModel] = useState(prompt?.modelId ?? null)
  const [values, setValues] = useState<Record<string, string>>({})
  const [error, setError] = useState<Error>()
  const [kept, setKept] = useState(prompt)
  const last = runs.at(-1)
  const variables = variablesOf(content)

  const save = async (): Promise<Prompt | undefined> => {
    const fields = { title, content, modelId }
    try {
      const saved = (await (kept
        ? client.api.patch(`/api/prompts/${kept.id}`, fields)
        : client.api.post('/api/prompts', fields))) as Prompt
      setError(undefined)
      setKept(saved)
      onSaved(saved)
      return saved
    } catch (failure) {
      setError(failure as Error)
      return undefined
    }
  }
  const execute = async (): Promise<void> => {
    const saved = await save()
    if (saved)
      onRun(saved.id, Object.fromEntries(Object.entries(values).filter(([name]) => variables.includes(name))))
  }
  return (
    <section className="prompt">
      <label>
        {words.prompts.name}
        <input value={title} onChange={({ target }) => setTitle(target.value)} />
      </label>
      <label>
        {words.prompts.text}
        <textarea rows={8} value={content} onChange={({ target }) => setContent(target.value)} />
      </label>
      <label>
        {words.prompts.model}
        <select
          value={modelId ?? ''}
          onChange={({ target }) => setModel(target.value === '' ? null : Number(target.value))}
        >
          <option value="">{words.prompts.noModel}</option>
          {models.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <fieldset>
        <legend>{words.prompts.variables}</legend>
        {variables.length === 0 && <p className="muted">{words.prompts.noVariables}</p>}
        {variables.map((name) => (
          <label key={name}>
            <code>{name}</code>
            <input
              value={values[name] ?? ''}
              onChange={({ target }) => setValues((all) => ({ ...all, [name]: target.value }))}
            />
          </label>
        ))}
      </fieldset>
      {error && <Failure error={error} />}
      <p className="actions">
        <button type="button" onClick={() => void save()}>
          {words.save}
        </button>
        <button
          type="button"
          className="primary"
          disabled={last?.isOver === false}
          onClick={() => void execute()}
        >
          {words.prompts.run}
        </button>
      </p>
      <div>
        <h2>{words.prompts.output}</h2>
        <pre className="answer">{last?.text}</pre>
        {last?.error && (
          <p className="notice bad" role="alert">
            {last.error}
          </p>
        )}
      </div>
      {runs.length > 1 && <ComparedRuns runs={runs} />}
    </section>
  )
}

/** Prompts: a list, and one of them to edit and to run. */
export default function PromptsPage() {
  const client = useClient()
  const { words } = useWords()
  const [query, change] = useQuery()
  const prompts = useLoad(
    'prompts',
    async () => (await client.api.get('/api/prompts?limit=100')) as { items: Prompt[] },
  )
  const models = useLoad(
    'models',
    async () => (await client.api.get('/api/models?limit=100')) as { items: Model[] },
  )
  const { hidden, remove } = useRemoval()
  const { runs, start } = useRuns()
  /** The prompt that the editor of a new one has become; the same editor goes on with it. */
  const [born, setBorn] = useState({ id: '', count: 0 })
  useTitle(words.prompts.title)
  const open = query.get('prompt') ?? ''
  const current = prompts.value?.items.find(({ id }) => String(id) === open)
  const shown = prompts.value?.items.filter(({ id }) => !hidden.has(String(id)))
  return (
    <div className="page with-list">
      <aside>
        <h1>{words.prompts.title}</h1>
        <button type="button" onClick={() => change({ prompt: '' }, false)}>
          {words.prompts.new}
        </button>
        {prompts.error && <Failure error={prompts.error} retry={prompts.reload} />}
        {shown?.length === 0 && <p className="empty">{words.prompts.none}</p>}
        <ul className="list">
          {shown?.map(({ id, title }) => (
            <li key={id} className="removable">
              <button
                type="button"
                className="quiet"
                aria-current={String(id) === open}
                onClick={() => change({ prompt: String(id) }, false)}
              >
                {title}
              </button>
              <RemoveButton
                name={title}
                onClick={() => {
                  remove(String(id), title, () => client.api.delete(`/api/prompts/${id}`))
                  if (String(id) === open) change({ prompt: '' })
                }}
              />
            </li>
          ))}
        </ul>
      </aside>
      {(open === '' || current || open === born.id) && (
        <Editor
          key={open === '' ? `new ${born.count}` : open === born.id ? `new ${born.count - 1}` : open}
          prompt={current}
          models={models.value?.items ?? []}
          runs={runs.filter(({ promptId }) => String(promptId) === open)}
          onRun={(id, variables) => void start(id, variables)}
          onSaved={({ id }) => {
            if (open === '') setBorn(({ count }) => ({ id: String(id), count: count + 1 }))
            prompts.reload()
            change({ prompt: String(id) })
          }}
        />
      )}
    </div>
  )
}
