/** The id of the bundled sample. */
export const SAMPLE_ID = 'sample'

const HEADER =
  'numero_contrato;processo;tipo;modalidade;fundamento_legal;situacao;cnpj_orgao;orgao;codigo_ug;nome_ug;cnpj_fornecedor;' +
  'fornecedor;objeto;categoria;item;unidade_medida;quantidade;valor_unitario;preco_referencia;data_assinatura;' +
  'data_inicio_vigencia;data_fim_vigencia;valor_inicial;valor_final'

interface Row {
  modality: string
  basis: string
  unit: number
  supplier: number
  object: string
  category: string
  /** `YYYY-MM-DD` */
  signed: string
  /** Length of the term in days. */
  term: number
  /** Initial value in cents. */
  initial: number
  final: number
  item?: { name: string; measure: string; quantity: number; price: number; reference: number }
}

const UNITS = [
  'Secretaria de Obras',
  'Secretaria de Saúde',
  'Secretaria de Educação',
  'Diretoria de Pavimentação',
]
const SUPPLIERS = [
  'Papelaria Lua Imaginária Ltda',
  'Construtora Exemplo Fictício Ltda',
  'Comercial Vale Inventado Ltda',
  'Serviços Horizonte de Faz de Conta Ltda',
  'Distribuidora Amostra Sintética Ltda',
  'Transportes Cometa Imaginário Ltda',
  'Laboratório Hipótese Ltda',
  'Tecnologia Nuvem de Mentira Ltda',
  'Alimentos Pomar Fictício Ltda',
  'Engenharia Ponte Imaginada Ltda',
]
const SERVICES: readonly [object: string, category: string][] = [
  ['Prestação de serviços de limpeza e conservação predial', 'Serviços'],
  ['Locação de veículos sem motorista', 'Serviços'],
  ['Fornecimento de gêneros alimentícios para a merenda escolar', 'Compras'],
  ['Manutenção preventiva e corretiva de aparelhos de ar condicionado', 'Serviços'],
  ['Licenciamento de sistema de gestão tributária', 'Informática'],
  ['Aquisição de medicamentos da atenção básica', 'Compras'],
  ['Serviços de vigilância patrimonial', 'Serviços'],
  ['Confecção de uniformes escolares', 'Compras'],
]
const PAPER = 'Papel sulfite A4 75 g/m², branco, resma com 500 folhas'

/**
 * Returns the sample: made-up contracts of a made-up town, as CSV in the form of a portal; the same text on every
 * call.
 */
export function sampleCsv(): string {
  const random = generator(20_240_229)
  const rows = [
    ...ordinary(random),
    ...paper(random),
    ...concentration(random),
    ...repeated(),
    ...split(),
    ...yearEnd(random),
    ...grown(),
  ].sort((a, b) => (a.signed < b.signed ? -1 : a.signed > b.signed ? 1 : 0))
  return `\ufeff${[HEADER, ...rows.map(asLine)].join('\r\n')}\r\n`
}

/** Makes three years of ordinary contracts, with so many suppliers that none stands out. */
function ordinary(random: () => number): Row[] {
  return Array.from({ length: 180 }, (_, at) => {
    const [object, category] = SERVICES[at % SERVICES.length] as (typeof SERVICES)[number]
    const cents = Math.round(10 ** (6.3 + 1.6 * random()) + 100 * random())
    return {
      modality: 'Pregão',
      basis: 'Lei 14.133/2021 art. 28 I',
      unit: at % 3,
      supplier: Math.floor(random() * SUPPLIERS.length),
      object: `${object}, lote ${at + 1}`,
      category,
      signed: day(2022, Math.floor(random() * 1090)),
      term: 365,
      initial: cents,
      final: random() < 0.2 ? Math.round(cents * (1 + 0.2 * random())) : cents,
    }
  })
}

/** Makes many purchases of one item at about its price, and one at almost three times it. */
function paper(random: () => number): Row[] {
  return Array.from({ length: 16 }, (_, at) => {
    const price = at === 11 ? 6890 : 2300 + Math.round(300 * random())
    const quantity = 200 + 10 * at
    return {
      modality: 'Pregão',
      basis: 'Lei 14.133/2021 art. 28 I',
      unit: at % 3,
      supplier: at === 11 ? 4 : at % 3,
      object: `Aquisição de papel sulfite, pedido ${at + 1}`,
      category: 'Material de expediente',
      signed: day(2023, 20 * at + 5),
      term: 90,
      initial: price * quantity,
      final: price * quantity,
      item: { name: PAPER, measure: 'RESMA', quantity, price, reference: 2500 },
    }
  })
}

/** Makes contracts of a unit of the town, which is a buyer of its own, most of them with one builder. */
function concentration(random: () => number): Row[] {
  return Array.from({ length: 30 }, (_, at) => {
    const builder = at % 5 < 3
    const cents = Math.round((builder ? 60_000_000 : 9_000_000) * (0.7 + 0.6 * random()))
    return {
      modality: 'Concorrência',
      basis: 'Lei 14.133/2021 art. 28 II',
      unit: 3,
      supplier: builder ? 1 : ([2, 3, 5, 7, 9, 6][at % 6] ?? 2),
      object: `Pavimentação asfáltica da rua ${at + 1} do bairro Miragem`,
      category: 'Obras',
      signed: day(2022, 34 * at + 3),
      term: 240,
      initial: cents,
      final: cents,
    }
  })
}

