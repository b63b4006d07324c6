import { createContext, type ReactNode, useContext } from 'react'
import type { TributaryClient } from '../client.ts'

const ClientContext = createContext<TributaryClient | undefined>(undefined)

/** Gives all hooks below it one client. */
export const TributaryProvider = ({
  client,
  children,
}: {
  client: TributaryClient
  children?: ReactNode
}) => <ClientContext.Provider value={client}>{children}</ClientContext.Provider>

/**
 * The client of the provider above.
 * @throws {Error} where there is none
 */
export const useClient = (): TributaryClient => {
  const client = useContext(ClientContext)
  if (client === undefined) throw new Error('Put a <TributaryProvider client={…}> around this component')
  return client
}
