import t from 'tap'
import { isLong, often } from '../support/long.ts'
import { login, startProcess, wholeStory } from '../support/process.ts'

t.setTimeout(isLong ? 1_200_000 : 300_000)

const ROWS = often(60_000, 1_000_000)

/** A file of contracts in which each fiftieth is dear. */
const csv = (): string => {
  const lines = ['Número;Fornecedor;CNPJ;Órgão;Objeto;Quantidade;Valor;Data de assinatura']
  for (let n = 0; n < ROWS; n++)
    lines.push(
      `${n};Fornecedor ${n % 997};12.345.678/0001-95;Órgão ${n % 31};Papel A4 ${n % 13};10;` +
        `${n % 50 === 0 ? 900_000 + n : 1000 + (n % 7) * 10},00;0${1 + (n % 9)}/0${1 + (n % 9)}/2024`,
    )
  return `${lines.join('\n')}\n`
}

t.test('work that takes a processor leaves the event loop free', async (t) => {
  const service = await startProcess({ MAX_DATASET_BYTES: '1000000000' })
  t.teardown(() => service.kill())
  const user = await login(service.url)
  const answered: number[] = []
  const statuses = new Set<number>()
  let isBusy = true
  /** Asks one after the other, all the time, and notes how long each answer took, in ms. */
  const ask = async (): Promise<void> => {
    while (isBusy) {
      const from = performance.now()
      statuses.add((await user.get('/health/live')).status)
      answered.push(performance.now() - from)
    }
  }
  const asking = ask()
  const { status, body } = await user.upload(new TextEncoder().encode(csv()), { name: 'large.csv' })
  t.match({ status, rows: body.rows }, { status: 201, rows: ROWS })
  const { stream_url } = await user.investigate(body.dataset_id)
  const hostile = user.post('/api/v1/prompts', {
    name: 'hostile',
    template: `${'{{'.repeat(4000)}a${'}}'.repeat(4000)}`.slice(0, 9000),
  })
  await Promise.all([user.events(stream_url, { patienceMs: 600_000 }).then(wholeStory), hostile])
  isBusy = false
  await asking
  t.same([...statuses], [200])
  answered.sort((one, other) => one - other)
  const at = (share: number): string => (answered[Math.floor(answered.length * share)] as number).toFixed(1)
  t.ok(answered.length > 20, 'others were answered meanwhile')
  t.comment(
    `${ROWS} rows read and investigated beside a hostile template: ${answered.length} other requests, ` +
      `p50 ${at(0.5)}, p99 ${at(0.99)} ms`,
  )
})
