import { useCallback, useEffect, useState } from 'react'
import type { Answer } from '../api.ts'
import { useClient } from './provider.tsx'

/** A caller's limits, and how much of them is used. */
export type Limits = Answer<'/api/v1/limits', 'get'>

/** Reads what the caller may still use; `refresh` reads it again, as behind an answer. */
export const useLimits = (): { limits: Limits | undefined; refresh(): void } => {
  const client = useClient()
  const [limits, setLimits] = useState<Limits>()
  const refresh = useCallback(() => {
    client.api.get('/api/v1/limits').then(setLimits, () => undefined)
  }, [client])
  useEffect(refresh, [refresh])
  return { limits, refresh }
}
