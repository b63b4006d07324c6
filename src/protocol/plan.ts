import { type Static, Type } from 'typebox'
import { AnomalyType, Severity } from './investigation.ts'

/** Longest list of names or words in a plan. */
export const MOST_NAMES = 50
/** Groups, contracts or findings that an answer lists at most. */
export const MOST_LISTED = 50

const Day = (description: string) => Type.Optional(Type.String({ format: 'date', description }))
const Texts = (description: string) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
      minItems: 1,
      maxItems: MOST_NAMES,
      description,
    }),
  )

const range = (description: string) =>
  Type.Optional(
    Type.Object(
      { min: Type.Optional(Type.Number()), max: Type.Optional(Type.Number()) },
      { additionalProperties: false, minProperties: 1, description },
    ),
  )

/** A range of days or values: what is in any of several. */
export const Slice = Type.Object(
  {
    start_date: Day('first day, inclusive'),
    end_date: Day('last day, inclusive'),
    min_value: Type.Optional(Type.Number({ description: 'least value, inclusive' })),
    max_value: Type.Optional(Type.Number({ description: 'largest value, inclusive' })),
  },
  { additionalProperties: false, minProperties: 1 },
)
export type Slice = Static<typeof Slice>
const Slices = (description: string) =>
  Type.Optional(Type.Array(Slice, { minItems: 1, maxItems: MOST_NAMES, description }))

const named = {
  buyer: Texts('public bodies or units inside them, by name or part of one; any of them'),
  supplier: Texts('suppliers, by name, part of one, CNPJ or CPF; any of them'),
  category: Texts('categories of purchase, as the data has them; any of them'),
  modality: Texts('ways of contracting, as the data has them, such as Pregão or Dispensa; any of them'),
  status: Texts('states of a contract, as the data has them, such as Suspenso; any of them'),
  within: Slices('contracts that lie in any of these periods or ranges of value'),
  topic: Texts(
    'things bought, in words; all words of one entry stand in the object, item or category of a contract, in any inflection; any of the entries',
  ),
}

export const Where = Type.Object(
  {
    ...named,
    /** Number or id of a contract, or the number of its process. */
    contract: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'number or id of one contract' }),
    ),
    start_date: Day('first day, inclusive, by signature, else by start'),
    end_date: Day('last day, inclusive'),
    ends_from: Day('contracts that end on this day or later'),
    ends_to: Day('contracts that end on this day or earlier'),
    in_force_on: Day('contracts that run on this day'),
    min_value: Type.Optional(Type.Number({ description: 'least value of a contract, inclusive' })),
    max_value: Type.Optional(Type.Number({ description: 'largest value of a contract, inclusive' })),
    increase: range(
      'percent by which the value is above the initial value, inclusive; below 0: what was cut',
    ),
    months: range(
      'whole months that a contract runs from its start, else its signature, to its end; 24.01: more than 24',
    ),
    weekday: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
        minItems: 1,
        uniqueItems: true,
        description: 'signed on any of these days of the week, 1 is Monday',
      }),
    ),
    /** On which side of the mean or the median of what else the restriction leaves, in their currency. */
    beside: Type.Optional(
      Type.Enum(['above_mean', 'below_mean', 'above_median', 'below_median'], {
        description:
          'contracts whose value is above or below the mean or the median of all that `where` leaves',
      }),
    ),
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' })),
    missing: Type.Optional(
      Type.Enum(['value', 'date', 'supplier', 'buyer', 'object', 'end'], {
        description: 'contracts for which the file does not have this',
      }),
    ),
    anomaly_type: Type.Optional(Type.Array(AnomalyType, { minItems: 1, uniqueItems: true })),
    severity: Type.Optional(Type.Array(Severity, { minItems: 1, uniqueItems: true })),
    /** Contracts that are in none of these groups. */
    except: Type.Optional(Type.Object(named, { additionalProperties: false })),
  },
  { additionalProperties: false },
)
/** The restriction of a question to some contracts or findings; a missing field does not restrict. */
export type Where = Static<typeof Where>

