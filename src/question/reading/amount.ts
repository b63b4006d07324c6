import type { Slice, Where } from '../../protocol/plan.ts'
import { AFTER, BEFORE, type BoundKind, LINKS } from './bounds.ts'
import { may } from './concepts.ts'
import { excludes, negates } from './denial.ts'
import type { Draft } from './draft.ts'
import { type Numeral, numeralAt } from './number.ts'

/** The bound that each one becomes under a negation: "no more than" is "up to". */
const NEGATED: Readonly<Record<BoundKind, BoundKind>> = {
  over: 'to',
  from: 'under',
  under: 'from',
  to: 'over',
}
/** Words between a negation and the bound that it turns round. */
const AFTER_NEGATION =
  /^(?:que|custa|custam|custem|custaram|custou|custar|cuesta|cuestan|cuesten|costaron|costo|cost|costs|valem|vale|valham|valen|valgan|foi|foram|sao|sejam|seja|son|sean|fueron|are|were|is|was|de|por|for|worth|of|ficam|fiquem|estao|estejam|esten|estan)$/
/** Words between an exception and the bound of what it leaves out. */
const AFTER_EXCEPTION =
  /^(?:o|os|a|as|el|la|los|las|the|of|de|do|da|dos|das|que|com|con|with|contratos|contrato|compras|compra|contracts|contract|purchases|ones|those|aqueles|aquelas|contar|considerar|incluir|for|worth|custam|cuestan|costing|valor|valores|em|en|in)$/
/** Bounds that are none without a word like "than". */
const COMPARES =
  /^(?:mais|menos|mas|more|less|maior|maiores|menor|menores|mayor|mayores|greater|larger|higher|bigger|smaller|lower|fewer)$/
const VERBS = /^(?:top|tops|pasan?|chegam?|llegan?|reach|reaches)$/
const VALUES =
  /^(?:valor|valores|value|values|valued|custo|custos|custa|custam|custem|custaram|custando|cost|costs|costing|cuesta|cuestan|costo|coste|preco|precos|precio|precios|price|prices|priced|montante|importe|importes|monto|montos|worth|valem|vale|valham|valendo|valen)$/
const IS =
  /^(?:e|es|is|are|seja|sejam|sea|sean|foi|fue|sao|son|at|de|do|of|a|o|exatos|exatamente|exactly|exactamente|total|igual|equal|to)$/
const OPENS = /^(?:com|de|with|con|in|of|no|na|o|um|uma|the|a|el|un|una|que|en|em|por)$/
const SIGNED = /[$€£¥]\s*$/u
const SIGN_WORDS: ReadonlySet<string> = new Set(['r', 'us', 'mx', 'brl', 'usd', 'eur', 'gbp'])
const UNITS: ReadonlySet<string> = new Set(
  'reais real contos dolares dolar dollar dollars euro euros peso pesos libra libras pound pounds brl usd eur gbp'.split(
    ' ',
  ),
)
const COUNTED =
  /^(?:percent|pct|dias?|days?|semanas?|weeks?|trimestres?|quarters?|semestres?|vezes|times|veces)$/
const MILLIONS = /^(?:multi)?mill?ionari[oa]s?$|^millonari[oa]s?$|^bilionari[oa]s?$/
const CENT = 0.01
/** Least amount that needs no sign, scale or unit behind a bound. */
const LEAST_BARE = 100
const cents = (amount: number): number => Math.round(amount * 100) / 100

interface Money extends Numeral {
  /** Place of its sign, and the one after its unit. */
  readonly begin: number
  readonly end: number
  readonly signed: boolean
  readonly unit: boolean
  readonly cents: boolean
}

