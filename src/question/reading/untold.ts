import { PERIODS } from '../../protocol/plan.ts'
import { may } from './concepts.ts'
import type { Token } from './draft.ts'
import { phraseBook } from './phrases.ts'
import { type Case, isParty } from './said.ts'

/** The words of a question that ask for something no contract tells. */
const UNTOLD = phraseBook<'untold'>({
  untold: 'up to date, em dia, al dia, how long, quanto tempo, cuanto tiempo',
})
const PERSON = /^(?:secretarios?|concejal(?:es)?|concejalas?|ministros?)$/
/** Returns the phrases of a message that ask for what contracts do not tell. */
const phrases = ({ parts: { draft, mentions } }: Case): Token[] =>
  draft.tokens.flatMap(({ at, word }) => {
    // A person of the body that was named, unless people say it of themselves.
    const isMeant = draft.isFree(at) || mentions.some(({ from, to }) => at >= from && at < to)
    if (isMeant && PERSON.test(word)) return draft.tokens.slice(at, at + 1)
    const found = UNTOLD.at(draft, at)
    return found ? draft.tokens.slice(found.from, found.to) : []
  })

const ONE_OF = /^(?:um|uma|un|una|an)$/
/** Returns the article of one thing whose price is asked for, "quanto custa um notebook", which no contract tells. */
const priceOfOne = ({ plan, parts: { draft, topics } }: Case): Token[] =>
  plan.measure !== 'sum' || plan.of !== 'contracts'
    ? []
    : topics.flatMap(({ from }) => {
        const [verb, article] = [draft.word(from - 2), draft.tokens[from - 1]]
        const costs =
          /^(?:cust|cuest|cost|vale)/.test(verb) ||
          (/^(?:do|does|did)$/.test(verb) && draft.tokens.some(({ word }) => word === 'cost'))
        const isOne =
          article &&
          (ONE_OF.test(article.word) || (article.word === 'a' && /\bhow much\b/.test(draft.folded)))
        return costs && isOne ? [article] : []
      })
const SIGNS = /^(?:assin(?:ou|aram|a|am)|firm(?:ou|aram|o|aron)|signed?|signs)$/
/** Returns the verb of signing where whoever put their name under a contract is asked for, which no contract tells. */
const signatory = ({ plan, parts: { draft, mentions } }: Case): Token[] => {
  const who = draft.tokens.find(({ at, word }) => draft.isFree(at) && may(word, 'who'))
  const verb = who && draft.tokens.slice(who.at + 1, who.at + 3).find(({ word }) => SIGNS.test(word))
  if (!verb || plan.order !== undefined || draft.tokens.some(({ word }) => may(word, 'most'))) return []
  // "Quem assinou contrato com a saúde" is the other party.
  const isWith = mentions.some(
    ({ field, from }) =>
      (field === 'buyer' || field === 'supplier') &&
      draft.tokens
        .slice(Math.max(verb.at, from - 2), from)
        .some(({ word }) => /^(?:com|con|with)$/.test(word)),
  )
  return isWith ? [] : [verb]
}

const REALLY = /^(?:realmente|efetivamente|efectivamente|actually|really|effectively)$/
const PAYS = /^(?:pag\w+|paid|pay|pays|desembols\w+|liquidad\w+|repass\w+|transfer\w+)$/
/** Words that may stand between "actually" and the verb, on either side. */
const NEAR_VERB = 3
/** Returns the words for what was paid in truth rather than agreed, "efetivamente pago", which no contract tells. */
const paidInTruth = ({ parts: { draft } }: Case): Token[] =>
  draft.tokens.filter(
    ({ at, word }) =>
      REALLY.test(word) &&
      draft.tokens.slice(Math.max(0, at - NEAR_VERB), at + NEAR_VERB).some((one) => PAYS.test(one.word)),
  )

const WINS_ALL =
  /\b(?:ganh|venc|lev|receb|fez|fizer|gan|recib|hizo|hicier|won|win|got|get|received|concentra)[a-z]* (tod[oa]s|all|every)\b/
/** Returns the word by which parties are asked for that have all contracts of a kind, which no plan says. */
const winnerOfAll = (one: Case): Token[] => {
  const { draft } = one.parts
  const found = isParty(one) ? WINS_ALL.exec(draft.folded) : null
  return found === null
    ? []
    : draft.tokens.filter(({ word, start }) => word === found[1] && start >= found.index).slice(0, 1)
}

