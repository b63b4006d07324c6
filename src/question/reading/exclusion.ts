import { AFTER_DEED, asksParties, isDeed } from './deed.ts'
import { excludes, negates } from './denial.ts'
import type { Draft } from './draft.ts'

/** A name or a thing with the places of its words. */
export interface Placed {
  readonly from: number
  readonly to: number
}

/** Words between "not" and what it negates. */
const AFTER_NOT =
  /^(?:e|nem|ni|either|passou|passaram|passam|pasaron|paso|went|sao|seja|sejam|foi|foram|fossem|ser|es|son|sea|sean|fue|fueron|era|eran|eram|por|de|do|da|dos|das|del|a|o|os|as|an|the|um|uma|un|una|el|la|los|las|any|in|via|through|by|en|em|com|con|with|is|are|were|was|for|about|from|of|na|no|nas|nos|pela|pelo|pelas|pelos|para|pra|feito|feitos|feita|feitas|made|relacionados|relacionadas|relacionado|relacionada|ligados|ligadas|envolvam|envolvem|pertencem|pertencam|pertencentes|related|to|que|usar|usam|usaram|sido|been|referentes|having|tengan|tienen|tenham)$/
/** Words that may stand between "except" and what it leaves out besides. */
const AFTER_EXCEPT =
  /^(?:lo|contar|considerar|incluir|levar|conta|counting|including|for|from|than|ser|se|sea|contratos|contrato|compras|compra|contratacoes|contracts|contract|purchases|purchase|gastos|gasto|spending|aqueles|aquelas|those|ones|o|os|as|que|valores|despesas|empresa|fornecedor|fornecedores|proveedor|supplier|company|orgao|organismo|agency|categoria|category|categorias|modalidade|item|itens|area|parte|se|conta|lado|out|aside|everything|tudo|isso|of|all|dinheiro|pagos|pagamentos|paid|fora|de|lado|mes|meses|month|ano|year|years|anos|periodo|period|sem|without|sin|excecao|excepcion|exception)$/
const JOINS = /^(?:e|ou|nem|y|o|u|ni|and|or|nor)$/
const ARTICLES =
  /^(?:de|do|da|dos|das|del|a|o|os|as|the|el|la|los|las|in|en|em|com|con|with|for|by|por|pela|pelo|na|no|nas|nos|para|of|about|from|in|via|ao|um|uma|not|nao)$/

const DONE =
  /^(?:pag|gast|vend|receb|recib|contrat|feit|assin|firm|adquir|compr|award|paid|sold|bought|made|sign|spent|given|spend|recei)\w*(?:d[oa]s?|ed|id|t|en|ade)$|^(?:paid|sold|bought|made|spent|given|gasto|gastos|pago|pagos|feito|feitos)$/

/** "Secretarias que não fizeram nenhuma dispensa": what parties did not do. */
const DEED = { test: (word: string) => isDeed(word) || AFTER_DEED.test(word) }
const BUT = /^(?:mas|pero|porem|but)$/

/** The places of what a message leaves out. */
export interface Exclusion {
  /** Place of the word that leaves out. */
  readonly at: number
  /** Whether it is a negation, rather than a word like "except". */
  readonly negates: boolean
  /** Places from which and before which names and things are left out. */
  readonly spans: readonly Placed[]
}

/** Returns the name or thing that begins at a place or whose first words are of the kind that may be left out. */
export const targetFrom = <T extends Placed>(
  draft: Draft,
  from: number,
  targets: readonly T[],
  between: readonly Pick<RegExp, 'test'>[],
): T | undefined => {
  for (let at = from; at < draft.tokens.length; at++) {
    const target = targets.find(
      (one) => one.from === at || (one.from < at && one.to > at && one.from >= from),
    )
    if (target) return target
    if (/[.;!?:]/.test(draft.gap(at))) return undefined
    if (!between.some((words) => words.test(draft.word(at)))) return undefined
  }
  return undefined
}

/**
 * Reads what the words for leaving out reach: the name or thing behind each, and those that "and", "or" and "nor" join to
 * it; of several with commas those up to the last that one of these joins. Claims the words that leave out.
 */
export const readExclusions = (draft: Draft, targets: readonly Placed[]): Exclusion[] => {
  const found: Exclusion[] = []
  for (const { at } of draft.tokens) {
    if (!draft.isFree(at)) continue
    const except = excludes(draft, at)
    if (!(except || negates(draft, at))) continue
    const between =
      except || /^(?:sem|sin|without)$/.test(draft.word(at))
        ? [AFTER_NOT, AFTER_EXCEPT, DONE]
        : asksParties(draft, at)
          ? [AFTER_NOT, DONE, DEED]
          : [AFTER_NOT, DONE]
    const first = targetFrom(draft, at + 1, targets, between)
    if (!first) continue
    // "Nunca vendeu para X mas vende para Y": in Spanish the word between is "more".
    for (const other of draft.tokens.slice(first.to, first.to + 2))
      if (BUT.test(other.word) && !/á/i.test(other.written) && isDeed(draft.word(other.at + 1)))
        draft.claim(other)
    const spans = [first]
    for (let chain = [first], listed: Placed[] = []; chain.length > 0; ) {
      const last = (listed.at(-1) ?? chain.at(-1)) as Placed
      const comma = /^\s*,\s*$/.test(draft.gap(last.to))
      const joined = JOINS.test(draft.word(last.to)) && draft.isFree(last.to)
      if (!joined && !comma) break
      const next = targetFrom(draft, joined ? last.to + 1 : last.to, targets, [ARTICLES])
      if (!next || spans.includes(next)) break
      listed.push(next)
      if (joined) {
        spans.push(...listed)
        listed = []
      }
      chain = [next]
    }
    let to = at + 1
    while (to < first.from && draft.isFree(to)) to += 1
    // "Mas não em 2024": in Spanish the word before is "more".
    const isBut = BUT.test(draft.word(at - 1)) && !/á/i.test(draft.tokens[at - 1]?.written ?? '')
    const opens = !except && isBut ? at - 1 : at
    draft.claimWords(opens, Math.min(to, first.from))
    for (const { to: end } of spans)
      for (let place = end; JOINS.test(draft.word(place)) || negates(draft, place); place++) {
        if (!spans.some(({ from }) => from > place)) break
        draft.claimWords(place, place + 1)
      }
    found.push({ at, negates: !except, spans })
  }
  return found
}

/** Tells whether a name or thing is one of those that a message leaves out. */
export const isLeftOut = (one: Placed, exclusions: readonly Exclusion[]): boolean =>
  exclusions.some(({ spans }) => spans.some(({ from, to }) => one.from >= from && one.from < to))
