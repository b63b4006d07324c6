import type { TributaryClient } from '@tributary/client'
import type { Page } from './shapes.ts'

/** Reads a list to its end, page by page. @param path with its query */
export const pagesOf = async <T>(client: TributaryClient, path: string): Promise<T[]> => {
  const items: T[] = []
  for (let after: string | null = ''; after !== null; ) {
    const page: Page<T> = (await client.api.get(
      after === '' ? path : `${path}&after=${encodeURIComponent(after)}`,
    )) as Page<T>
    items.push(...page.items)
    after = page.next
  }
  return items
}
