import type { Texts } from './texts.ts'

/** The texts of answers in English. */
export const en: Texts = {
  notAModel:
    '_I am no language model: I answer by rules, only from the data of this service, and every figure comes from a query to it._',
  greeting: 'Hello! I answer questions about public contracts from the data of this service.',
  about:
    'I am the local answerer of this service. I am neither a language model nor a person: I recognise what a question is about by rules, and answer with queries to the datasets, investigations and findings that you may see.',
  canDo:
    'I can: say which data there is and sum it up; show the largest suppliers and buyers; search contracts, suppliers and buyers; start an investigation and report its findings as they come; list and explain anomalies; say how investigations are going and where their report is.',
  thanks: 'You are welcome! Ask on if you like.',
  goodbye: 'Goodbye!',
  unknown: 'I cannot answer that: I only know the data of this service.',
  noReasons:
    'The data says how much, when and with whom, not why. What I can show are red flags: ask for the anomalies, or for an investigation.',
  examplesHead: 'For example:',
  example: (topic, { dataset, supplier, buyer }) =>
    ({
      datasets: 'Which datasets are available?',
      statistics: `Statistics of dataset ${dataset}`,
      suppliers: `Which suppliers dominate dataset ${dataset}?`,
      supplier: supplier
        ? `How much did the supplier ${supplier} receive?`
        : 'Search a supplier by name or CNPJ',
      contracts: 'Which are the largest contracts?',
      investigate: buyer ? `Investigate the contracts of ${buyer}` : `Investigate dataset ${dataset}`,
      anomalies: 'Which anomalies were found?',
      explain: 'Explain anomaly 1',
      status: 'What is the status of my investigations?',
      report: 'I want the report of the investigation',
    })[topic],

  synthetic: 'This data is synthetic: names and contracts are made up.',
  noDatasets: 'There is no dataset yet. Send one with `POST /api/v1/datasets`.',
  uploaded:
    'The other datasets are files that users of this service sent: they are as reliable as their origin, which is not checked here.',
  datasetNotFound: (name, others) => `I found no dataset “${name}”. There are: ${others}.`,
  anomalyNotFound: (asked) => `I found no anomaly “${asked}”.`,
  noInvestigations: 'You have no investigations yet.',
  mayNotInvestigate: 'Your role does not start investigations; ask an analyst.',
  refused: (code) => `That is not possible now (${code}). Try again in a moment.`,

  datasetsHead: ['Dataset', 'Rows', 'Since'],
  andMore: (count) => `And ${count} more.`,

  severities: { low: 'low', medium: 'medium', high: 'high', critical: 'critical' },
  caution: 'This is a red flag to look into, not a proof of wrongdoing.',
  notFraud: 'The data proves neither fraud nor corruption: it shows red flags, which call for a check.',
  evidenceHead: 'Contracts it stands on:',
  confidence: (share) => `Confidence of the rule: ${share}.`,
  impact: (amount) => `Value at stake: ${amount}.`,
  id: (id) => `Id: \`${id}\`.`,

  investigating: (dataset) => `I started an investigation of **${dataset}**.`,
  follow: (url) => `It can be followed at \`${url}\` too.`,
  progress: (percent, phase) => `- ${percent}: ${phase}`,
  phases: {
    collecting_data: 'collecting the data',
    profiling: 'looking at the columns',
    analyzing_contracts: 'analysing the contracts',
    consolidating: 'consolidating',
  },
  furtherFindings: (count) => `${count} further findings are not told in detail here.`,
  ended: (total, records, score) =>
    `**Completed**: anomalies: ${total}; contracts examined: ${records}; risk: ${score} of 10.`,
  endedBadly: (how) =>
    how === 'error'
      ? 'The investigation ended with an error; what was found until then stands above.'
      : 'The investigation was cancelled; what was found until then stands above.',
  bySeverity: (list) => `By severity: ${list}.`,
  byType: (list) => `By type: ${list}.`,
  skipped: (list) => `Not checked, for want of columns or data: ${list}.`,

  statusHead: ['Investigation', 'Data', 'State', 'Anomalies', 'Risk'],
  states: {
    pending: 'queued',
    running: 'running',
    paused: 'paused',
    completed: 'completed',
    failed: 'failed',
    cancelled: 'cancelled',
  },
  reportOf: (query, dataset) => `Summary of the newest finished investigation: “${query}” (**${dataset}**).`,
  reportAt: (url) => `The whole report is at \`${url}\` (or \`format=html\`, \`json\`, \`csv\`).`,
  law: 'The rules of this service rest on Brazil’s Lei 14.133/2021 (arts. 23 and 59 III: prices; art. 75: waivers by value, with limits that a decree brings up to date each year; art. 125: increases) and on Lei 8.666/1993 (arts. 24 and 65) for the contracts under it. Each rule with its limits and sources is at `GET /api/v1/anomaly-types`. This is general information, not legal advice.',
  notUnderstood: (words) => `I did not understand ${words}.`,
  stopped: (query) => `I asked the investigation “${query}” to stop; what it has found so far is kept.`,
  stopWhich: (list) =>
    `Several investigations are under way. Which one shall I stop? Say “stop the investigation” and its id:\n\n${list}`,
  nothingToStop: 'None of your investigations is running or paused: there is nothing to stop.',
  mayNotStop: 'Your role may not stop investigations.',
  exportAt: (csv, excel, json) =>
    `The rows of this question, to download:\n\n- [CSV](${csv}): \`${csv}\`\n- [CSV for Excel](${excel}): \`${excel}\`\n- [JSON](${json}): \`${json}\``,
  wrongdoing:
    'This service takes no reports of wrongdoing; it only shows red flags. In Brazil they go to the **ouvidoria** (ombudsman) of the body or town, or to Fala.BR (falabr.cgu.gov.br), also anonymously; to **CGU**, the federal comptroller, and **TCU**, the federal court of accounts, where federal money is concerned, else to the state’s court of accounts; to the public prosecutor where it looks like a crime. Elsewhere: the supreme audit institution, the ombudsman, the anti-corruption office.\n\nBring: the numbers of the contract and of the process, the public body, the supplier with its tax number, dates and amounts, what strikes you and why, and where the data can be checked. A red flag is no proof: describe facts, not culprits.',
  howUpload:
    'To upload a file: choose it under [Investigate](/), or call `POST /api/v1/datasets?name=…` with the file as the body. CSV, Excel (`.xlsx`), `.ods`, OCDS JSON, NDJSON and a zip of one table work as they come from portals. The answer says which columns were recognised and which rows were refused. Then just ask: I use your newest file.',
  howMap:
    'Columns are recognised by their names. Where one is missing or wrong, upload again with `?mapping=` as JSON, from the column here to the file’s: `?mapping={"final_value":"AMOUNT","supplier_name":"VENDOR"}`. The names here are in the answer to the upload, under `columns`; what is left over, under `unmapped`.',
  howShare:
    'To share an investigation: `POST /api/v1/investigations/:id/share` with `{"username":"…"}`, or `{"public":true}` for everybody with an account here. A conversation likewise: `POST /api/v1/chat/sessions/:id/share`. Who receives it may read, not delete.',
  within: (parts) => `Looking at: ${parts}.`,
  wholeInvestigated:
    'An investigation cannot be restricted to words of the object, or to several names at once: that part of the question does not restrict it.',
}
