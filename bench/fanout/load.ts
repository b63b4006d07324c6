/** The load that subscribers put on the instances of a server. `#` in a path or message is the channel's number. */
export interface Load {
  /** Of each instance. */
  ports: number[]
  kind: 'sse' | 'websocket'
  path: string
  publish: string
  /** Lines of headers, of every request. */
  headers: string[]
  /** Message that a WebSocket sends after its upgrade. */
  send?: string
  /** Text by which a connection knows that it is subscribed. */
  ready: string
  connections: number
  channels: number
  publishers: number
  /** Publications a second; 0 publishes flat out. */
  rate: number
  /** Publications that may be on their way, flat out. */
  window: number
  /** Publications of one request, as NDJSON; one by default, as JSON. */
  batch?: number
  warmSeconds: number
  /** Publications before the measurement, at least: a server that others starve is not warm after some seconds. */
  warmPublications?: number
  seconds: number
}

export interface LoadResult {
  delivered: number
  published: number
  /** Deliveries that did not come. */
  missing: number
  seconds: number
  /** Latency from before the request of a publication to its arrival, in ms. */
  p50: number
  p99: number
}
