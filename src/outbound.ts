import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici'

/** The proxies that requests to vendors and data sources go through, as the settings name them. */
export interface OutboundSettings {
  readonly OUTBOUND_PROXY: boolean
  readonly HTTPS_PROXY?: string | undefined
  readonly HTTP_PROXY?: string | undefined
  readonly NO_PROXY?: string | undefined
}

/** Opens connections of one user's own. */
export type OpenDispatcher = (options: Agent.Options) => Dispatcher

/**
 * Returns what opens connections to elsewhere: through the proxies that the settings name, or straight. A proxy gets
 * the name of the host and resolves it itself; name and password in its URL go along as `Proxy-Authorization`. Loopback
 * goes through it too, unless `NO_PROXY` says otherwise.
 * @example
 * const open = outbound({ OUTBOUND_PROXY: true, HTTPS_PROXY: 'http://user:secret@proxy:3128', NO_PROXY: '.internal' })
 */
export const outbound = (settings: OutboundSettings): OpenDispatcher => {
  const { OUTBOUND_PROXY: isOn, HTTPS_PROXY: httpsProxy, HTTP_PROXY: httpProxy, NO_PROXY: noProxy } = settings
  if (!isOn || (httpsProxy === undefined && httpProxy === undefined)) return (options) => new Agent(options)
  // Empty texts, since the agent would look up what is absent in the environment.
  const proxies = { httpsProxy: httpsProxy ?? '', httpProxy: httpProxy ?? '', noProxy: noProxy ?? '' }
  return (options) => new EnvHttpProxyAgent({ ...options, ...proxies })
}
