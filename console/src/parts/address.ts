import { useCallback, useMemo } from 'react'
import { useLocation, useSearch } from 'wouter'

/**
 * Keeps a part of the page's state in its address, so that a reload or a copied link shows the same.
 * @returns the query's fields, and a change of some of them; an empty value takes a field away
 */
export const useQuery = (): [
  URLSearchParams,
  (fields: Record<string, string>, replace?: boolean) => void,
] => {
  const search = useSearch()
  const [path, navigate] = useLocation()
  const query = useMemo(() => new URLSearchParams(search), [search])
  const change = useCallback(
    (fields: Record<string, string>, replace = true) => {
      const next = new URLSearchParams(location.search)
      for (const [name, value] of Object.entries(fields)) {
        if (value === '') next.delete(name)
        else next.set(name, value)
      }
      const text = next.toString()
      navigate(text === '' ? path : `${path}?${text}`, { replace })
    },
    [navigate, path],
  )
  return [query, change]
}
