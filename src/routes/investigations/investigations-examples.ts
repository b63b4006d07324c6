import type { RouteExample } from '../../plugins/route-example.ts'

/** An investigation that has ended, as lists and its own address tell it. */
const INVESTIGATION = {
  investigation_id: '6b28e754-3ae4-4ab2-a54b-30576df709fc',
  stream_id: 'c1d222a3-dd69-404f-9407-b66dc9be90ad',
  owner: '53e0fedd-2b18-449c-ad0e-0e1a36b154b3',
  query: 'What is unusual in these contracts?',
  status: 'completed',
  dataset_id: 'sample',
  data_source: null,
  filters: {},
  anomaly_types: ['price_deviation', 'payment_pattern', 'duplicate_contract'],
  thresholds: {},
  language: 'en',
  progress: 100,
  current_phase: 'consolidating',
  records_processed: 294,
  records_total: 294,
  anomalies_detected: 7,
  created_at: '2026-11-29T12:54:37.604Z',
  started_at: '2026-11-29T12:54:37.833Z',
  ended_at: '2026-11-29T12:54:39.586Z',
  result: {
    total_anomalies: 7,
    by_type: {
      duplicate_contract: 1,
      payment_pattern: 1,
      price_deviation: 2,
      split_purchase: 1,
      temporal_pattern: 1,
      vendor_concentration: 1,
    },
    by_severity: { high: 2, medium: 2, critical: 3 },
    records_processed: 294,
    risk_score: 6.5,
    skipped: [
      {
        anomaly_type: 'benford_deviation',
        reason: 'fewer than 500 positive values',
        code: 'few_values',
      },
    ],
    warnings: [],
    execution_time: '1.7s',
    duration_ms: 1748,
    timestamp: '2026-11-29T12:54:39.582Z',
  },
  error: null,
}

