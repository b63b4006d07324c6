import { type Having, PERIODS, type Subject, type Where } from '../../protocol/plan.ts'
import type { Period } from './calendar.ts'
import { inTime, outgrows } from './comparison.ts'
import type { Hearing, Wish } from './hearing.ts'
import { naming } from './naming.ts'
import { neverOf, onlyOf, restriction } from './restriction.ts'
import { asGroup, groupOf, isOne, partyOf } from './subject.ts'
import { subjectsOf } from './wishes.ts'

/** A bound behind contracts is one of theirs, not of what a party has in all: "suppliers with contracts above …". */
const CONTRACTS_BOUND =
  /\b(?:contrat\w*|contract\w*|compras?|purchases?|licita\w*|dispensas?|preg\w+|tenders?|deals?|awards?)(?: [^\s,.;?]+){0,3} (?:acima|abaixo|superior\w*|inferior\w*|mais de|menos de|mas de|above|over|below|under|more than|less than|por mais|por menos|worth|entre|between|a partir|maior\w*|menor\w*|passa\w*|por encima|por debajo|de|of|ate|up to|hasta)\b/
const BOTH =
  /\b(?:both|amb[oa]s|tanto|l[oa]s dos|os dois|as duas|em comum|en comun|in common|compartilha(?:m|d[oa]s)|comparten|compartid[oa]s|shared (?:by|between)|tambem|tambien|also|as well as|ao mesmo tempo)\b/
/** Growth as a part of what there was before. */
const IN_PERCENT =
  /%|\b(?:percentua\w*|porcentua\w*|porcentagem|porcentaje|proporcional\w*|por ?cento|percent\w*|relativ\w+|proportion\w*)\b/
/** Parties that were not there before: "novos fornecedores", "que nunca tinham vendido antes". */
const NEVER_BEFORE =
  /\b(?:nov[oa]s|nuev[oa]s|new|estreantes?|first[- ]time) (?:\w+ )?(?:fornecedor\w*|empresas?|proveedor\w*|suppliers?|vendors?|compan\w+|contractors?)\b|\b(?:fornecedor\w*|empresas?|proveedor\w*) (?:estreantes?|nov[oa]s?|nuev[oa]s?)\b|\b(?:fornecedor\w*|empresas?|proveedor\w*|suppliers?|compan\w+|vendors?) (?:(?:que |who |that )?(?:son|sao|are|eran|eram|were) )?(?:nov[oa]s?|nuev[oa]s?|new) (?:em|en|in)\b/

const OWN: Partial<Record<Subject, keyof Where>> = {
  suppliers: 'supplier',
  buyers: 'buyer',
  units: 'buyer',
  categories: 'category',
}

const withoutField = (where: Where, ...fields: readonly (keyof Where)[]): Where =>
  Object.fromEntries(Object.entries(where).filter(([key]) => !fields.includes(key as keyof Where)))

const dayBefore = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)

/** Returns the restriction of what was before the one period of a message; undefined without a first day. */
const before = (periods: readonly Period[]): Where | undefined => {
  const from = periods.length === 1 ? periods[0]?.from : undefined
  return from === undefined ? undefined : { end_date: dayBefore(from) }
}

/** Returns what the parties that a message asks about must have, and the restriction without that. */
const conditionsOf = (heard: Hearing, field: 'supplier' | 'buyer' | 'category'): [Having, Where] => {
  const { parts, text, several, most, least } = heard
  let { where } = heard
  const { min_value, max_value } = where
  const having: Having = { ...parts.having }
  if ((min_value ?? max_value) !== undefined && where[field] === undefined && !CONTRACTS_BOUND.test(text)) {
    const { min_value: min, max_value: max, ...rest } = where
    where = rest
    having.total = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
  }
  // Suppliers of both: each of the names that are none of their own.
  const others = several.filter((one) => one.field !== field)
  if (BOTH.test(text) && others.length > 1 && others.every((one) => one.field === others[0]?.field))
    having.also = [...(having.also ?? []), ...others.map((one) => naming([one], []))]
  // "Did not sell to health": without any contract there, whatever else they have.
  const never = !(most || least) && where.except ? neverOf(parts, field) : []
  if (never.length > 0) {
    const { except: _except, ...rest } = where
    where = rest
    having.never = never
  }
  const only = onlyOf(parts, field)
  if (only) {
    having.also = [...(having.also ?? []), ...(only.having.also ?? [])]
    having.never = [...(having.never ?? []), ...(only.having.never ?? [])]
    where = withoutField(where, ...only.instead)
  }
  const earlier = NEVER_BEFORE.test(text) ? before(parts.periods) : undefined
  if (earlier) having.never = [...(having.never ?? []), earlier]
  return [having, where]
}

