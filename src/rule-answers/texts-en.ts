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
  nothingBefore: 'I do not know what that refers to: name the supplier, the contract or the anomaly.',
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
  source: (dataset, synthetic) => `_Data: **${dataset}**${synthetic ? ' (synthetic, made up)' : ''}._`,
  datasetNotFound: (name, others) => `I found no dataset “${name}”. There are: ${others}.`,
  chose: (why, dataset) =>
    ({
      only: `You named no dataset; I use the only one there is: **${dataset}**.`,
      sample: `You named no dataset; I use the sample **${dataset}**.`,
      newest: `You named no dataset; I use the newest: **${dataset}**.`,
    })[why],
  buyerNotFound: (asked, near) =>
    `No buyer in this data is called “${asked}”.${near ? ` Names there are: ${near}.` : ''}`,
  buyerStandsFor: (asked, found) => `“${asked}” is not in this data; what corresponds to it is **${found}**.`,
  supplierNotFound: (asked, near) =>
    `I found no supplier “${asked}” in this data.${near ? ` Similar names: ${near}.` : ''}`,
  severalNames: (asked, count) => `There are ${count} names with “${asked}”:`,
  contractNotFound: (asked) => `I found no contract “${asked}” in this data.`,
  noContracts: 'No contract fits that.',
  daysThere: (from, to) => `The data goes from ${from} to ${to}.`,
  thatIsAll: 'That is all: there is no more of this list to show.',
  noModality: 'I do not tell ways of contracting apart (waiver, auction…): what follows is of all of them.',
  anomalyNotFound: (asked) => `I found no anomaly “${asked}”.`,
  notFlagged: (contract) => `No finding stands on contract “${contract}”.`,
  ofInvestigation: (query, dataset) => `Of the newest investigation: “${query}” (**${dataset}**).`,
  noSuchPlace: (count) => `The list has only ${count}.`,
  noInvestigations: 'You have no investigations yet.',
  notInvestigated: (dataset) => `Dataset **${dataset}** has no finished investigation yet.`,
  noAnomalies: 'No anomaly fits that.',
  mayNotInvestigate: 'Your role does not start investigations; ask an analyst.',
  refused: (code) => `That is not possible now (${code}). Try again in a moment.`,

  period: (from, to) => (from && to ? `${from} to ${to}` : from ? `since ${from}` : `until ${to}`),
  within: (parts) => `Looking at: ${parts}.`,
  buyerPart: (name) => `buyer **${name}**`,
  supplierPart: (name) => `supplier **${name}**`,
  overPart: (amount) => `from ${amount}`,

  datasetsHead: ['Dataset', 'Rows', 'Since'],
  statisticsHead: (dataset) => `**${dataset}** in figures:`,
  rows: (rows) => `Rows: ${rows}`,
  contracts: (count) => `Contracts: ${count}`,
  mean: (amount) => `Mean per contract: ${amount}`,
  largestYear: (year, amount, mean) =>
    `The year with most value is **${year}**, with ${amount}; the mean per year is ${mean}.`,
  counted: (rows) =>
    `Added up: ${rows} (the others have no positive value, or are commitments of contracts counted already)`,
  total: (amount) => `Total value: ${amount}`,
  median: (amount, largest) => `Median by row: ${amount}; largest value: ${largest}`,
  days: (from, to) => `Period: ${from} to ${to}`,
  parties: (buyers, suppliers) => `Buyers: ${buyers}; suppliers: ${suppliers}`,
  yearsHead: ['Year', 'Contracts', 'Value'],

  rankingHead: (kind, dataset) =>
    `${kind === 'supplier' ? 'Largest suppliers' : 'Buyers that contract most'} in **${dataset}**, by value:`,
  rankingColumns: ['No.', 'Name', 'Contracts', 'Value', 'Share'],
  leads: (name, share, total) => `**${name}** has ${share} of ${total}.`,
  firstThree: (share) => `The first three have ${share}.`,
  andMore: (count) => `And ${count} more.`,

  partyFigures: (name, contracts, amount, share) =>
    `**${name}**: contracts: ${contracts}; value: ${amount} (${share} of the total).`,
  partnersHead: (kind) => (kind === 'supplier' ? 'Its largest suppliers:' : 'Who contracts it most:'),
  largestContracts: 'Largest contracts:',
  contractColumns: ['Contract', 'Date', 'Object', 'Supplier', 'Value'],
  smallestFirst: 'From the smallest value up, only those that have one.',
  comparisonColumns: ['Name', 'Contracts', 'Value', 'Median by row'],
  together: (amount) => `Together: ${amount}.`,
  timesAsMuch: (first, second, times) => `**${first}** has ${times} times the value of **${second}**.`,
  notCompared: (missing) => `I did not find in this data: ${missing}.`,
  sought: (word) => `I looked for “${word}” in objects and categories.`,
  rowsOfContracts: 'In this data a contract can have several rows; each row counts here.',
  contractsFound: (total, amount) => `Contracts found: ${total}, with a value of ${amount}.`,
  contract: (number) => `Contract **${number}**:`,
  contractFields: ['Object', 'Supplier', 'Buyer', 'Unit', 'Date', 'Value'],

  severities: { low: 'low', medium: 'medium', high: 'high', critical: 'critical' },
  caution: 'This is a red flag to look into, not a proof of wrongdoing.',
  notFraud: 'The data proves neither fraud nor corruption: it shows red flags, which call for a check.',
  anomaliesFound: (total) => `Anomalies found: ${total}.`,
  notByPeriod: 'Findings are not told apart by period: for a period, ask for an investigation of it.',
  anomalyColumns: ['No.', 'Severity', 'Type', 'Finding', 'At stake'],
  evidenceHead: 'Contracts it stands on:',
  more: (shown, total) => `Showing ${shown} of ${total}.`,
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
  chartHead: (dataset) => `Value by year in **${dataset}**:`,
}
