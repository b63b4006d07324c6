import type { ApiError } from '@tributary/client'
import { useClient } from '@tributary/client/react'
import { type DragEvent, useId, useRef, useState } from 'react'
import { useFormat } from '../parts/format.ts'
import { Failure } from '../parts/parts.tsx'
import { useWords } from '../words/words.tsx'
import { CorrectionForm, type Corrections } from './corrections.tsx'
import type { Dataset } from './shapes.ts'
import { Understood } from './understood.tsx'

type Step =
  | { at: 'idle' }
  | { at: 'sending'; loaded: number; total: number }
  | { at: 'reading' }
  | { at: 'read'; dataset: Dataset }

/** The help in a refusal of a file: its headers, the columns that miss, its sheets or tables. */
type Help = Partial<Record<'headers' | 'missing' | 'sheets' | 'tables', string[]>>

/** Takes a file, shows how it was understood, and starts an investigation of it. */
export const Upload = ({ onRead }: { onRead(): void }) => {
  const client = useClient()
  const { words } = useWords()
  const { percent } = useFormat()
  const [file, setFile] = useState<File>()
  const [step, setStep] = useState<Step>({ at: 'idle' })
  const [error, setError] = useState<ApiError>()
  const [given, setGiven] = useState<Corrections>({})
  const [isOver, setOver] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const id = useId()

  const send = async (chosen: File, corrections: Corrections): Promise<void> => {
    setFile(chosen)
    setGiven(corrections)
    setError(undefined)
    setStep({ at: 'sending', loaded: 0, total: chosen.size })
    try {
      const dataset = (await client.upload(chosen, {
        name: chosen.name,
        ...corrections,
        onProgress: ({ loaded, total = chosen.size }) =>
          setStep(loaded >= total ? { at: 'reading' } : { at: 'sending', loaded, total }),
      })) as Dataset
      setStep({ at: 'read', dataset })
      onRead()
    } catch (failure) {
      setError(failure as ApiError)
      setStep({ at: 'idle' })
    }
  }
  const take = (files: FileList | null): void => {
    const [chosen] = files ?? []
    if (chosen) void send(chosen, {})
  }
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer.files)
  }
  const again = (corrections: Corrections): void => {
    if (!file) return
    const mapping = { ...given.mapping, ...corrections.mapping }
    void send(file, {
      ...given,
      ...corrections,
      ...(Object.keys(mapping).length > 0 && { mapping }),
    })
  }
  const help = (error?.problem ?? {}) as Help

  return (
    <section className="upload" aria-labelledby={id}>
      <div
        className={['drop', isOver && 'over', step.at === 'read' && 'done'].filter(Boolean).join(' ')}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <label id={id} htmlFor={`${id}-file`}>
          {words.investigate.drop}
        </label>
        <input ref={input} id={`${id}-file`} type="file" onChange={({ target }) => take(target.files)} />
        <small>{words.investigate.forms}</small>
        {step.at === 'sending' && (
          <progress
            aria-label={words.investigate.uploading('')}
            value={step.loaded}
            max={Math.max(1, step.total)}
          />
        )}
        {step.at === 'reading' && <progress aria-label={words.investigate.reading} />}
        <p role="status">
          {step.at === 'sending' &&
            words.investigate.uploading(percent(step.loaded / Math.max(1, step.total)))}
          {step.at === 'reading' && words.investigate.reading}
        </p>
      </div>
      {error && <Failure error={error} />}
      {error && (help.headers || help.sheets || help.tables) && (
        <CorrectionForm
          asks={{
            headers: help.headers ?? [],
            missing: help.missing ?? [],
            sheets: help.sheets ?? help.tables ?? [],
          }}
          onRead={again}
        />
      )}
      {step.at === 'read' && <Understood dataset={step.dataset} onRead={again} />}
    </section>
  )
}