/** Requests and answers of investigations, in an order in which they work one after the other. */
export const INVESTIGATION_EXAMPLES: readonly RouteExample[] = [
  {
    route: 'POST /api/v1/investigations',
    request: { body: { query: 'What is unusual in these contracts?', dataset_id: 'sample', language: 'en' } },
    answer: {
      status: 202,
      means: 'The investigation is kept and will run; its progress is at `stream_url` and `ws_url`',
      body: {
        investigation_id: '6b28e754-3ae4-4ab2-a54b-30576df709fc',
        stream_id: 'c1d222a3-dd69-404f-9407-b66dc9be90ad',
        status: 'pending',
        stream_url: '/api/v1/investigations/stream/6b28e754-3ae4-4ab2-a54b-30576df709fc',
        ws_url: '/api/v1/ws/investigations/6b28e754-3ae4-4ab2-a54b-30576df709fc',
      },
    },
  },
  {
    route: 'GET /api/v1/investigations/stream/{id}',
    request: { params: { id: '6b28e754-3ae4-4ab2-a54b-30576df709fc' } },
    answer: {
      status: 200,
      means: 'The story of the investigation, from its beginning or behind `Last-Event-ID`, to its end',
      events: [
        {
          id: 1,
          data: {
            type: 'progress',
            investigation_id: '6b28e754-3ae4-4ab2-a54b-30576df709fc',
            progress: 0,
            current_phase: 'collecting_data',
            records_processed: 0,
            records_total: 0,
            anomalies_detected: 0,
            timestamp: '2026-11-29T12:54:37.912Z',
          },
          means: 'How far it has come, in percent that never fall, and in which phase',
        },
        {
          id: 6,
          data: {
            type: 'anomaly',
            investigation_id: '6b28e754-3ae4-4ab2-a54b-30576df709fc',
            anomaly_id: 'dcab5dae0530a240332dbfc3',
            anomaly_type: 'price_deviation',
            severity: 'medium',
            confidence: 0.9,
            contract_id: '0132/2023',
            title:
              'Unit price 175.6% over its reference price: Papel sulfite A4 75 g/m², branco, resma com 500 folhas',
            explanation:
              'The unit price paid is R$ 68.90; the reference price of the same row is R$ 25.00. Over the quantity…',
            evidence: {
              contracts: [
                {
                  contract_id: '0132/2023',
                  contract_number: '0132/2023',
                  value: 21359,
                  date: '2023-08-14',
                  object: 'Aquisição de papel sulfite, pedido 12',
                },
              ],
              currency: 'BRL',
              observed: 68.9,
              expected: 25,
              ratio: 2.756,
              law: 'Lei 14.133/2021 arts. 23 and 59 III',
              note_codes: [],
              notes: [],
            },
            financial_impact: 13609,
          },
          means: 'A finding, once, as soon as it is found',
        },
        {
          id: 22,
          data: {
            type: 'complete',
            investigation_id: '6b28e754-3ae4-4ab2-a54b-30576df709fc',
            total_anomalies: 7,
            by_type: {
              duplicate_contract: 1,
              payment_pattern: 1,
              price_deviation: 2,
              split_purchase: 1,
              temporal_pattern: 1,
              vendor_concentration: 1,
            },
            by_severity: { high: 2, medium: 2, critical: 3 },
            records_processed: 294,
            risk_score: 6.5,
            skipped: [
              {
                anomaly_type: 'benford_deviation',
                reason: 'fewer than 500 positive values',
                code: 'few_values',
              },
            ],
            warnings: [],
            execution_time: '1.7s',
            duration_ms: 1748,
            timestamp: '2026-11-29T12:54:39.582Z',
          },
          means: 'It has ended: findings by type and severity, and the rules that could not run',
        },
      ],
      mayAlsoCome: '`paused`, `resumed`; at the end, in place of `complete`, `error` or `cancelled`',
    },
  },
  {
    route: 'GET /api/v1/investigations',
    request: { query: { limit: 10 } },
    answer: {
      status: 200,
      means: 'A page of investigations, newest first',
      body: {
        items: [INVESTIGATION],
        next: null,
      },
    },
  },
  {
    route: 'GET /api/v1/investigations/{id}',
    request: { params: { id: '6b28e754-3ae4-4ab2-a54b-30576df709fc' } },
    answer: {
      status: 200,
      means: 'The investigation and, once it has ended, its result',
      body: {
        ...INVESTIGATION,
        stream_url: '/api/v1/investigations/stream/6b28e754-3ae4-4ab2-a54b-30576df709fc',
        ws_url: '/api/v1/ws/investigations/6b28e754-3ae4-4ab2-a54b-30576df709fc',
      },
    },
  },
  {
    route: 'POST /api/v1/investigations/{id}/share',
    request: { params: { id: '6b28e754-3ae4-4ab2-a54b-30576df709fc' }, body: { username: 'ana' } },
    answer: {
      status: 200,
      means: 'The share that holds now',
      body: { investigation_id: '6b28e754-3ae4-4ab2-a54b-30576df709fc', shared_with: 'ana' },
    },
  },
  {
    route: 'DELETE /api/v1/investigations/{id}/share',
    request: { params: { id: '6b28e754-3ae4-4ab2-a54b-30576df709fc' }, body: { username: 'ana' } },
    answer: { status: 204, means: 'The share has ended, and those who were watching by it are cut off' },
  },
  {
    route: 'POST /api/v1/investigations/{id}/pause',
    request: { params: { id: '151ca279-3ad9-4e83-8ea9-035c19f252b0' } },
    answer: {
      status: 202,
      means: 'It stops at the next step, and `paused` is told',
      body: { investigation_id: '151ca279-3ad9-4e83-8ea9-035c19f252b0', status: 'paused' },
    },
  },
  {
    route: 'POST /api/v1/investigations/{id}/resume',
    request: { params: { id: '151ca279-3ad9-4e83-8ea9-035c19f252b0' } },
    answer: {
      status: 202,
      means: 'It goes on where it was, and `resumed` is told',
      body: { investigation_id: '151ca279-3ad9-4e83-8ea9-035c19f252b0', status: 'running' },
    },
  },
  {
    route: 'POST /api/v1/investigations/{id}/cancel',
    request: { params: { id: '151ca279-3ad9-4e83-8ea9-035c19f252b0' } },
    answer: {
      status: 202,
      means: 'It is told to end; its stream ends with `cancelled`',
      body: { investigation_id: '151ca279-3ad9-4e83-8ea9-035c19f252b0', status: 'running' },
    },
  },
  {
    route: 'DELETE /api/v1/investigations/{id}',
    request: { params: { id: '6b28e754-3ae4-4ab2-a54b-30576df709fc' } },
    answer: { status: 204, means: 'The investigation is gone' },
  },
]
