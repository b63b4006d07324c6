import type { Contract } from '../../../src/protocol/contract.ts'
import type { AnomalyType } from '../../../src/protocol/investigation.ts'
import { contract } from '../contract-rows.ts'
import type { Random } from './random.ts'

export type Cells = Partial<Contract>

/** What must be found: by its contracts, by buyer and supplier, by buyer and month, or by buyer. */
export interface Planted {
  type: AnomalyType
  /** See score.ts for the key of each type. */
  key: string
}

/** A decoy: nothing of `type` may be reported on any of these contracts, or on this buyer. */
export interface Decoy {
  type: AnomalyType
  why: string
  contracts: readonly string[]
  buyer?: string
}

/** The file in the making. */
export interface Draft {
  random: Random
  rows: Contract[]
  planted: Planted[]
  decoys: Decoy[]
  add(cells: Cells): Contract
  buyer(): { buyer_id: string; buyer_name: string }
  supplier(): { supplier_id: string; supplier_name: string }
  process(): string
  serial(): number
}

export const cents = (amount: number): number => Math.round(amount * 100) / 100

/** `days` after `day`. */
export const later = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)

const PLACES = [
  'Saúde',
  'Educação',
  'Obras',
  'Cultura',
  'Esporte',
  'Agricultura',
  'Turismo',
  'Fazenda',
  'Transporte',
]
const TRADES = ['Comércio', 'Serviços', 'Distribuidora', 'Engenharia', 'Tecnologia', 'Alimentos', 'Papelaria']
const NAMES = [
  'Alvorada',
  'Ipê',
  'São Jorge',
  'Boa Vista',
  'Pantanal',
  'Araucária',
  'Horizonte',
  'Guarani',
  'Cerrado',
]

/** 14 digits with a root of its own; `branch` 1–9999. */
export const cnpj = (root: number, branch = 1): string => {
  const base = `${String(root).padStart(8, '0')}${String(branch).padStart(4, '0')}`
  const check = (digits: string) => {
    let weight = 2
    let sum = 0
    for (let i = digits.length - 1; i >= 0; i--) {
      sum += Number(digits[i]) * weight
      weight = weight === 9 ? 2 : weight + 1
    }
    const rest = sum % 11
    return rest < 2 ? 0 : 11 - rest
  }
  const first = check(base)
  return `${base}${first}${check(`${base}${first}`)}`
}

export const draft = (random: Random): Draft => {
  const rows: Contract[] = []
  let serial = 0
  const next = () => {
    serial += 1
    return serial
  }
  return {
    random,
    rows,
    planted: [],
    decoys: [],
    serial: next,
    process: () =>
      `23${random.integer(100, 999)}.${String(next()).padStart(6, '0')}/${random.integer(2019, 2024)}-${random.integer(10, 99)}`,
    buyer: () => {
      const number = next()
      return {
        buyer_id: String(900_000 + number),
        buyer_name: `Secretaria de ${random.pick(PLACES)} de ${random.pick(NAMES)} ${number}`,
      }
    },
    supplier: () => {
      const number = next()
      return {
        supplier_id: cnpj(10_000_000 + number * 37),
        supplier_name: `${random.pick(NAMES)} ${random.pick(TRADES)} ${number} Ltda`,
      }
    },
    add: (cells) => {
      const line = rows.length + 2
      const number = `${String(line).padStart(6, '0')}/${(cells.signed_at ?? cells.start_at ?? '2022').slice(0, 4)}`
      const row = contract({
        line,
        contract_id: number,
        contract_number: number,
        kind: 'Contrato',
        modality: 'Pregão Eletrônico',
        legal_basis: null,
        ...cells,
      })
      rows.push(row)
      return row
    },
  }
}