/** Groups of contracts that fulfil all of this together. */
export const Having = Type.Object(
  {
    contracts: range('number of contracts'),
    total: range('sum of their values in one currency'),
    share: range('percent that they are of the sum of all groups'),
    growth: range('percent by which their sum grew between the two of `compare`, for measure `growth`'),
    suppliers: range('number of different suppliers'),
    buyers: range('number of different public bodies or units'),
    also: Type.Optional(
      Type.Array(Where, { minItems: 1, maxItems: 10, description: 'has contracts in each of these' }),
    ),
    never: Type.Optional(
      Type.Array(Where, { minItems: 1, maxItems: 10, description: 'has contracts in none of these' }),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
)
export type Having = Static<typeof Having>

/** Kinds of things that a question is about. */
export const SUBJECTS = ['contracts', 'suppliers', 'buyers', 'units', 'categories', 'findings'] as const
export type Subject = (typeof SUBJECTS)[number]

export const MEASURES = [
  'count',
  'sum',
  'added',
  'mean',
  'median',
  'duration',
  'share',
  'largest',
  'smallest',
  'list',
  'growth',
  'change',
  'summary',
] as const

export const GROUPS = [
  'year',
  'half',
  'quarter',
  'month',
  'weekday',
  'supplier',
  'buyer',
  'unit',
  'category',
  'modality',
  'status',
  'anomaly_type',
  'severity',
] as const
export type Group = (typeof GROUPS)[number]
/** Groups that are periods, with their length in months. */
export const PERIODS: Readonly<Partial<Record<Group, number>>> = { year: 12, half: 6, quarter: 3, month: 1 }

/**
 * A question about data as one value. It is read from words, edited by a follow-up, run over a dataset, told in an
 * answer, and filled in by language models.
 *
 * `measure` of `of`:
 * - `count`, `sum`, `mean`, `median` of contracts: one figure, or one for each of `group`; `count` of suppliers, buyers,
 *   units or categories: how many different ones, with another `group` in each of that; of findings: how many, and
 *   `sum` the amount at stake;
 * - `split` beside `group`: the figures of each of the one in each of the other; no types nor severities of findings;
 * - `duration`: the mean and the median number of days that contracts run;
 * - `added`: what amendments added to the initial values;
 * - `mean` with `per`: of the sums of those groups, as "a month"; `count` with `per`: of their numbers of contracts;
 *   periods without a contract count as zero;
 * - `share`: the part that the contracts in `where` have in those of `whole`, else of the same period; of suppliers, buyers, units or
 *   categories: the part of the `limit` largest;
 * - `having` leaves those suppliers, buyers … or groups, and their contracts, that fulfil it;
 * - `largest`, `smallest`: by value, `order.by` `count` by number of contracts; one is `limit` 1; of contracts with
 *   `group`: the one contract of each group;
 * - `list`: contracts, suppliers … or findings in an order;
 * - `growth`: from each period of `group` to the next, or which of the subjects grew most between the two of `compare`,
 *   by amount, `order.by` `increase` in percent;
 *   `change`: from the first to the second of `compare`;
 * - `summary`: the figures of the contracts in `where`, the story of one contract, the profile of one supplier, buyer,
 *   unit or category, the explanation of one finding.
 */
export const Plan = Type.Object(
  {
    dataset: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'id or name of a dataset' }),
    ),
    measure: Type.Enum([...MEASURES]),
    of: Type.Enum([...SUBJECTS]),
    where: Where,
    group: Type.Optional(Type.Enum([...GROUPS])),
    split: Type.Optional(Type.Enum([...GROUPS])),
    having: Type.Optional(Having),
    whole: Type.Optional(Where),
    per: Type.Optional(Type.Enum([...GROUPS])),
    order: Type.Optional(
      Type.Object(
        {
          by: Type.Enum([
            'value',
            'count',
            'date',
            'end',
            'duration',
            'added',
            'increase',
            'name',
            'severity',
          ]),
          direction: Type.Enum(['asc', 'desc']),
        },
        { additionalProperties: false },
      ),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_LISTED })),
    /** Number of listed things to pass over. */
    skip: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    /** Place of the one thing of the list that is meant, from 1; −1 is the last. */
    place: Type.Optional(Type.Integer({ minimum: -1, maximum: 1000 })),
    /** Two or more restrictions, each beside `where`, to put side by side. */
    compare: Type.Optional(Type.Array(Where, { minItems: 2, maxItems: 10 })),
  },
  { additionalProperties: false },
)
export type Plan = Static<typeof Plan>
