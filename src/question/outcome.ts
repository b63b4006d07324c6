import type { Plan, Where } from '../protocol/plan.ts'
import type { Unknown } from './condition.ts'

/** The contracts of one currency that have a value. */
export interface Amounts {
  currency: string
  contracts: number
  total: number
  mean: number
  median: number
  largest: number
  smallest: number
  /** The sum that amendments added to the initial values; null where no contract has one. */
  added: number | null
  /** Contracts whose value is above the initial one. */
  grown: number
}

/** The figures of some contracts. */
export interface Figures {
  /** Number of contracts, with and without a value. */
  contracts: number
  unvalued: number
  suppliers: number
  buyers: number
  units: number
  categories: number
  /** First and last day, `YYYY-MM-DD`; null where no contract has one. */
  firstDay: string | null
  lastDay: string | null
  /** By currency, the one of most contracts first. */
  amounts: Amounts[]
}

/** One year, month, supplier … of a grouped answer. */
export interface GroupFigures {
  key: string
  name: string
  /** CNPJ, CPF or another number; null where the file has none. */
  id: string | null
  contracts: number
  /** Amounts in the currency of the ranking; null where the group has none in it. */
  total: number | null
  mean: number | null
  median: number | null
  added: number | null
  /** Number of different suppliers, buyers …, where those of each group are counted. */
  parties?: number
  /** Amount of the first of two compared periods, where growth is asked for. */
  before?: number | null
}

/** Groups in one currency, in the order of the plan. */
export interface Ranking {
  /** ISO 4217; null where no contract has a value. */
  currency: string | null
  /** Number of all groups. */
  of: number
  /** Contracts with a value, and their sum, over all groups and what belongs to none. */
  contracts: number
  total: number
  items: GroupFigures[]
}

export interface FoundContract {
  contract_id: string
  contract_number: string | null
  object: string | null
  category: string | null
  supplier_name: string | null
  supplier_id: string | null
  buyer_name: string | null
  unit_name: string | null
  modality: string | null
  /** `YYYY-MM-DD`: the day of signature, else of the start. */
  date: string | null
  start_at: string | null
  end_at: string | null
  status: string | null
  /** Days from the start, else the signature, to the end. */
  days: number | null
  /** In `currency`. */
  value: number | null
  initial_value: number | null
  /** The group of which it is the largest or the smallest one, where one of each is asked for. */
  in_group?: string
  /** Percent by which the value is above the initial one. */
  increase: number | null
  currency: string
}

/** For how many days contracts run. */
export interface Lengths {
  contracts: number
  mean: number
  median: number
  longest: number
  shortest: number
}

/** The figures, groups and contracts that answer a plan over one dataset; every figure of it comes from a query. */
export interface Outcome {
  plan: Plan
  figures: Figures
  /** The contracts that a share is a part of. */
  whole?: Figures
  /** The groups that a mean is over, or that each have a contract listed: all of the period, and those with contracts. */
  groups?: { of: number; filled: number }
  /** For how long the contracts run that have an end, where that is asked. */
  lengths?: Lengths
  /** One for each currency, at most three. */
  rankings?: Ranking[]
  /** Suppliers of a buyer, or buyers of a supplier, where the plan asks for a profile. */
  partners?: Ranking[]
  contracts: FoundContract[]
  /** The slices that are compared, with the figures of each. */
  sides?: { where: Where; figures: Figures }[]
  /** Names and words of the plan that the dataset does not have. */
  unknown: readonly Unknown[]
}

/** Rows that a restriction leaves out since it cannot be decided for them, or since they would count twice. */
export interface LeftOut {
  /** Budget commitments whose contract is in the file too. */
  commitments: number
  /** Rows without a value, where the restriction is about values. */
  without_value: number
  /** Rows without the day that the restriction is about. */
  without_date: number
}

/** The lines of the rows that a restriction leaves, ascending. */
export interface RestrictedLines {
  lines: number[]
  leftOut: LeftOut
}
