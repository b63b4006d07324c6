import type { Contract } from '../../../src/protocol/contract.ts'
import { cents, later } from './draft.ts'
import type { PlantedFile } from './file.ts'
import { random } from './random.ts'

/** How the same contracts are listed: once each, once more for each amendment, or once for each stage of spending. */
export type Listing = 'amendments' | 'stages'
export type Tongue = 'pt' | 'es' | 'en'

const HEADERS = {
  contract_number: ['Número do contrato', 'Número de contrato', 'Contract number'],
  process_number: ['Número do processo', 'Número de proceso', 'Process number'],
  kind: ['Tipo de contrato', 'Tipo de contrato', 'Contract type'],
  modality: ['Modalidade', 'Modalidad', 'Modality'],
  legal_basis: ['Amparo legal', 'Fundamento legal', 'Legal basis'],
  supplier_id: ['CNPJ do fornecedor', 'RUC proveedor', 'Supplier id'],
  supplier_name: ['Nome do fornecedor', 'Nombre proveedor', 'Supplier name'],
  buyer_id: ['Código do órgão', 'Código entidad', 'Buyer id'],
  buyer_name: ['Nome do órgão', 'Nombre entidad', 'Organisation name'],
  unit_id: ['Código UASG', 'Código UC', 'Unit id'],
  object: ['Objeto', 'Objeto', 'Object'],
  category: ['Categoria', 'Categoría', 'Category'],
  item: ['Descrição do item', 'Descripción del item', 'Item description'],
  item_code: ['Código do item', 'Código del item', 'Item code'],
  unit_of_measure: ['Unidade de medida', 'Unidad de medida', 'Unit of measure'],
  signed_at: ['Data de assinatura', 'Fecha de firma', 'Signature date'],
  start_at: ['Data início da vigência', 'Fecha de inicio', 'Start date'],
  end_at: ['Data fim da vigência', 'Fecha de fin', 'End date'],
  initial_value: ['Valor inicial', 'Valor inicial', 'Initial value'],
  updated_initial_value: ['Valor inicial atualizado', 'Valor inicial actualizado', 'Updated initial value'],
  final_value: ['Valor global', 'Valor final', 'Final value'],
  unit_price: ['Valor unitário', 'Precio unitario', 'Unit price'],
  reference_price: ['Preço de referência', 'Precio de referencia', 'Reference price'],
  quantity: ['Quantidade', 'Cantidad', 'Quantity'],
  currency: ['Moeda', 'Moneda', 'Currency'],
} as const
const TONGUES: readonly Tongue[] = ['pt', 'es', 'en']
const STAGE = {
  pt: ['Fase', 'Empenho', 'Reforço de empenho', 'Anulação de empenho', 'Liquidado', 'Pago'],
  es: ['Fase', 'Compromiso', 'Refuerzo de compromiso', 'Anulación de compromiso', 'Devengado', 'Pagado'],
  en: ['Stage', 'Commitment', 'Commitment reinforcement', 'Commitment annulment', 'Verified', 'Paid'],
} as const
const AMENDMENT = { pt: '1º Termo Aditivo', es: 'Otrosí 1', en: 'Amendment 1' } as const

type Row = Contract & { stage?: string | undefined }

/** Returns whether a contract's value at signature can be told by a row of its own. */
const isGrown = (row: Contract): boolean =>
  row.initial_value !== null &&
  row.updated_initial_value === null &&
  row.final_value !== null &&
  row.final_value !== row.initial_value

const amended = (row: Contract, tongue: Tongue): Row[] => {
  if (!isGrown(row)) return [row]
  const signed_at = row.signed_at === null ? null : later(row.signed_at, 60)
  return [
    { ...row, initial_value: null, final_value: row.initial_value },
    { ...row, initial_value: null, kind: AMENDMENT[tongue], signed_at },
  ]
}

const staged = (row: Contract, tongue: Tongue, part: number): Row[] => {
  const [, committed, reinforced, annulled, verified, paid] = STAGE[tongue]
  if (row.final_value === null) return [{ ...row, stage: committed }]
  const first = isGrown(row) ? (row.initial_value as number) : row.final_value
  const change = cents(row.final_value - first)
  const initial_value = isGrown(row) ? null : row.initial_value
  const entry = (stage: string, final_value: number): Row => ({ ...row, initial_value, stage, final_value })
  return [
    entry(committed, first),
    ...(change === 0 ? [] : [entry(change > 0 ? reinforced : annulled, Math.abs(change))]),
    ...(part < 0.3
      ? [entry(verified, cents(row.final_value * 0.6)), entry(paid, cents(row.final_value / 2))]
      : []),
  ]
}

