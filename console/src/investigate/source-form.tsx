import { useState } from 'react'
import { useWords } from '../words/words.tsx'
import type { Subject } from './order.ts'
import { Starting } from './starting.tsx'

type Field = 'buyer' | 'supplier' | 'start_date' | 'end_date' | 'min_value' | 'max_value'
const FIELDS: readonly [Field, 'text' | 'date' | 'number'][] = [
  ['buyer', 'text'],
  ['supplier', 'text'],
  ['start_date', 'date'],
  ['end_date', 'date'],
  ['min_value', 'number'],
  ['max_value', 'number'],
]

/** Investigates what a portal's API has, without a file. */
export const SourceForm = () => {
  const { words } = useWords()
  const { investigate: say } = words
  const [source, setSource] = useState<NonNullable<Subject['data_source']>>('pncp')
  const [fields, setFields] = useState<Partial<Record<Field, string>>>({})
  const filters = Object.fromEntries(
    FIELDS.flatMap(([name, kind]) => {
      const text = fields[name]?.trim() ?? ''
      return text === '' ? [] : [[name, kind === 'number' ? Number(text) : text]]
    }),
  )
  const [isOpen, setOpen] = useState(false)
  return (
    <details className="source-form" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{say.fromPortals}</summary>
      <div className="fields">
        <label>
          {say.source}
          <select value={source} onChange={({ target }) => setSource(target.value as typeof source)}>
            <option value="pncp">PNCP</option>
            <option value="portal">Portal da Transparência</option>
          </select>
        </label>
        {FIELDS.map(([name, kind]) => (
          <label key={name}>
            {name === 'buyer' ? say.buyerOf[source] : say.sourceFields[name]}
            <input
              type={kind}
              min={kind === 'number' ? 0 : undefined}
              value={fields[name] ?? ''}
              onChange={({ target }) => setFields((all) => ({ ...all, [name]: target.value }))}
            />
          </label>
        ))}
      </div>
      <p className="hint">{say.sourceHints[source]}</p>
      {isOpen && <Starting subject={{ data_source: source, filters }} label={say.startSource} />}
    </details>
  )
}
