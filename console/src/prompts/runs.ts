import type { PromptEnd, Run } from '@tributary/client'
import { useClient } from '@tributary/client/react'
import { useCallback, useEffect, useRef, useState } from 'react'

type Done = Extract<PromptEnd, { type: 'done' }>

/** One execution of a prompt, as far as it has come. */
export interface PromptRun {
  /** Counts the page's runs from 1. */
  number: number
  promptId: number
  variables: Readonly<Record<string, string>>
  model: string | undefined
  text: string
  isOver: boolean
  error?: string
  /** Figures of the execution, once it is done. */
  done?: Done
}

/** Keeps the executions that a page has started, in their order, for as long as the page is open. */
export const useRuns = () => {
  const client = useClient()
  const [runs, setRuns] = useState<readonly PromptRun[]>([])
  const started = useRef<Run<{ type: string }>[]>([])
  useEffect(
    () => () => {
      for (const run of started.current) run.detach()
    },
    [],
  )
  const start = useCallback(
    async (promptId: number, variables: Readonly<Record<string, string>>): Promise<void> => {
      const run = client.execute({ promptId, variables })
      const number = started.current.push(run)
      const tell = (news: Partial<PromptRun>): void =>
        setRuns((all) => all.map((one) => (one.number === number ? { ...one, ...news } : one)))
      setRuns((all) => [...all, { number, promptId, variables, model: undefined, text: '', isOver: false }])
      try {
        for await (const event of run) {
          if (event.type === 'start') tell({ model: event.modelName })
          else if (event.type === 'error') tell({ error: event.message })
          else if (event.type === 'done') tell({ text: run.text, done: event })
          else tell({ text: run.text })
        }
      } catch (error) {
        tell({ error: (error as Error).message })
      }
      tell({ isOver: true })
    },
    [client],
  )
  return { runs, start }
}