/** Writes a planted file as a portal would list it, in a language's names and numbers: CSV text. */
export const listedCsv = (file: PlantedFile, listing: Listing, tongue: Tongue): string => {
  const chance = random(11)
  const at = TONGUES.indexOf(tongue)
  const columns = Object.keys(HEADERS) as (keyof typeof HEADERS)[]
  const cell = (value: unknown): string => {
    if (value === null || value === undefined) return ''
    if (typeof value === 'number') {
      const text = Number.isInteger(value) ? String(value) : value.toFixed(2)
      return tongue === 'en' ? text : text.replace('.', ',')
    }
    const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(String(value))
    if (day && tongue === 'pt') return `${day[3]}/${day[2]}/${day[1]}`
    return `"${String(value).replaceAll('"', '""')}"`
  }
  const rows = file.contracts.flatMap((row) =>
    listing === 'amendments' ? amended(row, tongue) : staged(row, tongue, chance.next()),
  )
  const staging = listing === 'stages'
  return [
    [...columns.map((name) => HEADERS[name][at] as string), ...(staging ? [STAGE[tongue][0]] : [])].join(';'),
    ...rows.map((row) =>
      [...columns.map((name) => cell(row[name])), ...(staging ? [cell(row.stage)] : [])].join(';'),
    ),
  ].join('\n')
}

const entryOf = (row: Contract, value: number | null) => {
  const money = { amount: value, currency: row.currency }
  return {
    award: {
      id: `a-${row.contract_number}`,
      title: row.object,
      date: row.signed_at,
      suppliers: [{ id: row.supplier_id, name: row.supplier_name }],
      value: money,
    },
    contract: {
      id: row.contract_number,
      awardID: `a-${row.contract_number}`,
      title: row.object,
      value: money,
      dateSigned: row.signed_at,
      period: { startDate: row.start_at, endDate: row.end_at },
      ...(row.unit_price !== null && {
        items: [
          {
            id: '1',
            description: row.item,
            quantity: row.quantity,
            unit: { name: row.unit_of_measure, value: { amount: row.unit_price, currency: row.currency } },
          },
        ],
      }),
    },
  }
}

/** Tells whether OCDS has a field for all that a planted case depends on. */
const isTold = (row: Contract): boolean =>
  row.kind === 'Contrato' &&
  [row.category, row.item_code, row.reference_price, row.updated_initial_value, row.unit_id].every(
    (cell) => cell === null,
  ) &&
  (row.unit_price === null || (row.item !== null && row.quantity !== null && row.quantity > 0))

/** Returns the part of a planted file that OCDS can tell, with its truth. */
export const ocdsPart = (file: PlantedFile): PlantedFile => {
  const contracts = file.contracts.filter(isTold)
  const left = new Set(file.contracts.filter((row) => !isTold(row)).map((row) => row.contract_id))
  const buyers = new Set(file.contracts.filter((row) => !isTold(row)).map((row) => row.buyer_name))
  return {
    contracts,
    planted: file.planted.filter(
      ({ key }) =>
        !key.split(' ').some((id) => left.has(id)) &&
        ![...buyers].some((buyer) => key.startsWith(`${buyer} `)),
    ),
    decoys: file.decoys.filter(({ contracts: ids }) => !ids.some((id) => left.has(id))),
  }
}

/** Writes a planted file as releases of OCDS processes, in no order: the tender, the contract, its amendments. */
export const ocdsReleases = (file: PlantedFile): string => {
  const processes = new Map<string, Contract[]>()
  for (const row of file.contracts) {
    // One process may be written with a slash in one row and a point in another.
    const id = row.process_number?.replace(/\W/g, '') ?? row.contract_id
    processes.set(id, [...(processes.get(id) ?? []), row])
  }
  const releases = [...processes].flatMap(([id, rows], at) => {
    const [first] = rows as [Contract, ...Contract[]]
    const shared = {
      ocid: `ocds-abc123-${at}`,
      buyer: { id: first.buyer_id, name: first.buyer_name },
      tender: {
        id,
        procurementMethodDetails: first.modality,
        procurementMethodRationale: first.legal_basis,
      },
    }
    const release = (number: number, tag: string, value: (row: Contract) => number | null) => {
      const entries = rows.map((row) => entryOf(row, value(row)))
      return {
        ...shared,
        id: `${at}-${number}`,
        date: `2025-01-0${number}T00:00:00Z`,
        tag: [tag],
        awards: entries.map(({ award }) => award),
        contracts: entries.map(({ contract }) => contract),
      }
    }
    const grown = rows.some(isGrown)
    return [
      { ...shared, id: `${at}-0`, date: '2024-12-31T00:00:00Z', tag: ['tender'] },
      release(1, 'contract', (row) => (isGrown(row) ? row.initial_value : row.final_value)),
      ...(grown ? [release(2, 'contractUpdate', (row) => row.final_value)] : []),
    ]
  })
  return JSON.stringify({ releases: random(5).shuffle(releases) })
}