/** Reads an amount of money, or a bare number that may be one; undefined where it counts something else. */
const moneyAt = (draft: Draft, at: number): Money | undefined => {
  const word = draft.word(at)
  const from = SIGN_WORDS.has(word) && (SIGNED.test(draft.gap(at + 1)) || word.length === 3) ? at + 1 : at
  const number = numeralAt(draft, from)
  if (!number || (number.article && number.scale === 1)) return undefined
  const signed = SIGNED.test(draft.gap(from)) || from > at
  const { to } = number
  const gap = draft.gap(to)
  if (/^\s*[%º°ª]/.test(gap) || (/^[/-]\d?$/.test(gap) && /^\d/.test(draft.word(to)))) return undefined
  if (number.from > 0 && /^[/.-]$/.test(draft.gap(number.from)) && /\d$/.test(draft.word(number.from - 1)))
    return undefined
  const linked = /^(?:de|of)$/.test(draft.word(to)) && UNITS.has(draft.word(to + 1)) ? to + 1 : to
  const unit = UNITS.has(draft.word(linked)) && draft.isFree(linked)
  const next = draft.word(to)
  if (
    !signed &&
    !unit &&
    /^\s*$/.test(gap) &&
    (COUNTED.test(next) ||
      (next === 'por' && /^(?:cento|ciento)$/.test(draft.word(to + 1))) ||
      may(next, 'contracts', 'suppliers', 'buyers', 'units', 'categories', 'findings', 'year', 'month'))
  )
    return undefined
  return {
    ...number,
    begin: from > at ? at : signed && SIGN_WORDS.has(draft.word(from - 1)) ? from - 1 : from,
    end: unit ? linked + 1 : to,
    signed,
    unit,
    cents: /[.,]\d{2}$/.test(draft.word(number.from)),
  }
}

const isMarked = ({ signed, unit, scale }: Money): boolean => signed || unit || scale > 1
const isYear = (money: Money): boolean =>
  !isMarked(money) &&
  money.digits &&
  money.value >= 1900 &&
  money.value < 2100 &&
  Number.isInteger(money.value)

/** Returns the place where the words begin that say that a bound is about value: "com valor total". */
const fromValue = (draft: Draft, to: number): number => {
  let at = to
  while (at > 0 && at > to - 3 && IS.test(draft.word(at - 1)) && draft.isFree(at - 1)) at -= 1
  if (!(VALUES.test(draft.word(at - 1)) && draft.isFree(at - 1))) return to
  at -= 1
  while (at > 0 && OPENS.test(draft.word(at - 1)) && draft.isFree(at - 1)) at -= 1
  return at
}

/** Returns the place of a negation or an exception that turns round the bound at a place; undefined without one. */
const turnedAt = (draft: Draft, bound: number): number | undefined => {
  for (let at = bound - 1; at >= 0 && draft.isFree(at) && !/[.;!?]/.test(draft.gap(at + 1)); at--) {
    if (negates(draft, at) || excludes(draft, at)) {
      const between =
        excludes(draft, at) || /^(?:sem|sin|without)$/.test(draft.word(at)) ? AFTER_EXCEPTION : AFTER_NEGATION
      // "No contract above …" asks for one.
      if (/^(?:nenh|ning|nad|none|noth|nob|nem$|ni$)/.test(draft.word(at))) return undefined
      for (let one = at + 1; one < bound; one++) if (!between.test(draft.word(one))) return undefined
      return at
    }
    if (bound - at > 6) return undefined
  }
  return undefined
}

/** Reads "between A and B" and "from A to B", which begins at a place. */
const rangeAt = (draft: Draft, from: number): Pick<Where, 'min_value' | 'max_value'> | undefined => {
  const opener = draft.word(from)
  if (!/^(?:entre|between|faixa|range|de|from)$/.test(opener) || !draft.isFree(from)) return undefined
  let at = from + 1
  while (
    /^(?:de|of|os|as|o|the|los|the|uns|r)$/.test(draft.word(at)) &&
    draft.isFree(at) &&
    !SIGNED.test(draft.gap(at + 1))
  )
    at += 1
  const low = moneyAt(draft, at)
  const joiner = low && draft.word(low.end)
  const closes = /^(?:de|from)$/.test(opener) ? /^(?:a|ate|to|hasta|al)$/ : /^(?:e|a|ate|and|to|y|hasta)$/
  if (!low || !joiner || !closes.test(joiner)) return undefined
  let next = low.end + 1
  while (/^(?:os|as|o|the|los)$/.test(draft.word(next))) next += 1
  const high = moneyAt(draft, next)
  if (!high || (isYear(low) && isYear(high))) return undefined
  if (!(isMarked(low) || isMarked(high) || high.value >= LEAST_BARE)) return undefined
  const begin = fromValue(draft, from)
  if (turnedAt(draft, begin) !== undefined) return undefined
  draft.claimWords(begin, high.end)
  const first = low.scale === 1 && high.scale > 1 && low.value < 1000 ? low.value * high.scale : low.value
  const [least, most] = [first, high.value].sort((a, b) => a - b) as [number, number]
  return { min_value: cents(least), max_value: cents(most) }
}