const BOUGHT = /^(?:compr|adquir|purchas|bought|buy|entreg|suministr|deliver|order|forneci)/
/** Returns "how many" before a thing that was bought, "quantos notebooks foram comprados": contracts tell no pieces. */
const pieces = ({ plan, parts: { draft, topics } }: Case): Token[] =>
  plan.measure !== 'count' || plan.of !== 'contracts' || !draft.tokens.some(({ word }) => BOUGHT.test(word))
    ? []
    : draft.tokens.filter(
        ({ at, word }) =>
          may(word, 'howmany') &&
          (topics.some(({ from }) => from === at + 1 || (from === at + 2 && draft.word(at + 1) === 'de')) ||
            BOUGHT.test(draft.word(at + 1)) ||
            /^(?:foram|fueron|were|se)$/.test(draft.word(at + 1))) &&
          !draft.tokens.some((one) => draft.isFree(one.at) && may(one.word, 'contracts')),
      )

const WHY =
  /(?:^\W*|[,;] ?|\b(?:e|y|and) )(?:pq|por que|porque|why)\b(?! (?:modalidade|modalidad|procediment|procedimient|empresa|fornecedor|orgao|secretaria|valor|preco|quantia))|\b(?:por que|pq|why)\W*$/
/** Returns the words that ask for a reason, "e por quê?", which contracts do not tell. */
const reason = ({ plan, parts: { draft } }: Case): Token[] => {
  const found = plan.of === 'findings' ? null : WHY.exec(draft.folded)
  if (found === null) return []
  const from = found.index + found[0].search(/pq|por ?que|why/)
  return draft.tokens.filter(({ start, end }) => start >= from && end <= found.index + found[0].length)
}

/** Returns "por" between two things, "gasolina por viatura", which asks for a part of a figure. */
const perThing = ({ parts: { draft, topics } }: Case): Token[] =>
  draft.tokens.filter(
    ({ at, word }) =>
      draft.isFree(at) &&
      /^(?:por|per)$/.test(word) &&
      topics.some(({ from, to }) => from < at && at + 1 < to),
  )

const ALL_OF_THEM =
  /^\W*(?:(?:did|do|does|have|has) )?(?:tod[oa]s (?:[oa]s|l[oa]s)|all(?: of)?(?: the| our)?|every) ([a-z]+) (?!que\b|who\b|that\b|with\b|com\b|con\b|de\b|da\b|of\b)([a-z]+)\b/
/** Returns the "all" of a question that asks whether all parties did something: which of them did is no answer to that. */
const allOfThem = (one: Case): Token[] => {
  const { draft } = one.parts
  const found = isParty(one) && /\?\s*$/.test(draft.text) ? ALL_OF_THEM.exec(draft.folded) : null
  if (found === null || !may(found[1] as string, 'suppliers', 'buyers', 'units', 'categories')) return []
  return draft.tokens.filter(({ word }) => /^(?:tod[oa]s|all|every)$/.test(word)).slice(0, 1)
}

const PAYS_NOW = /^(?:paga|pagam|pagamos|pagan|pay|pays|paying|custa|custam|cuesta|cuestan|costs?)$/
const PAST = /^(?:did|was|were|has|had)$/
/**
 * Returns the time of a rate that is being paid, "quanto se paga por mês de aluguel": contracts tell what was agreed in
 * all, and the month of their signature is not the one that is paid for.
 */
const rate = ({ plan, parts: { draft, group } }: Case): Token[] => {
  const by = plan.group ?? plan.per
  if (!group || by === undefined || !(by in PERIODS)) return []
  // What things cost each year is told by the years that they were bought in.
  const verb = draft.tokens.find(
    ({ word }) => PAYS_NOW.test(word) && (by !== 'year' || !/^(?:c[uo])/.test(word)),
  )
  if (!verb || draft.tokens.some(({ word }) => PAST.test(word))) return []
  return draft.tokens.filter(({ word }) => /^(?:m[eo]n|mes|an[ou]|year)/.test(word))
}

/** Returns the words of a message that ask for what no contract tells: a reason, a signature, pieces, what was paid in truth. */
export const untold = (one: Case): Token[] => [
  ...phrases(one),
  ...priceOfOne(one),
  ...signatory(one),
  ...paidInTruth(one),
  ...winnerOfAll(one),
  ...pieces(one),
  ...reason(one),
  ...perThing(one),
  ...rate(one),
  ...allOfThem(one),
]
