import { type PanelSpec, quantile, rate, spread } from './panel.ts'

/** Every request, at its end. */
export const REQUESTS = 'http_request_duration_seconds'
/** Text of a panel of failures while there are none. */
export const NOTHING_FAILED = 'nothing has failed'
export const instancesUp: PanelSpec = {
  title: 'Instances up',
  description: 'Instances that Prometheus reaches.',
  unit: 'short',
  isStat: true,
  queries: [['sum(up{job="tributary"})', 'up']],
}
export const cutOff: PanelSpec = {
  title: 'Subscribers cut off',
  description:
    'They read too slowly: stalled ones drained nothing for the grace, others had far too much unsent.',
  unit: 'cps',
  empty: 'nobody was cut off',
  queries: [[rate('subscriber_cutoffs_total', 'reason'), '{{reason}}']],
}
export const firstTokenByProvider: PanelSpec = {
  title: 'First token by provider',
  description: 'From asking a provider to its first token: which one is slow.',
  unit: 's',
  empty: 'no provider was asked',
  queries: [
    [quantile(0.5, 'llm_time_to_first_token_seconds', 'provider'), '{{provider}} p50'],
    [quantile(0.95, 'llm_time_to_first_token_seconds', 'provider'), '{{provider}} p95'],
  ],
}
export const roundTrip: PanelSpec = {
  title: 'The way through the bus',
  description: 'A probe to itself and back, over Redis.',
  unit: 's',
  empty: 'the bus is in memory',
  queries: spread('bus_roundtrip_seconds'),
}
