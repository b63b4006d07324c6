import { type DashboardSpec, of, rate, spread } from './panel.ts'
import { REQUESTS } from './shared-panels.ts'

export const audit: DashboardSpec = {
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
            [`sum(increase(${of('audit_events_total', 'event_type="audit.broken"')}[1d]))`, 'found in a day'],
          ],
        },
        {
          title: 'How long an event takes',
          description: 'From handing it to the log until it is durable in the chain; callers wait for it.',
          unit: 's',
          queries: spread('audit_append_seconds'),
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
          title: 'Exports running',
          description: 'Files that are being sent now, by kind.',
          unit: 'short',
          queries: [[`sum by (kind) (${of('exports_running')})`, '{{kind}}']],
        },
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
}
