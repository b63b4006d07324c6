import { type DashboardSpec, of, quantile, rate } from './panel.ts'
import { REQUESTS } from './shared-panels.ts'

export const investigations: DashboardSpec = {
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
        {
          title: 'Leases hold for',
          description:
            'How long an instance keeps its streams without a renewal. Below 0 others may take them: it is hung or has no store.',
          unit: 's',
          queries: [[`min by (instance) (${of('lease_left_seconds')})`, '{{instance}}']],
        },
        {
          title: 'Streams that changed hands',
          description:
            'Taken over from an instance that died or stopped; taken from one that had lost its lease.',
          unit: 'cps',
          queries: [
            [rate('streams_taken_over_total', 'kind'), '{{kind}} taken over'],
            [rate('streams_lost_total', 'kind'), '{{kind}} lost'],
          ],
        },
      ],
    ],
    [
      'Work',
      [
        {
          title: 'Time by rule',
          description: 'Of one rule over the contracts of one investigation, 95th percentile.',
          unit: 's',
          empty: 'no rule has run',
          queries: [[quantile(0.95, 'investigation_rule_seconds', 'anomaly_type'), '{{anomaly_type}} p95']],
        },
        {
          title: 'Contracts read',
          description: 'By investigations.',
          unit: 'cps',
          queries: [[rate('investigation_contracts_total'), 'contracts']],
        },
        {
          title: 'Lines of files',
          description: 'Read from uploads and sources: kept as a contract, merged into one, or rejected.',
          unit: 'cps',
          queries: [[rate('dataset_lines_total', 'outcome'), '{{outcome}}']],
        },
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
}
