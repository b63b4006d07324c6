/** A row of the seeded file; amounts in cents, days `YYYY-MM-DD`. */
export interface SeededRow {
  number: string
  buyer: string
  unit: string
  supplier: string
  cnpj: string
  object: string
  category: string
  modality: string
  signed: string
  ends: string
  cents: number | null
  currency: 'BRL' | 'USD'
}

const BUYERS = [
  ['Prefeitura de Vila Serena', 'Secretaria de Saúde'],
  ['Prefeitura de Vila Serena', 'Secretaria de Educação'],
  ['Prefeitura de Vila Serena', 'Secretaria de Obras'],
  ['Câmara Municipal de Vila Serena', 'Câmara Municipal de Vila Serena'],
] as const
const SUPPLIERS = [
  ['Papelaria Aurora Ltda', '11222333000181'],
  ['Construtora Rio Manso S.A.', '22333444000172'],
  ['Alimentos Bom Gosto EIRELI', '33444555000163'],
  ['Farmácia Vida Plena Ltda', '44555666000154'],
  ['Transportes Irmãos Peixoto ME', '55666777000145'],
  ['JR Limpeza e Conservação Ltda', '66777888000136'],
  ['Tecnosul Informática Ltda', '77888999000127'],
] as const
const THINGS: readonly (readonly [supplier: number, object: string, category: string])[] = [
  [2, 'Fornecimento de gêneros alimentícios para a merenda escolar', 'Alimentação'],
  [4, 'Transporte escolar de alunos da zona rural', 'Transporte'],
  [5, 'Serviços de limpeza e conservação predial', 'Serviços'],
  [3, 'Aquisição de medicamentos para a farmácia básica', 'Saúde'],
  [0, 'Papel sulfite A4 e material de escritório', 'Material de expediente'],
  [1, 'Pavimentação asfáltica da Rua das Acácias', 'Obras'],
  [6, 'Notebooks e licenças de software', 'Informática'],
  [1, 'Reforma da Escola Municipal Monteiro Lobato', 'Obras'],
  [4, 'Locação de ônibus e vans', 'Transporte'],
]
const MODALITIES = ['Pregão Eletrônico', 'Dispensa de Licitação', 'Inexigibilidade', 'Concorrência']

const day = (from: string, days: number): string =>
  new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10)

/**
 * Contracts of a made-up town: four units of two buyers, seven suppliers, nine kinds of purchase, three and a half
 * years, some without a value and some in dollars.
 */
export const SEEDED: readonly SeededRow[] = Array.from({ length: 240 }, (_, at) => {
  const [buyer, unit] = BUYERS[(at * 7) % 4] as (typeof BUYERS)[number]
  const [seller, object, category] = THINGS[at % THINGS.length] as (typeof THINGS)[number]
  const [supplier, cnpj] = SUPPLIERS[seller] as (typeof SUPPLIERS)[number]
  const signed = day('2022-01-10', (at * 37) % 1270)
  return {
    number: `${String(at + 1).padStart(3, '0')}/${signed.slice(0, 4)}`,
    buyer,
    unit,
    supplier,
    cnpj,
    object: `${object}, lote ${at + 1}`,
    category,
    modality: MODALITIES[(at * 5) % 7 < 3 ? 0 : (at * 5) % 4] as string,
    signed,
    ends: day(signed, 90 + ((at * 53) % 600)),
    cents: at % 31 === 30 ? null : ((at * 7919 + 13) % 997) ** 2 * 301 + 1000 + at,
    currency: at % 40 === 39 ? 'USD' : 'BRL',
  }
})

const money = (cents: number | null): string =>
  cents === null ? '' : (cents / 100).toFixed(2).replace('.', ',')
const portal = (iso: string): string => iso.split('-').reverse().join('/')

/** The seeded contracts as the file of a portal. */
export const seededCsv = (): string =>
  [
    'numero_contrato;orgao;nome_ug;fornecedor;cnpj_fornecedor;objeto;categoria;modalidade;data_assinatura;data_fim_vigencia;valor_final;moeda',
    ...SEEDED.map((row) =>
      [
        row.number,
        row.buyer,
        row.unit,
        row.supplier,
        row.cnpj,
        row.object,
        row.category,
        row.modality,
        portal(row.signed),
        portal(row.ends),
        money(row.cents),
        row.currency,
      ].join(';'),
    ),
  ].join('\n')

/** Returns the rows that have a value in a currency. */
export const valued = (rows: readonly SeededRow[], currency: SeededRow['currency'] = 'BRL') =>
  rows.filter((row): row is SeededRow & { cents: number } => row.cents !== null && row.currency === currency)

/** Returns the sum of values in a currency, as a number of units. */
export const sum = (rows: readonly SeededRow[], currency: SeededRow['currency'] = 'BRL'): number =>
  valued(rows, currency).reduce((total, { cents }) => total + cents, 0) / 100

/** Returns the median of values in a currency. */
export const median = (rows: readonly SeededRow[], currency: SeededRow['currency'] = 'BRL'): number => {
  const cents = valued(rows, currency)
    .map((row) => row.cents)
    .sort((a, b) => a - b)
  const [low, high] = [cents[Math.floor((cents.length - 1) / 2)], cents[Math.ceil((cents.length - 1) / 2)]]
  return ((low as number) + (high as number)) / 200
}
