import type { Where } from '../../protocol/plan.ts'
import { may } from './concepts.ts'
import { isLeftOut } from './exclusion.ts'
import type { Mention } from './mention.ts'
import { naming } from './naming.ts'
import type { Parts } from './parts.ts'
import type { Topic } from './topics.ts'

/** Words for the money or the contracts of which a part is asked for. */
const WHOLES =
  /^(?:total|totais|recursos|recurso|verbas?|dinheiro|dinero|money|orcamento|presupuesto|budget|tudo|todo|everything|all|volume|bolo|plata|fondos|funds)$/
/** Prepositions of what something is a part in. */
const IN = /^(?:na|no|nas|nos|em|en|in|within|dentro|entre|among)$/
const SMALL =
  /^(?:o|a|os|as|la|el|los|las|the|de|do|da|dos|das|del|of|by|pela|pelo|por|que|categoria|category|area|secretaria|orgao|departamento|department|empresa|company)$/
/** Words behind which stands what the part consists of. */
const GOES =
  /^(?:foi|foram|fue|fueron|was|were|went|goes|go|vai|vao|ficou|ficaram|saiu|corresponde|corresponden|correspondem|destinad[oa]s?|destino|representa|representam|represents?|para|pra|to|com|con|with|on|via|through|a|ao)$/

interface Side {
  readonly field: string
  readonly from: number
  readonly of: Mention | Topic
}

/**
 * Returns the restriction of the contracts that a share is a part of, where a message names it beside the part: "of the
 * contracts of health"; undefined for a share of all contracts, or where it does not tell which is which.
 */
export const wholeOf = (parts: Parts, where: Where): Where | undefined => {
  const { draft, mentions, topics, exclusions } = parts
  const sides: Side[] = [
    ...mentions.map((one) => ({ field: one.field as string, from: one.from, of: one })),
    ...topics.map((one) => ({ field: 'topic', from: one.from, of: one })),
  ]
    .filter(({ of }) => !isLeftOut(of, exclusions))
    .sort((a, b) => a.from - b.from)
  // "Which part of health's contracts was not by auction": of those of health.
  if (
    where.except &&
    sides.length > 0 &&
    exclusions.every(({ at }) => sides.every(({ of }) => of.to <= at))
  ) {
    const of = sides.map((side) => side.of)
    return naming(
      mentions.filter((one) => of.includes(one)),
      topics.filter((one) => of.includes(one)),
    )
  }
  if (new Set(sides.map(({ field }) => field)).size < 2 || where.except) return undefined
  const before = (side: Side, at: number) => {
    const past = sides[at - 1]
    const begins = Math.max(past ? past.of.to : 0, side.from - 7)
    return draft.tokens.slice(begins, side.from).reverse()
  }
  /** "Which percentage of the direct awards did X get?" */
  const isOfPercent = (side: Side, at: number): boolean => {
    const [preposition, percent] = before(side, at).filter(
      ({ word }) => !/^(?:o|a|os|as|la|el|los|las|the)$/.test(word),
    )
    return (
      side.field !== 'supplier' &&
      sides.some(({ field }) => field === 'supplier') &&
      /^(?:d[aoe]s?|del|of)$/.test(preposition?.word ?? '') &&
      /^(?:porcent\p{L}+|percent\p{L}*)$/u.test(percent?.word ?? '')
    )
  }
  const isBase = (side: Side, at: number): boolean => {
    if (GOES.test(draft.word(side.from))) return false
    if (isOfPercent(side, at)) return true
    for (const { word } of before(side, at)) {
      if (side.field === 'category' && may(word, 'categories')) return true
      if (WHOLES.test(word) || may(word, 'value', 'contracts', 'spent')) return true
      if (GOES.test(word)) break
    }
    // "Of the Fazenda department's contracts", "the health department spent".
    const next = draft.tokens
      .slice(side.of.to, side.of.to + 3)
      .find(({ word }) => !SMALL.test(word) && word !== 's')
    return (
      next !== undefined &&
      !GOES.test(next.word) &&
      may(next.word, 'contracts', 'spent', 'value') &&
      side.field === 'buyer'
    )
  }
  const isIn = (side: Side, at: number): boolean => {
    const word = before(side, at).find((one) => !SMALL.test(one.word))
    return word !== undefined && IN.test(word.word)
  }
  const based = sides.filter(isBase)
  const base =
    based.length > 0 ? based[0] : (sides.find(isIn) ?? (sides[0]?.field === 'buyer' ? sides[0] : undefined))
  if (!base) return undefined
  const own = sides.filter(({ field }) => field === base.field).map(({ of }) => of)
  return own.length === sides.length
    ? undefined
    : naming(
        mentions.filter((one) => own.includes(one)),
        topics.filter((one) => own.includes(one)),
      )
}