/** Returns what a message asks of suppliers, buyers, units or categories. */
export const partyWish = (heard: Hearing, of: Subject): Wish => {
  const { parts, register, text, words, nouns, verbs, most, least, rises, byCount, beside, several } = heard
  const { any, at } = words
  const { count, place, group: grouping } = parts
  const first = nouns[0]
  const field = OWN[of] as 'supplier' | 'buyer' | 'category'
  const asked = nouns.find((one) => partyOf(one, register) === of) ?? first
  const oneOnly = (most || least) && asked !== undefined && isOne(asked.word) && asked.at !== at('who')
  const limit = count ?? (oneOnly ? 1 : undefined)
  const order = byCount ? { order: { by: 'count', direction: least && !most ? 'asc' : 'desc' } as const } : {}
  const ranked = { limit, ...order, ...(place === undefined ? {} : { place }) }
  const [having, where] = conditionsOf(heard, field)
  const finish = (made: Partial<Wish>): Wish =>
    heard.finish({ where, ...(Object.keys(having).length > 0 ? { having } : {}), ...made })

  if (beside && (rises || outgrows(parts, beside))) {
    const falls = parts.grew
      ? parts.grew.max !== undefined
      : rises
        ? any('fall') && !any('growth')
        : least && !most
    const inPercent = IN_PERCENT.test(text)
    return finish({
      of,
      measure: 'growth',
      compare: inTime(beside.compare),
      limit: count,
      where: restriction({ ...parts, ...beside.rest }),
      ...(parts.grew ? { having: { ...having, growth: parts.grew } } : {}),
      ...(falls || inPercent
        ? { order: { by: inPercent ? 'increase' : 'value', direction: falls ? 'asc' : 'desc' } }
        : {}),
    })
  }
  if (heard.asksShare)
    return finish(
      where[field] || (of === 'categories' && where.topic)
        ? { of: 'contracts', measure: 'share' }
        : { of, measure: 'share', limit: count ?? (oneOnly ? 1 : undefined) },
    )
  // "Quantos fornecedores por secretaria": how many different ones each of the others has.
  const other = grouping && asGroup(grouping.group, register)
  if (other && other !== groupOf(of) && any('howmany') && asked && subjectsOf(asked).includes(of))
    return finish({ of, measure: 'count', group: other, limit: count })
  const counted = at('howmany')
  if (
    counted !== Number.POSITIVE_INFINITY &&
    asked &&
    asked.at > counted &&
    !nouns.some((one) => one.at > counted && one.at < asked.at)
  )
    return finish({ of, measure: 'count' })
  if (where[field] !== undefined && !(most || least)) {
    if (verbs.received || verbs.spent || any('howmuch')) return finish({ of: 'contracts', measure: 'sum' })
    return finish({ of, measure: 'summary' })
  }
  if (grouping && grouping.group in PERIODS)
    return finish({
      of: 'contracts',
      measure: any('howmany') ? 'count' : 'sum',
      group: grouping.group,
    })
  if (heard.each && any('howmuch', 'value', 'howmany') && !(most || least))
    return finish({
      of: 'contracts',
      measure: any('howmany') ? 'count' : any('mean') ? 'mean' : 'sum',
      group: groupOf(of),
    })
  // "Quanto essa prefeitura gastou": of the one that the data is of.
  if (
    any('howmuch') &&
    (verbs.spent || verbs.received) &&
    !(most || least) &&
    asked &&
    isOne(asked.word) &&
    !heard.each &&
    !any('who', 'list')
  )
    return finish({ of: 'contracts', measure: 'sum' })
  // "Is X the largest supplier?" asks who is, of all.
  const isAsked = several.length > 0 && several.filter((one) => one.field === field).length === 1
  if (isAsked && oneOnly && !least && where[field]?.length === 1)
    return finish({ of, measure: 'largest', ...ranked, limit: 1, where: withoutField(where, field) })
  if (any('mean') && (most || least) && grouping === undefined && where[field] === undefined)
    return finish({
      of: 'contracts',
      measure: 'mean',
      group: groupOf(of),
      order: { by: 'value', direction: least && !most ? 'asc' : 'desc' },
      limit,
    })
  if (least && !any('largest')) return finish({ of, measure: 'smallest', ...ranked })
  if (most || byCount || rises) return finish({ of, measure: 'largest', ...ranked })
  return finish({ of, measure: 'list', ...ranked })
}
