import type { Plan, Where } from '../../protocol/plan.ts'

/** Fields of a restriction under the names of the query of a dataset's contracts. */
const QUERY: Readonly<Partial<Record<keyof Where, string>>> = {
  buyer: 'buyer',
  supplier: 'supplier',
  category: 'category',
  modality: 'modality',
  topic: 'q',
  contract: 'number',
  start_date: 'start_date',
  end_date: 'end_date',
  ends_from: 'ends_from',
  ends_to: 'ends_to',
  in_force_on: 'in_force_on',
  min_value: 'min_value',
  max_value: 'max_value',
  currency: 'currency',
}

/** Returns the path of a dataset's contracts under a plan's restriction. */
export const contractsPath = (
  datasetId: string,
  { where }: Pick<Plan, 'where'>,
  more: Readonly<Record<string, string>> = {},
): string => {
  const query = new URLSearchParams(more)
  for (const [field, name] of Object.entries(QUERY) as [keyof Where, string][]) {
    const value = where[field]
    for (const one of Array.isArray(value) ? value : value === undefined ? [] : [value])
      query.append(name, String(one))
  }
  const text = query.toString()
  return `/api/v1/datasets/${datasetId}/contracts${text === '' ? '' : `?${text}`}`
}

export const datasetPage = (datasetId: string): string => `/datasets/${datasetId}`
export const findingPage = (investigationId: string, anomalyId: string): string =>
  `/investigations/${investigationId}/findings/${anomalyId}`
export const investigationPage = (investigationId: string): string => `/investigations/${investigationId}`
