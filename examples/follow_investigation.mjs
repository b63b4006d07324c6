// Starts an investigation of a dataset, follows it to its end through broken connections, and writes its findings as CSV.
import { createClient } from '@tributary/client'
import { signedIn } from './signed-in.mjs'

const client = createClient(await signedIn())

const cell = (value) => `"${String(value ?? '').replaceAll('"', '""')}"`
console.log('severity,type,contract,amount,title')
const run = client.investigate({ query: 'everything', dataset_id: process.argv[2] ?? 'sample' })
for await (const event of run) {
  if (event.type === 'progress') console.error(`${event.progress} % ${event.current_phase ?? ''}`)
  if (event.type === 'anomaly')
    console.log(
      [event.severity, event.anomaly_type, event.contract_id, event.financial_impact, event.title].map(cell).join(','),
    )
}
const end = await run.result
client.close()
process.exitCode = end.type === 'complete' ? 0 : 1
