import t from 'tap'
import { read } from './reading.ts'

const HEAD = 'numero;orgao;fornecedor;valor;data_assinatura;objeto'
const row = (n: number, { value = '1.000,00', day = '2024-03-01', more = '' } = {}) =>
  `${n}/2024;Prefeitura de Vila;Empresa ${n} Ltda;${value};${day};compra ${n}${more}`
const file = (rows: readonly string[], head = HEAD): string => [head, ...rows, ''].join('\n')

/** Small files, and the one warning that each must give; a pattern that matches nothing, or twice, fails. */
const SILENCES: Record<string, { body: string; warning: RegExp }> = {
  'rows without a value': {
    body: file([row(1), row(2, { value: '' }), row(3, { value: '' }), row(4)]),
    warning: /^2 of 4 rows have no value \(first in line 3\)$/,
  },
  'words in place of money': {
    body: file([row(1), row(2, { value: 'a definir' }), row(3, { value: 'sem custo' })]),
    warning: /^2 of 3 rows have no value \(first in line 3\)$/,
  },
  'zeros alone': {
    body: file([row(1, { value: '0,00' }), row(2, { value: '0,00' })]),
    warning: /^All values are zero/,
  },
  'more than two decimals': {
    body: file([row(1), row(2, { value: '1.234,5678' }), row(3)]),
    warning: /^1 of 3 rows have an amount with more than two decimals \(first in line 3\)/,
  },
  'days in the future': {
    body: file([row(1), row(2, { day: '2031-01-01' }), row(3, { day: '2032-01-01' })]),
    warning: /^2 of 3 rows are dated in the future \(first in line 3\)$/,
  },
  'two currencies': {
    body: file([row(1, { more: ';BRL' }), row(2, { more: ';USD' })], `${HEAD};moeda`),
    warning: /2 currencies \(BRL, USD\)/,
  },
  'no currency': {
    body: file([row(1), row(2)]),
    warning: /^Nothing in the file tells the currency/,
  },
  'a column left out because two fitted': {
    body: file([row(1, { more: ';900,00' }), row(2, { more: ';950,00' })], `${HEAD};valor_total`),
    warning: /"valor_total".*"valor"|"valor".*"valor_total"/,
  },
}

for (const [what, { body, warning }] of Object.entries(SILENCES))
  t.test(`an upload tells ${what}, once`, async (t) => {
    const { report } = await read(body)
    t.equal(report.warnings.filter((one) => warning.test(one)).length, 1, report.warnings.join(' | '))
  })