/** Makes one contract entered twice, ten days apart. */
function repeated(): Row[] {
  const contract = (signed: string): Row => ({
    modality: 'Pregão',
    basis: 'Lei 14.133/2021 art. 28 I',
    unit: 1,
    supplier: 6,
    object: 'Exames laboratoriais de análises clínicas para o Hospital Municipal Quimera',
    category: 'Serviços',
    signed,
    term: 365,
    initial: 48_732_519,
    final: 48_732_519,
  })
  return [contract('2023-05-08'), contract('2023-05-18')]
}

/** Makes three waivers by value in five weeks, each under the limit in force, together over it. */
function split(): Row[] {
  return ['2024-03-04', '2024-03-19', '2024-04-08'].map((signed, at) => ({
    modality: 'Dispensa de Licitação',
    basis: 'Lei 14.133/2021 art. 75 II',
    unit: 2,
    supplier: 7,
    object: 'Aquisição de computadores para as escolas municipais',
    category: 'Informática',
    signed,
    term: 60,
    initial: 5_480_000 + 90_000 * at,
    final: 5_480_000 + 90_000 * at,
  }))
}

/** Makes a rush of small contracts in one December. */
function yearEnd(random: () => number): Row[] {
  return Array.from({ length: 60 }, (_, at) => {
    const cents = 1_500_000 + Math.round(4_000_000 * random())
    return {
      modality: 'Pregão',
      basis: 'Lei 14.133/2021 art. 28 I',
      unit: at % 3,
      supplier: (at * 7) % SUPPLIERS.length,
      object: `Aquisição de mobiliário escolar, item ${at + 1}`,
      category: 'Compras',
      signed: `2024-12-${String(2 + (at % 28)).padStart(2, '0')}`,
      term: 30 + at,
      initial: cents,
      final: cents,
    }
  })
}

/** Makes contracts that grew: over a quarter, exactly a quarter, and a renovation by less than half. */
function grown(): Row[] {
  const grew = (object: string, initial: number, percent: number): Row => ({
    modality: 'Concorrência',
    basis: 'Lei 14.133/2021 art. 28 II',
    unit: 0,
    supplier: 9,
    object,
    category: 'Obras',
    signed: '2022-08-15',
    term: 300,
    initial,
    final: Math.round((initial * (100 + percent)) / 100),
  })
  return [
    grew('Construção da creche municipal Arco da Velha', 182_340_077, 41),
    grew('Construção da ponte sobre o córrego Inventado', 93_118_400, 25),
    grew('Reforma do edifício da biblioteca municipal', 61_250_050, 44),
  ]
}

function asLine(row: Row, at: number): string {
  const { item } = row
  const year = row.signed.slice(0, 4)
  const cells = [
    `${String(at + 1).padStart(4, '0')}/${year}`,
    `PA-${1000 + at}/${year}`,
    'Contrato',
    row.modality,
    row.basis,
    'Vigente',
    cnpj(900_000 + (row.unit === 3 ? 1 : 0)),
    row.unit === 3 ? 'Companhia de Obras de Vila Fictícia' : 'Prefeitura Municipal de Vila Fictícia',
    String(980_001 + row.unit),
    UNITS[row.unit] as string,
    cnpj(100_000 + 37 * row.supplier),
    SUPPLIERS[row.supplier] as string,
    row.object,
    row.category,
    item?.name ?? '',
    item?.measure ?? '',
    item ? String(item.quantity) : '',
    item ? reais(item.price) : '',
    item ? reais(item.reference) : '',
    asDay(row.signed),
    asDay(row.signed),
    asDay(new Date(Date.parse(row.signed) + row.term * 86_400_000).toISOString().slice(0, 10)),
    reais(row.initial),
    reais(row.final),
  ]
  return cells.map((cell) => (/[;"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(';')
}

/** Returns a CNPJ with right check digits, of a number that no company has. */
function cnpj(root: number): string {
  const digits = [...`${String(root).padStart(8, '0')}0001`].map(Number)
  for (const weights of ['543298765432', '6543298765432']) {
    const rest = digits.reduce((sum, digit, at) => sum + digit * Number(weights[at]), 0) % 11
    digits.push(rest < 2 ? 0 : 11 - rest)
  }
  return digits.join('').replace(/^(..)(...)(...)(....)(..)$/, '$1.$2.$3/$4-$5')
}

const reais = (cents: number): string => {
  const [whole, hundredths] = (cents / 100).toFixed(2).split('.') as [string, string]
  return `${whole.replace(/\B(?=(\d{3})+$)/g, '.')},${hundredths}`
}

const asDay = (day: string): string => day.split('-').reverse().join('/')

const day = (year: number, offset: number): string =>
  new Date(Date.UTC(year, 0, 1 + offset)).toISOString().slice(0, 10)

/** Makes a generator of numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
