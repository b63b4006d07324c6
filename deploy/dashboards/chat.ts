import { type DashboardSpec, of, quantile, rate, spread } from './panel.ts'
import { firstTokenByProvider, NOTHING_FAILED } from './shared-panels.ts'

export const chat: DashboardSpec = {
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
          title: 'Time between tokens',
          description: 'From one piece of an answer to the next, by provider, 95th percentile.',
          unit: 's',
          empty: 'no answer yet',
          queries: [[quantile(0.95, 'llm_time_between_tokens_seconds', 'provider'), '{{provider}} p95']],
        },
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
          title: 'States of providers',
          description: 'Instances whose breaker is in each state.',
          unit: 'short',
          queries: [[`sum by (provider, state) (${of('llm_provider_state')}) > 0`, '{{provider}} {{state}}']],
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
}
