import { type DashboardSpec, of, rate, spread } from './panel.ts'
import {
  cutOff,
  firstTokenByProvider,
  instancesUp,
  NOTHING_FAILED,
  REQUESTS,
  roundTrip,
} from './shared-panels.ts'

const openStreams = `sum(${of('sse_connections_active')}) + sum(${of('websocket_connections_active')})`
const failing = `(${rate(`${REQUESTS}_count`, '', 'status=~"5.."')} or vector(0)) / ${rate(`${REQUESTS}_count`)}`

export const overview: DashboardSpec = {
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
          description: '99th percentile of the slowest instance; streams stutter above a tenth of a second.',
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
}
