import { useClient } from '@tributary/client/react'
import { useLoad } from '../parts/load.ts'
import { useWords } from '../words/words.tsx'
import type { Page, Rule } from './shapes.ts'

/** All rules, in the reader's language. */
export const useRules = (): readonly Rule[] | undefined => {
  const client = useClient()
  const { language } = useWords()
  const { value } = useLoad(
    `rules/${language}`,
    async () => (await client.api.get(`/api/v1/anomaly-types?lang=${language}`)) as Page<Rule>,
  )
  return value?.items
}
