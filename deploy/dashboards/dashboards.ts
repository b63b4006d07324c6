import { type DashboardSpec, of, type PanelSpec, quantile, rate, spread } from './panel.ts'

const REQUESTS = 'http_request_duration_seconds'
const NOTHING_FAILED = 'nothing has failed'
const openStreams = `sum(${of('sse_connections_active')}) + sum(${of('websocket_connections_active')})`
const failing = `(${rate(`${REQUESTS}_count`, '', 'status=~"5.."')} or vector(0)) / ${rate(`${REQUESTS}_count`)}`

const instancesUp: PanelSpec = {
  title: 'Instances up',
  description: 'Instances that Prometheus reaches.',
  unit: 'short',
  isStat: true,
  queries: [['sum(up{job="tributary"})', 'up']],
}
const cutOff: PanelSpec = {
  title: 'Subscribers cut off',
  description:
    'They read too slowly: stalled ones drained nothing for the grace, others had far too much unsent.',
  unit: 'cps',
  empty: 'nobody was cut off',
  queries: [[rate('subscriber_cutoffs_total', 'reason'), '{{reason}}']],
}
const firstTokenByProvider: PanelSpec = {
  title: 'First token by provider',
  description: 'From asking a provider to its first token: which one is slow.',
  unit: 's',
  empty: 'no provider was asked',
  queries: [
    [quantile(0.5, 'llm_time_to_first_token_seconds', 'provider'), '{{provider}} p50'],
    [quantile(0.95, 'llm_time_to_first_token_seconds', 'provider'), '{{provider}} p95'],
  ],
}
const roundTrip: PanelSpec = {
  title: 'The way through the bus',
  description: 'A probe to itself and back, over Redis.',
  unit: 's',
  empty: 'the bus is in memory',
  queries: spread('bus_roundtrip_seconds'),
}

