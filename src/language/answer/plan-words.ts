import type { Severity } from '../../protocol/investigation.ts'
import type { Language } from '../language.ts'

type Subject = 'contracts' | 'suppliers' | 'buyers' | 'units' | 'categories' | 'findings'
type Group =
  | 'year'
  | 'half'
  | 'quarter'
  | 'month'
  | 'weekday'
  | 'supplier'
  | 'buyer'
  | 'unit'
  | 'category'
  | 'modality'
  | 'status'
  | 'anomaly_type'
  | 'severity'

const SUBJECTS: Readonly<
  Record<Language, Readonly<Record<Subject, readonly [one: string, several: string]>>>
> = {
  en: {
    contracts: ['contract', 'contracts'],
    suppliers: ['supplier', 'suppliers'],
    buyers: ['public body', 'public bodies'],
    units: ['unit', 'units'],
    categories: ['category', 'categories'],
    findings: ['finding', 'findings'],
  },
  pt: {
    contracts: ['contrato', 'contratos'],
    suppliers: ['fornecedor', 'fornecedores'],
    buyers: ['órgão', 'órgãos'],
    units: ['unidade', 'unidades'],
    categories: ['categoria', 'categorias'],
    findings: ['achado', 'achados'],
  },
  es: {
    contracts: ['contrato', 'contratos'],
    suppliers: ['proveedor', 'proveedores'],
    buyers: ['organismo', 'organismos'],
    units: ['unidad', 'unidades'],
    categories: ['categoría', 'categorías'],
    findings: ['hallazgo', 'hallazgos'],
  },
}
/** Names of the orders in which things are listed. */
export const ORDERS: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: {
    date: 'by date',
    end: 'by end',
    duration: 'by duration',
    added: 'by what amendments added',
    increase: 'by increase in percent',
  },
  pt: {
    date: 'por data',
    end: 'por término',
    duration: 'por duração',
    added: 'por acréscimo em valor',
    increase: 'por acréscimo em percentual',
  },
  es: {
    date: 'por fecha',
    end: 'por término',
    duration: 'por duración',
    added: 'por aumento en valor',
    increase: 'por aumento en porcentaje',
  },
}
const FEMININE: ReadonlySet<Subject> = new Set(['units', 'categories'])

/** Names of the groups by which something is told apart. */
export const GROUPS: Readonly<Record<Language, Readonly<Record<Group, string>>>> = {
  en: {
    year: 'by year',
    half: 'by half-year',
    quarter: 'by quarter',
    status: 'by status',
    month: 'by month',
    weekday: 'by day of the week',
    supplier: 'by supplier',
    buyer: 'by public body',
    unit: 'by unit',
    category: 'by category',
    modality: 'by procedure',
    anomaly_type: 'by type',
    severity: 'by severity',
  },
  pt: {
    year: 'por ano',
    half: 'por semestre',
    quarter: 'por trimestre',
    status: 'por situação',
    month: 'por mês',
    weekday: 'por dia da semana',
    supplier: 'por fornecedor',
    buyer: 'por órgão',
    unit: 'por unidade',
    category: 'por categoria',
    modality: 'por modalidade',
    anomaly_type: 'por tipo',
    severity: 'por gravidade',
  },
  es: {
    year: 'por año',
    half: 'por semestre',
    quarter: 'por trimestre',
    status: 'por estado',
    month: 'por mes',
    weekday: 'por día de la semana',
    supplier: 'por proveedor',
    buyer: 'por organismo',
    unit: 'por unidad',
    category: 'por categoría',
    modality: 'por procedimiento',
    anomaly_type: 'por tipo',
    severity: 'por gravedad',
  },
}

/** The thing asked: a plan, but for its restriction. */
export interface What {
  readonly [name: string]: string | number | boolean | undefined
  readonly measure: string
  readonly of: Subject
  readonly group: Group | undefined
  readonly split: Group | undefined
  readonly falls: boolean
  readonly per: Group | undefined
  readonly by: string | undefined
  readonly limit: number | undefined
  readonly compares: boolean
}

/** Names of severities, as they stand behind a noun. */
export const SEVERITIES: Readonly<Record<Language, Readonly<Record<Severity, string>>>> = {
  en: { low: 'low', medium: 'medium', high: 'high', critical: 'critical' },
  pt: { low: 'baixa', medium: 'média', high: 'alta', critical: 'crítica' },
  es: { low: 'baja', medium: 'media', high: 'alta', critical: 'crítica' },
}

/** Writes what is asked, in one language, out of the words of that language. */
export const what =
  (language: Language, write: (what: What, thing: readonly [string, string], feminine: boolean) => string) =>
  (asked: What): string => {
    const group = asked.group === undefined ? '' : ` ${GROUPS[language][asked.group]}`
    const split = asked.split === undefined ? '' : `, ${GROUPS[language][asked.split]}`
    return `${write(asked, SUBJECTS[language][asked.of], FEMININE.has(asked.of))}${group}${split}`
  }

/** Tells which ends a period has. */
export const ended = (days: {
  from?: string | undefined
  to?: string | undefined
}): 'both' | 'from' | 'to' => (days.from === undefined ? 'to' : days.to === undefined ? 'from' : 'both')

/** The first and the last day of a period, as they are written; undefined where it is open. */
export interface Days {
  readonly [name: string]: string | undefined
  readonly from: string | undefined
  readonly to: string | undefined
}

/** The ends of a range, as they are written; undefined where it is open. */
export interface Bounds {
  readonly [name: string]: string | boolean | undefined
  readonly least: string | undefined
  readonly most: string | undefined
  /** True when the bound itself is left out. */
  readonly over: boolean
  readonly under: boolean
}

/** Figures of a group by which groups are left out. */
export type HavingWhat = 'contracts' | 'total' | 'share' | 'growth' | 'suppliers' | 'buyers'
/** Names of those figures. */
export const HAVING: Readonly<Record<Language, Readonly<Record<HavingWhat, string>>>> = {
  en: {
    contracts: 'number of contracts',
    total: 'sum',
    share: 'share of the sum',
    growth: 'growth',
    suppliers: 'number of suppliers',
    buyers: 'number of public bodies',
  },
  pt: {
    contracts: 'número de contratos',
    total: 'soma',
    share: 'parte da soma',
    growth: 'crescimento',
    suppliers: 'número de fornecedores',
    buyers: 'número de órgãos',
  },
  es: {
    contracts: 'número de contratos',
    total: 'suma',
    share: 'parte de la suma',
    growth: 'crecimiento',
    suppliers: 'número de proveedores',
    buyers: 'número de organismos',
  },
}
const RANGED: Readonly<Record<Language, readonly [over: string, from: string, under: string, to: string]>> = {
  en: ['above', 'from', 'below', 'up to'],
  pt: ['acima de', 'a partir de', 'abaixo de', 'até'],
  es: ['superior a', 'desde', 'inferior a', 'hasta'],
}
/** Writes a range, exact where its ends are one. */
export const ranged = ({ least, most, over, under }: Bounds, language: Language): string => {
  if (least !== undefined && least === most) return `= ${least}`
  const [above, from, below, to] = RANGED[language]
  return [
    ...(least === undefined ? [] : [`${over ? above : from} ${least}`]),
    ...(most === undefined ? [] : [`${under ? below : to} ${most}`]),
  ].join(', ')
}