const bounded = (kind: BoundKind, amount: number): Pick<Where, 'min_value' | 'max_value'> =>
  ({
    over: { min_value: cents(amount + CENT) },
    from: { min_value: cents(amount) },
    under: { max_value: cents(amount - CENT) },
    to: { max_value: cents(amount) },
  })[kind]

interface Bound {
  readonly where: Pick<Where, 'min_value' | 'max_value'>
  readonly from: number
  readonly to: number
}

/** Reads an amount at a place with the words around it that make it a bound, or an exact value. */
const boundAt = (draft: Draft, at: number): Bound | undefined => {
  const money = moneyAt(draft, at)
  if (!money || isYear(money)) return undefined
  if (!isMarked(money) && money.value < LEAST_BARE) return undefined
  let place = money.begin
  while (place > 0 && LINKS.test(draft.word(place - 1)) && draft.isFree(place - 1)) place -= 1
  // "A partir de": a bound may itself end in a small word.
  let before = BEFORE.before(draft, money.begin)
  for (let to = money.begin - 1; before === undefined && to >= place; to--) before = BEFORE.before(draft, to)
  if (
    before &&
    before.to === money.begin &&
    before.from + 1 === before.to &&
    COMPARES.test(draft.word(before.to - 1))
  )
    before = undefined
  if (before && before.to === money.begin && !isMarked(money) && VERBS.test(draft.word(before.to - 1)))
    before = undefined
  const after = before ? undefined : AFTER.at(draft, money.end)
  const symbol = /([<>≤≥]=?)\s*\S?\s*$/u.exec(draft.gap(money.begin))?.[1]
  const kind =
    before?.kind ??
    after?.kind ??
    (symbol === undefined
      ? undefined
      : /^(?:>=|≥)/.test(symbol)
        ? 'from'
        : symbol === '>'
          ? 'over'
          : symbol === '<'
            ? 'under'
            : 'to')
  if (kind !== undefined) {
    const begin = fromValue(draft, before?.from ?? money.begin)
    const turned = turnedAt(draft, before?.from ?? begin)
    return {
      where: bounded(turned === undefined ? kind : NEGATED[kind], money.value),
      from: turned === undefined ? begin : fromValue(draft, turned),
      to: after?.to ?? money.end,
    }
  }
  // Without a bound it is the value itself, where a sign, cents, or a word of value tell so.
  const begin = fromValue(draft, money.begin)
  const isValue = begin < money.begin || /^(?:de|of|por|for)$/.test(draft.word(money.begin - 1))
  if (
    !(
      money.signed ||
      (money.scale > 1 && money.unit) ||
      (money.cents && money.digits) ||
      (isValue && money.scale > 1)
    )
  )
    return undefined
  const value = cents(money.value)
  return { where: { min_value: value, max_value: value }, from: begin, to: money.end }
}

/** Reads the amounts that bound the value of a contract. */
export const readAmounts = (
  draft: Draft,
): Pick<Where, 'min_value' | 'max_value'> & { ranges: readonly Slice[] } => {
  for (const { at } of draft.tokens) {
    const range = rangeAt(draft, at)
    if (range) return { ...range, ranges: [] }
  }
  let found: Pick<Where, 'min_value' | 'max_value'> = {}
  const ranges: Slice[] = []
  for (const { at } of draft.tokens) {
    const bound = draft.isFree(at) ? boundAt(draft, at) : undefined
    if (!bound) continue
    if (Object.keys(found).length > 0 && /^(?:ou|or|o|u)$/.test(draft.word(bound.from - 1))) {
      ranges.push(found, bound.where)
      found = {}
      draft.claimWords(bound.from - 1, bound.to)
      continue
    }
    // Of two bounds of one kind the second stays unread, so that it is asked about.
    if (ranges.length > 0 || Object.keys(bound.where).some((key) => key in found)) continue
    draft.claimWords(bound.from, bound.to)
    Object.assign(found, bound.where)
  }
  if (Object.keys(found).length > 0 || ranges.length > 0) return { ...found, ranges }
  const millions = draft.tokens.find(
    ({ at, word }) =>
      draft.isFree(at) &&
      (MILLIONS.test(word) ||
        (word === 'million' && /^(?:dollar|pound|euro|real)$/.test(draft.word(at + 1)))),
  )
  if (!millions) return { ranges }
  draft.claimWords(millions.at, millions.word === 'million' ? millions.at + 2 : millions.at + 1)
  return { min_value: millions.word.startsWith('b') ? 1e9 : 1e6, ranges }
}