/** The dashboards, by the names of their files. */
export const DASHBOARDS: Readonly<Record<string, DashboardSpec>> = {
  overview: {
    uid: 'overview',
    title: 'Tributary: overview',
    description: 'Is it well? One line for each promise; the other dashboards say why.',
    rows: [
      [
        'At a glance',
        [
          instancesUp,
          {
            title: 'Open streams',
            description: 'Event-streams and WebSockets together.',
            unit: 'short',
            isStat: true,
            queries: [[openStreams, 'open']],
          },
          {
            title: 'Requests that fail',
            description: 'Share of answers with a status of 500 or more.',
            unit: 'percentunit',
            isStat: true,
            empty: 'no request yet',
            queries: [[failing, 'failing']],
          },
          {
            title: 'Worst event-loop delay',
            description:
              '99th percentile of the slowest instance; streams stutter above a tenth of a second.',
            unit: 's',
            isStat: true,
            queries: [[`max(${of('nodejs_eventloop_lag_p99_seconds')})`, 'p99']],
          },
        ],
      ],
      [
        'Requests',
        [
          {
            title: 'Requests by endpoint',
            description: 'Counted at their end, streams and WebSockets (status 101) too.',
            unit: 'reqps',
            empty: 'no request yet',
            queries: [[rate(`${REQUESTS}_count`, 'endpoint'), '{{endpoint}}']],
          },
          {
            title: 'How long they take',
            description: 'Median, 95th and 99th percentile; of a stream it is its whole life.',
            unit: 's',
            empty: 'no request yet',
            queries: spread(REQUESTS),
          },
          {
            title: 'Refusals and failures',
            description: 'Answers with a status of 400 or more, by status.',
            unit: 'reqps',
            empty: NOTHING_FAILED,
            queries: [[rate(`${REQUESTS}_count`, 'status', 'status=~"[45].."'), '{{status}}']],
          },
          firstTokenByProvider,
          cutOff,
          roundTrip,
        ],
      ],
    ],
  },
  streams: {
    uid: 'streams',
    title: 'Tributary: streams and fan-out',
    description: 'Who listens, what is delivered, who was cut off and who could not resume.',
    rows: [
      [
        'Listeners',
        [
          {
            title: 'Open event-streams',
            description: 'By endpoint.',
            unit: 'short',
            empty: 'none was ever open',
            queries: [[`sum by (endpoint) (${of('sse_connections_active')})`, '{{endpoint}}']],
          },
          {
            title: 'Open WebSockets',
            description: 'By kind.',
            unit: 'short',
            queries: [[`sum by (type) (${of('websocket_connections_active')})`, '{{type}}']],
          },
          {
            title: 'Subscribed channels',
            description: 'Channels that an instance listens to for somebody, by namespace.',
            unit: 'short',
            queries: [[`sum by (kind) (${of('hub_channels')})`, '{{kind}}']],
          },
          {
            title: 'Subscribers of channels',
            description: 'By namespace; one connection may have many subscriptions.',
            unit: 'short',
            queries: [[`sum by (kind) (${of('hub_subscribers')})`, '{{kind}}']],
          },
        ],
      ],
      [
        'Delivery',
        [
          {
            title: 'Publications and deliveries',
            description: 'A delivery is one publication handed to one subscriber.',
            unit: 'cps',
            queries: [
              [rate('bus_publications_total'), 'publications'],
              [rate('bus_deliveries_total'), 'deliveries'],
            ],
          },
          {
            title: 'Events sent',
            description: 'Over event-streams, by endpoint.',
            unit: 'cps',
            empty: 'none was sent',
            queries: [[rate('sse_events_sent_total', 'endpoint'), '{{endpoint}}']],
          },
          cutOff,
          {
            title: 'Positions asked for',
            description: 'recovered: everything missed followed; else why it could not.',
            unit: 'cps',
            queries: [[rate('subscriber_recoveries_total', 'outcome'), '{{outcome}}']],
          },
          {
            title: 'Streams that failed',
            description: 'By the way they stream and endpoint.',
            unit: 'cps',
            queries: [[rate('streaming_errors_total', 'type, endpoint'), '{{type}} {{endpoint}}']],
          },
        ],
      ],
    ],
  },
  chat: {
    uid: 'chat',
    title: 'Tributary: chat and providers',
    description: 'How turns go, and which provider is slow, failing or left alone.',
    rows: [
      [
        'Turns',
        [
          {
            title: 'Turns',
            description: 'Begun, and how they ended.',
            unit: 'cps',
            queries: [
              [rate('stream_chat_started_total'), 'begun'],
              [rate('stream_chat_completed_total'), 'completed'],
              [rate('stream_chat_cancelled_total'), 'cancelled'],
            ],
          },
          {
            title: 'Turns that failed',
            description: 'By error code.',
            unit: 'cps',
            empty: NOTHING_FAILED,
            queries: [[rate('stream_chat_error_total', 'code'), '{{code}}']],
          },
          {
            title: 'First text of an answer',
            description: 'From the start of a turn to the first text its viewers see.',
            unit: 's',
            empty: 'no turn yet',
            queries: spread('stream_chat_ttfb_seconds'),
          },
          {
            title: 'How long turns take',
            description: 'From the start to the terminal event.',
            unit: 's',
            empty: 'no turn yet',
            queries: spread('stream_chat_duration_seconds'),
          },
        ],
      ],
      [
        'Providers',
        [
          firstTokenByProvider,
          {
            title: 'Requests to providers',
            description: 'By outcome: ok, or the error code; retries and fallbacks are requests too.',
            unit: 'reqps',
            empty: 'no provider was asked',
            queries: [[rate('llm_attempts_total', 'provider, outcome'), '{{provider}} {{outcome}}']],
          },
          {
            title: 'Providers left alone',
            description: '1 while a breaker is open: the provider failed again and again and is not asked.',
            unit: 'short',
            queries: [[`max by (provider) (${of('llm_provider_state', 'state="open"')})`, '{{provider}}']],
          },
          {
            title: 'Pace by provider',
            description: 'Tokens of an answer by the time from its first to its last, median.',
            unit: 'short',
            empty: 'no answer yet',
            queries: [[quantile(0.5, 'llm_tokens_per_second', 'provider'), '{{provider}}']],
          },
          {
            title: 'Tokens',
            description: 'By provider and kind, as the providers count them or estimated.',
            unit: 'cps',
            empty: 'no answer yet',
            queries: [[rate('llm_tokens_total', 'provider, kind'), '{{provider}} {{kind}}']],
          },
          {
            title: 'Cost per hour',
            description: 'By provider, where a price is known.',
            unit: 'currencyUSD',
            empty: 'no answer yet',
            queries: [[`3600 * ${rate('llm_cost_dollars_total', 'provider')}`, '{{provider}}']],
          },
        ],
      ],
    ],
  },
  investigations: {
    uid: 'investigations',
    title: 'Tributary: investigations',
    description: 'What waits, what runs, and what failed.',
    rows: [
      [
        'Queue',
        [
          {
            title: 'Jobs',
            description: 'By state. Every instance sees the same queue, so the largest figure counts.',
            unit: 'short',
            queries: [[`max by (state) (${of('jobs')})`, '{{state}}']],
          },
          {
            title: 'Oldest job that waits',
            description: 'How long it has waited for an instance; it grows while every instance is full.',
            unit: 's',
            queries: [[`max(${of('jobs_oldest_waiting_seconds')})`, 'oldest']],
          },
          {
            title: 'Streams held',
            description: 'Streams whose lease an instance renews; parked ones are paused.',
            unit: 'short',
            queries: [[`sum by (instance, state) (${of('streams_held')})`, '{{instance}} {{state}}']],
          },
        ],
      ],
      [
        'Work',
        [
          {
            title: 'Investigations told',
            description: 'Event-streams of investigations, at their end.',
            unit: 'reqps',
            empty: 'none was watched',
            queries: [
              [
                rate(`${REQUESTS}_count`, 'endpoint, status', 'endpoint=~"/api/v1/investigations.*"'),
                '{{endpoint}} {{status}}',
              ],
            ],
          },
          {
            title: 'Investigations ended',
            description: 'By their event in the audit log, which is written once for each.',
            unit: 'cps',
            empty: 'none has ended',
            queries: [
              [rate('audit_events_total', 'event_type', 'event_type=~"investigation.*"'), '{{event_type}}'],
            ],
          },
          {
            title: 'Investigations that failed',
            description: 'Streams that ended with their error.',
            unit: 'cps',
            queries: [
              [
                rate('streaming_errors_total', 'endpoint', 'endpoint=~"/api/v1/(ws/)?investigations.*"'),
                '{{endpoint}}',
              ],
            ],
          },
        ],
      ],
    ],
  },
  audit: {
    uid: 'audit',
    title: 'Tributary: audit and exports',
    description: 'Is every action in the chain, is the chain signed, and how do exports go?',
    rows: [
      [
        'Chain',
        [
          {
            title: 'Events',
            description: 'Events put into the audit log, by type.',
            unit: 'cps',
            queries: [[rate('audit_events_total', 'event_type'), '{{event_type}}']],
          },
          {
            title: 'Broken chains found',
            description: 'Events audit.broken: the log does not follow from its hashes. Any is one too many.',
            unit: 'short',
            queries: [
              [
                `sum(increase(${of('audit_events_total', 'event_type="audit.broken"')}[1d]))`,
                'found in a day',
              ],
            ],
          },
          {
            title: 'Since the last signature',
            description: 'The log is signed hourly while events come.',
            unit: 's',
            empty: 'it was never signed',
            queries: [[`time() - max(${of('audit_checkpoint_timestamp_seconds')})`, 'seconds']],
          },
        ],
      ],
      [
        'Reading',
        [
          {
            title: 'Exports',
            description: 'Downloads of the audit log, at their end.',
            unit: 'reqps',
            empty: 'nothing was exported',
            queries: [
              [
                rate(`${REQUESTS}_count`, 'endpoint, status', 'endpoint=~"/api/v1/audit/export.*"'),
                '{{endpoint}} {{status}}',
              ],
            ],
          },
          {
            title: 'How long exports take',
            description: 'From the request to the last byte.',
            unit: 's',
            empty: 'nothing was exported',
            queries: spread(REQUESTS, '', 'endpoint=~"/api/v1/audit/export.*"'),
          },
          {
            title: 'Questions to the log',
            description: 'Queries and verifications.',
            unit: 'reqps',
            empty: 'nobody asked',
            queries: [
              [
                rate(`${REQUESTS}_count`, 'endpoint', 'endpoint=~"/api/v1/audit.*",endpoint!~".*export.*"'),
                '{{endpoint}}',
              ],
            ],
          },
        ],
      ],
    ],
  },
  instances: {
    uid: 'instances',
    title: 'Tributary: instances, Redis and store',
    description: 'What each process uses, and how long the parts it depends on take.',
    rows: [
      [
        'Processes',
        [
          {
            ...instancesUp,
            isStat: false,
            queries: [['sum by (instance) (up{job="tributary"})', '{{instance}}']],
          },
          {
            title: 'CPU',
            description: 'Processors in use, by instance.',
            unit: 'short',
            queries: [[`rate(${of('process_cpu_seconds_total')}[$__rate_interval])`, '{{instance}}']],
          },
          {
            title: 'Memory',
            description: 'Resident, and JavaScript heap in use.',
            unit: 'bytes',
            queries: [
              [of('process_resident_memory_bytes'), '{{instance}} resident'],
              [of('nodejs_heap_size_used_bytes'), '{{instance}} heap'],
            ],
          },
          {
            title: 'Event-loop delay',
            description: 'Median and 99th percentile.',
            unit: 's',
            queries: [
              [of('nodejs_eventloop_lag_p50_seconds'), '{{instance}} p50'],
              [of('nodejs_eventloop_lag_p99_seconds'), '{{instance}} p99'],
            ],
          },
          {
            title: 'Garbage collection',
            description: 'Share of time, by kind.',
            unit: 'percentunit',
            queries: [[rate('nodejs_gc_duration_seconds_sum', 'instance, kind'), '{{instance}} {{kind}}']],
          },
          {
            title: 'File descriptors',
            description: 'Open ones, and how many there may be.',
            unit: 'short',
            queries: [
              [of('process_open_fds'), '{{instance}} open'],
              [of('process_max_fds'), '{{instance}} allowed'],
            ],
          },
        ],
      ],
      [
        'What they depend on',
        [
          roundTrip,
          {
            title: 'The way to the store',
            description: 'A query that each scrape asks.',
            unit: 's',
            queries: spread('store_roundtrip_seconds'),
          },
          {
            title: 'Handles',
            description: 'What keeps the event loop alive: sockets, timers, files.',
            unit: 'short',
            queries: [[of('nodejs_active_handles_total'), '{{instance}}']],
          },
        ],
      ],
    ],
  },
}
