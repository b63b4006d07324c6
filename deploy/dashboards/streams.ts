import { type DashboardSpec, of, rate } from './panel.ts'
import { cutOff } from './shared-panels.ts'

export const streams: DashboardSpec = {
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
        {
          title: 'Frames made and sent',
          description:
            'A frame is made once for all who get it; the further apart the lines, the more readers share one.',
          unit: 'cps',
          queries: [[rate('subscriber_frames_total', 'type, step'), '{{type}} {{step}}']],
        },
        {
          title: 'Bytes before and after compression',
          description: 'What subscribers were sent, and what it came to on their sockets.',
          unit: 'Bps',
          queries: [[rate('subscriber_bytes_total', 'type, compression'), '{{type}} {{compression}}']],
        },
        {
          title: 'Unsent bytes',
          description:
            'What waits for readers that are slow: of all together, and of the slowest. It is cut off at the limit.',
          unit: 'bytes',
          queries: [
            [`sum by (type) (${of('subscriber_unsent_bytes')})`, '{{type}} all'],
            [`max by (type) (${of('subscriber_unsent_bytes_most')})`, '{{type}} slowest'],
          ],
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
}
