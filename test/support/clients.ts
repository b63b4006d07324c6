import type { EventClient, EventClientOptions } from './event-source.ts'
import { type Client, newUser } from './process.ts'

/**
 * Makes users and signs them in, all at once.
 * @param roles of each, by name
 */
export const newUsers = async <Name extends string>(
  admin: Client,
  url: string,
  roles: Record<Name, string>,
): Promise<Record<Name, Client>> => {
  const made = Object.entries<string>(roles).map(
    async ([name, role]) => [name, await newUser(admin, url, name, role)] as const,
  )
  return Object.fromEntries(await Promise.all(made)) as Record<Name, Client>
}

interface Reader {
  events(path: string, options: EventClientOptions): Promise<EventClient>
}

/** Posts JSON, and reads the events of the answer. */
export const postEvents = (reader: Reader, path: string, body: unknown): Promise<EventClient> =>
  reader.events(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
