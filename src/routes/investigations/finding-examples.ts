import type { RouteExample } from '../../plugins/route-example.ts'

/** Requests and answers of findings and reports, in an order in which they work one after the other. */
export const FINDING_EXAMPLES: readonly RouteExample[] = [
  {
    route: 'GET /api/v1/anomaly-types',
    request: { query: { lang: 'en' } },
    answer: {
      status: 200,
      means: 'Each type with its rule, sources, blind spots and thresholds, in the language asked for',
      body: {
        items: [
          {
            anomaly_type: 'price_deviation',
            title: 'Price deviation',
            rule: 'A unit price from 10 % over its reference price; or, among at least 8 purchases of the same item in…',
            sources: [
              'Lei 14.133/2021 arts. 23 and 59 III',
              'B. Iglewicz, D. Hoaglin: How to Detect and Handle Outliers (ASQC, 1993)',
            ],
            blind_spots: [
              'A reference price that was inflated itself hides an overprice.',
              'Groups mix years and places: inflation and freight are not taken out.',
              'Without a unit of measure, in its column or in the description, a finding is never above low.',
            ],
            thresholds: {
              reference_rise: {
                default: 0.1,
                minimum: 0,
                meaning: 'rise over the reference price from which it is told (0.1 = 10 %)',
              },
              z: { default: 3.5, minimum: 0, meaning: 'modified z-score on logarithms that must be passed' },
              median_ratio: { default: 1.5, minimum: 1, meaning: 'times the median of the group, at least' },
              group_rows: { default: 8, minimum: 3, meaning: 'rows of a comparable group, at least' },
              group_purchases: {
                default: 3,
                minimum: 1,
                meaning: 'purchases from which they come, at least',
              },
              middle_ratio: {
                default: 4,
                minimum: 1,
                meaning:
                  'factor within which the middle half of a group named by object or category must lie',
              },
            },
          },
        ],
        next: null,
      },
    },
  },
  {
    route: 'GET /api/v1/investigations/{id}/anomalies',
    request: {
      params: { id: '6b28e754-3ae4-4ab2-a54b-30576df709fc' },
      query: { severity: 'high', limit: 1 },
    },
    answer: {
      status: 200,
      means: 'A page of findings with their evidence',
      body: {
        items: [
          {
            anomaly_id: 'b8b34719e16fccd743907b39',
            anomaly_type: 'payment_pattern',
            severity: 'high',
            confidence: 0.75,
            contract_id: '0052/2022',
            title: 'Contract value grew by 41%, over the limit of 25%',
            explanation:
              'The contract stands at R$ 2,570,995.09, 41% over its initial value of R$ 1,823,400.77. Lei 14.133/20…',
            evidence: {
              contracts: [
                {
                  contract_id: '0052/2022',
                  contract_number: '0052/2022',
                  value: 2570995.09,
                  date: '2022-08-15',
                  object: 'Construção da creche municipal Arco da Velha',
                },
              ],
              buyer: 'Prefeitura Municipal de Vila Fictícia',
              supplier_id: '00100333000192',
              supplier_name: 'Engenharia Ponte Imaginada Ltda',
              currency: 'BRL',
              observed: 2570995.09,
              expected: 1823400.77,
              ratio: 1.41,
              limit: 2279250.96,
              law: 'Lei 14.133/2021 art. 125; Lei 8.666/1993 art. 65 § 1',
              note_codes: ['not_updated'],
              notes: ['the file has no updated initial value: price adjustments are not taken out'],
            },
            financial_impact: 291744.13,
          },
        ],
        next: '3',
      },
    },
  },
  {
    route: 'PUT /api/v1/investigations/{id}/anomalies/{anomaly_id}/review',
    request: {
      params: { id: '6b28e754-3ae4-4ab2-a54b-30576df709fc', anomaly_id: 'b8b34719e16fccd743907b39' },
      body: { verdict: 'to_check', note: 'Ask the works department for the amendments' },
    },
    answer: {
      status: 200,
      means: 'The review of the finding, in place of the one before; lists, reports and exports show it',
      body: {
        verdict: 'to_check',
        note: 'Ask the works department for the amendments',
        reviewer: 'ana',
        reviewed_at: '2026-11-29T12:58:03.114Z',
      },
    },
  },
  {
    route: 'DELETE /api/v1/investigations/{id}/anomalies/{anomaly_id}/review',
    request: {
      params: { id: '6b28e754-3ae4-4ab2-a54b-30576df709fc', anomaly_id: 'b8b34719e16fccd743907b39' },
    },
    answer: { status: 204, means: 'The finding has no review any more' },
  },
  {
    route: 'GET /api/v1/investigations/{id}/anomalies/export',
    request: { params: { id: '6b28e754-3ae4-4ab2-a54b-30576df709fc' }, query: { format: 'csv' } },
    answer: {
      status: 200,
      means: 'The findings as a file, streamed',
      contentType: 'text/csv',
      body: 'anomaly_id,anomaly_type,severity,confidence,contract_id,title,explanation,evidence,financial_impact\r\n"dcab5dae0530a240332dbfc3","price_deviation","medium","0.9","0132/2023","Unit price 175.6% over its reference price: Papel sulfite A4 75 g/m², branco, resma com 500 folhas","The unit price paid is R$ 68.90; the reference price of the same row is R$ 25.00. Over the quantity of 310 the difference is R$ 13,609.00. Lei 14.133/2021 (arts. 23 and 59 III) asks that prices paid stand in line with the estimate. This is a red flag to look into, not a proof of wrongdoing.","{""contracts"":[{""contract_id"":""0132/2023"",""contract_number"":""0132/2023"",""value"":21359,""date"":""2023-08-14"",""object"":""Aquisição de papel sulfite, pedido 12""}],""currency"":""BRL"",""observed"":68.9,""expected"":25,""ratio"":2.756,""law"":""Lei 14.133/2021 arts. 23 and 59 III"",""note_codes"":[],""notes"":[]}","13609"\r\n',
    },
  },
  {
    route: 'GET /api/v1/investigations/{id}/report',
    request: { params: { id: '6b28e754-3ae4-4ab2-a54b-30576df709fc' }, query: { format: 'md' } },
    answer: {
      status: 200,
      means: 'The report, in the format asked for',
      contentType: 'text/markdown',
      body: '# Investigation of public contracts\n\n**Each finding below is a red flag, not a proof. It shows where the published data departs from a stated rule; there may be a lawful reason that the data does not show. Check the original documents and hear those concerned before you draw a conclusion or publish a name.**\n\n> The data is synthetic: the names and contracts are made up.\n>\n\n| About this report |  |\n| --- | --- |\n',
    },
  },
]
