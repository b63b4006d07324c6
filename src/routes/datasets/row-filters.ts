import { type Static, Type } from 'typebox'
import { badField } from '../../errors.ts'
import { say } from '../../language/sentence.ts'
import { Where } from '../../protocol/plan.ts'

/** Values of one filter. */
const MOST_VALUES = 50

const Text = Type.String({ minLength: 1, maxLength: 200 })
const texts = (description: string) =>
  Type.Optional(Type.Union([Text, Type.Array(Text, { minItems: 1, maxItems: MOST_VALUES })], { description }))
const { contract, start_date, end_date, ends_from, ends_to, in_force_on, min_value, max_value, currency } =
  Where.properties

/** The filters of a dataset's rows, as query parameters; they mean what a plan's restriction means. */
export const RowFilters = {
  buyer: texts('public body or unit, by name or part of one'),
  supplier: texts('supplier, by name, part of one, CNPJ or CPF'),
  category: texts('category'),
  modality: texts('way of contracting'),
  q: texts('words in object, item or category'),
  number: contract,
  start_date,
  end_date,
  ends_from,
  ends_to,
  in_force_on,
  min_value,
  max_value,
  currency,
}

type Query = Static<ReturnType<typeof Type.Object<typeof RowFilters>>>

const listed = (value: string | readonly string[] | undefined): string[] | undefined =>
  value === undefined ? undefined : typeof value === 'string' ? [value] : [...value]

/**
 * Returns the restriction that query parameters name.
 * @throws {Problem} `VALIDATION_FAILED` where they contradict each other
 */
export const whereOf = (query: Query): Where => {
  const { start_date, end_date, min_value, max_value } = query
  if (start_date && end_date && end_date < start_date) throw badField('/end_date', say('field.before_start'))
  if (min_value !== undefined && max_value !== undefined && max_value < min_value)
    throw badField('/max_value', say('field.under_minimum'))
  const where: Where = {
    buyer: listed(query.buyer),
    supplier: listed(query.supplier),
    category: listed(query.category),
    modality: listed(query.modality),
    topic: listed(query.q),
    contract: query.number,
    start_date,
    end_date,
    ends_from: query.ends_from,
    ends_to: query.ends_to,
    in_force_on: query.in_force_on,
    min_value,
    max_value,
    currency: query.currency,
  } as Where
  return Object.fromEntries(Object.entries(where).filter(([, value]) => value !== undefined))
}
