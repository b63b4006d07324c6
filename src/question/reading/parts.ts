import type { Severity } from '../../protocol/investigation.ts'
import type { Plan, Where } from '../../protocol/plan.ts'
import type { Register } from '../register.ts'
import { stem } from '../stem.ts'
import { readAmounts } from './amount.ts'
import { isKnown, isWhole, may } from './concepts.ts'
import { type Draft, draft, type Token } from './draft.ts'
import { type Mention, readNames } from './names.ts'
import { type Period, readPeriods, readWindow } from './period.ts'
import { speller } from './spelling.ts'
import { readTopics, type Topic } from './topics.ts'
import { readCount, readGroup, readPlace, readSeverities, readTypes } from './wishes.ts'

/** The parts of a message that its words name, before it is known which question they make. */
export interface Parts {
  readonly draft: Draft
  readonly mentions: readonly Mention[]
  readonly topics: readonly Topic[]
  readonly periods: readonly Period[]
  /** Restrictions by value, end, number, lack, currency, type and severity. */
  readonly where: Where
  readonly group: ReturnType<typeof readGroup>
  readonly place: number | undefined
  readonly count: number | undefined
  /** Place of the word that leaves out what follows it: "except"; Infinity without one. */
  readonly exceptAt: number
  /** Place after the last word that is left out. */
  readonly exceptTo: number
  /** Whether the contract that was signed first is asked for. */
  readonly first: boolean
  /** Whether all periods are asked for, after one of them was. */
  readonly always: boolean
}

const CNPJ = /(?<!\d)\d{2}\.?\d{3}\.?\d{3}\/?\d{4}-?\d{2}(?!\d)|(?<!\d)\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)/
const NUMBER = '(?:n[ºo°.]*\\s*|numero\\s+|number\\s+|no\\.?\\s+|#\\s*|de numero\\s+)?'
/** A process number whose parts a space divides: `23034 000123/2023-11`. */
const SPACED = '\\d{3,} \\d{3,}[./]\\d{2,4}(?:-\\d{1,2})?(?![\\w/-])'
const CONTRACT = new RegExp(
  `\\b(?:contrato|contract|empenho|processo|process|proceso|licitacao|expediente)s?\\s+${NUMBER}(${SPACED}|(?=[\\w./#-]*\\d)(?!(?:19|20)\\d\\d(?![\\w/-]))[\\w][\\w./#-]{0,60})`,
)
const BARE_CONTRACT = /(?<![\d/.])(?:n[ºo°.]+\s*)?(\d{3,}\/(?:19|20)\d\d)(?![\d/])/
const LACK =
  '(?:sem|sin|without|lacking|missing|with no|(?:has|have|had) no|(?:do|does) ?n.?t have|(?:do|does) not have|(?:que )?nao (?:tem|tenham|possuem|possui|informam?|constam?|traz(?:em)?)|faltando|(?:que )?no (?:tienen?|informan?|consta|traen?)) (?:(?:an?|any|o|um|uma|a|el|la|un|una|the|nenhum|nenhuma|ningun) )?(?:nome d[eo] |nombre del )?'
const lacks = (what: string): RegExp => new RegExp(`\\b${LACK}(?:${what})\\b`)
const LACKS: readonly (readonly [RegExp, NonNullable<Where['missing']>])[] = [
  [lacks('valor(?:es)?|values?|precos?|precios?|prices?|importes?|amounts?'), 'value'],
  [
    lacks(
      'data (?:de|do) (?:termino|fim|vencimento|encerramento)|end dates?|end|fecha de (?:fin|termino|vencimiento)|prazo|vencimento',
    ),
    'end',
  ],
  [lacks('datas?(?: de assinatura)?|fechas?(?: de firma)?|dates?'), 'date'],
  [lacks('fornecedor(?:es)?|empresas?|proveedor(?:es)?|suppliers?|vendors?|company'), 'supplier'],
  [lacks('orgaos?|comprador(?:es)?|organismos?|buyers?|agency'), 'buyer'],
  [lacks('objetos?|descricao|descripcion|objects?|descriptions?'), 'object'],
]
const CURRENCIES: readonly (readonly [RegExp, string])[] = [
  [/\b(?:em|en|in) (?:dolar(?:es)?|us\$|usd|us dollars?|dollars?)(?![\p{L}\d])/u, 'USD'],
  [/\b(?:em|en|in) (?:euros?|eur)\b/, 'EUR'],
  [/\b(?:em|en|in) (?:reais|brl|reales)\b/, 'BRL'],
]
const EVERYTHING =
  /\b(?:(?:em |de |en |in |for )?(?:todos os|todos los|all(?: the)?) (?:anos|years|periodos?|tempos?)|(?:o |todo o |el |the )?(?:periodo|period) (?:todo|inteiro|completo|entero)|whole period|all time|desde sempre|qualquer ano)\b/

/** Ways of contracting, by the beginnings of the words that the data has for them. */
const MODALITIES: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /\b(?:(?:sem|sin) licita(?:cao|coes|cion|r)|without (?:a |any )?(?:public )?(?:tender(?:ing|s)?|bidding|bids?|competition)|(?:contratac(?:ao|oes|ion|iones)|adjudicac(?:ion|iones)|compras?) diret(?:a|as)|(?:contratac(?:ion|iones)|adjudicac(?:ion|iones)|compras?) direct(?:a|as)|direct (?:awards?|purchases?|contract(?:s|ing)?)|no[ -]bid)\b/,
    ['dispensa', 'inexigib', 'direct', 'direta'],
  ],
  [
    /\b(?:(?:por |com |via |by |por meio de )?(?:dispensas?(?: de licitacao)?|dispensad[oa]s?|waivers?|exencion(?:es)?))\b/,
    ['dispensa', 'waiver', 'exencion'],
  ],
  [
    /\b(?:(?:por |com |via )?(?:inexigibilidades?(?: de licitacao)?|inexigive(?:l|is)|sole[ -]source))\b/,
    ['inexigib', 'sole'],
  ],
  [
    /\b(?:(?:por |com |via |by )?(?:preg(?:ao|oes)(?: eletronicos?| presencia(?:l|is))?|(?:reverse |electronic )?auctions?|subastas?))\b/,
    ['pregao', 'auction', 'subasta'],
  ],
  [
    /\b(?:(?:por |com |via |by )?(?:concorrencias?(?: publicas?| eletronicas?)?|open (?:tenders?|bidding)|licitacion(?:es)? publicas?|public tenders?))\b/,
    ['concorrencia', 'open', 'licitacion publica'],
  ],
  [/\b(?:tomadas? de precos?)\b/, ['tomada']],
  [
    /\b(?:(?:por |via )?(?:convites?|carta convite|invitacion(?:es)?))\b/,
    ['convite', 'invitacion', 'limited', 'selective'],
  ],
  [/\b(?:credenciamentos?)\b/, ['credenciamento']],
  [/\b(?:adesa(?:o|es)(?: a ata)?|carona)\b/, ['adesao', 'carona']],
  [/\b(?:chamamentos?|chamadas? publicas?)\b/, ['cham']],
]

/** Reads ways of contracting, by the dataset's own words for them. */
const readModality = (reading: Draft, register: Register): Mention[] => {
  const known = register.names.filter(({ kind }) => kind === 'modality')
  const found: Mention[] = []
  for (const [words, beginnings] of MODALITIES) {
    const hit = reading.find(words)
    if (!hit) continue
    // "Pregão eletrônico" restricts further than "pregão".
    const particular = /\b(eletronic|presencia)/.exec(hit[0])?.[1]
    const meant = known.filter(
      (name) =>
        name.words.some((word) => beginnings.some((begin) => word.startsWith(begin))) &&
        (particular === undefined || name.words.some((word) => word.startsWith(particular))),
    )
    const inTexts = meant.length === 0 && hit[0].split(' ').some((word) => register.words.has(word))
    if (inTexts && known.length === 0) continue
    const span = reading.tokens.filter((one) => one.start < hit.index + hit[0].length && one.end > hit.index)
    reading.claimSpan(hit.index, hit.index + hit[0].length)
    const asked = hit[0].replace(/^(?:por|com|via|by) /, '')
    found.push({
      field: 'modality',
      kind: 'modality',
      texts: meant.length > 0 ? [...new Map(meant.map((name) => [name.key, name.name])).values()] : [asked],
      asked,
      from: span[0]?.at ?? 0,
      to: (span.at(-1)?.at ?? 0) + 1,
      unknown: meant.length === 0,
      differs: false,
    })
  }
  return found
}

/** An order to leave out what follows it. */
const LEAVE_OUT =
  /^\W*(?:(?:e|agora|y|ahora|and|now) )?(?:se )?(?:tir(?:a|e|ar|ando)|retir(?:a|e|ar)|remov(?:a|e|er)|exclu(?:a|i|ir)|ignore|desconsidere|quit(?:a|e|ar)|saca|saque|excluye|exclude|drop|leave out|take out)\b/
const IS = /^(?:es|son|sea|sean|fue|fueron)$/
const NEGATES = /^(?:sem|sin|without|nao|not|isnt|arent|werent)$/
const JOINS = /^(?:e|ou|nem|y|o|ni|and|or|nor)$/
const LACKING = /^(?:sem|sin|without)$/
/** Words between a negation and what it negates. */
const BETWEEN =
  /^(?:e|sao|seja|sejam|foi|foram|fossem|es|son|sea|sean|fue|fueron|por|de|do|da|a|o|os|as|an|the|um|uma|un|una|el|la|los|las|any|in|via|through|by|en|em|com|con|with|is|are|were|was)$/

/**
 * Returns the place of a negation right before one of the names, or before a thing that is not part of a phrase, and the
 * place after what it negates.
 */
const negationAt = (
  { tokens, isClaimed }: Draft,
  mentions: readonly Mention[],
  register: Register,
): { at: number; to: number } | undefined => {
  for (const [at, token] of tokens.entries()) {
    // "No" is "in the" in Portuguese.
    const negates = token.word === 'no' ? IS.test(tokens[at + 1]?.word ?? '') : NEGATES.test(token.word)
    if (!negates || isClaimed(token)) continue
    let next = at + 1
    while (tokens[next] && BETWEEN.test((tokens[next] as Token).word) && !isClaimed(tokens[next] as Token))
      next += 1
    const named = mentions.find(({ from }) => from > at && from <= next)
    if (named) {
      let { to } = named
      const joined = () =>
        JOINS.test(tokens[to]?.word ?? '') ? mentions.find(({ from }) => from === to + 1) : undefined
      for (let other = joined(); other; other = joined()) to = other.to
      return { at, to }
    }
    const [before, after] = [tokens[at - 1], tokens[next]]
    if (
      LACKING.test(token.word) &&
      after !== undefined &&
      !isClaimed(after) &&
      !isKnown(after.word) &&
      register.words.has(after.word) &&
      (before === undefined || isClaimed(before) || isKnown(before.word))
    )
      return { at, to: next + 1 }
  }
  return undefined
}

/** Matches an introduction: words of people about themselves before they ask. */
const INTRODUCTION =
  /\b(?:(?:eu )?sou|soy|i am|i.m|(?:na qualidade de|falo como|en calidad de|speaking as|as)(?= an? | [a-z]+[,:]))\b[^,.:;!?]{1,60}[,.:;]/

const FIRST =
  /\b(primeir[oa]|primer[oa]?|first) (?:contrato|compra|contract|purchase|licitacao|contratacao)\b/

/** Shortest word, in letters, that is taken for a misspelt word of a question rather than for a thing. */
const LEAST_MENDED = 7

/** Winning a tender and the end of a contract are one word in Portuguese. */
const WINS = /\b(?:venceu|vence|venceram|vencem) (?:\p{L}+ ){0,2}(?:licita|preg|concorr|disput|contrat)/u

/** Words that no part of a plan can hold; an answer without them would be another one's. */
const EXCEPT =
  /\b(?:exceto|salvo|excluindo|desconsiderando|tirando|sem contar|fora(?! d[eo]s? (?:padr|normal|prazo))|menos (?:as|os|los|las)(?= d[eao]| )|(?:que )?nao (?:sao|sejam|seja|foram|fossem)(?= (?:d[eaos]|por|a))|que no (?:son|sean|fueron|sea)(?= (?:de|por))|(?:that )?(?:are|were) not(?= (?:for|by|about|from|of))|not (?:for|by|about|from)|a nao ser|sem ser(?: por| de)?|sin ser(?: por| de)?|excepto|excluyendo|sin contar|except(?: for)?|excluding|other than|besides|apart from)\b/

export interface ReadingContext {
  register: Register
  /** `YYYY-MM-DD`. */
  today: string
  /** Names of datasets, which are no names of parties or things. */
  datasets?: readonly string[] | undefined
}

/** Reads what the words of a message say; each word is claimed by the first that understands it. */
export const readParts = (
  message: string,
  { register, today, datasets = [] }: ReadingContext,
  before: Plan | undefined,
): Parts => {
  const aboutFindings = before?.of === 'findings'
  const reading = draft(message)
  const respelt = speller()
  const { tokens } = reading
  for (const name of datasets) {
    const words = name.split(' ')
    for (let at = 0; at + words.length <= tokens.length; at++)
      if (words.every((word, place) => tokens[at + place]?.word === word))
        for (const token of tokens.slice(at, at + words.length)) reading.claim(token)
  }
  for (const token of tokens) {
    const { word } = token
    if (
      word.length < LEAST_MENDED ||
      isKnown(word) ||
      register.words.has(word) ||
      register.namesByStem.has(stem(word))
    )
      continue
    const plainForm = word.replace(/(?:z?inh|[cz]?it)([oa]s?)$/, '$1')
    if (plainForm !== word && isWhole(plainForm)) {
      reading.mend(token, plainForm)
      continue
    }
    const right = respelt(word, (other) => (isWhole(other) ? 1 : 0))
    if (right !== undefined) reading.mend(token, right)
  }
  reading.take(INTRODUCTION)
  const where: Where = {}
  const numbers: Mention[] = []
  for (let hit = reading.find(CNPJ); hit; hit = reading.find(CNPJ)) {
    const [first] = tokens.filter((one) => one.end > (hit as RegExpExecArray).index)
    reading.claimSpan(hit.index, hit.index + hit[0].length)
    numbers.push({
      field: 'supplier',
      kind: 'supplier',
      texts: [hit[0].replace(/\D/g, '')],
      asked: hit[0],
      from: first?.at ?? 0,
      to: (first?.at ?? 0) + 1,
      unknown: false,
      differs: false,
    })
  }
  for (const token of tokens) {
    if (!/^(?=\D*\d{6})[a-z0-9]{7,14}$/.test(token.word) || reading.isClaimed(token)) continue
    const known = register.names.filter(
      ({ kind, id }) => kind === 'supplier' && id?.toLowerCase() === token.word,
    )
    if (known.length === 0) continue
    reading.claim(token)
    numbers.push({
      field: 'supplier',
      kind: 'supplier',
      texts: [(known[0] as { name: string }).name],
      asked: token.written,
      from: token.at,
      to: token.at + 1,
      unknown: false,
      differs: false,
    })
  }
  const contract = reading.find(CONTRACT) ?? reading.find(BARE_CONTRACT)
  if (contract) {
    reading.claimSpan(contract.index, contract.index + contract[0].length)
    where.contract = (contract[1] as string).replace(/[./#-]+$/, '')
  }
  for (const [words, lack] of LACKS)
    if (where.missing === undefined && reading.take(words)) where.missing = lack
  Object.assign(where, readAmounts(reading))
  const wins = reading.find(WINS) !== undefined
  const { window, endsIn } = wins
    ? { window: {}, endsIn: false }
    : readWindow(reading, today, before?.where.ends_to !== undefined)
  Object.assign(where, window)
  const always = reading.take(EVERYTHING) !== undefined
  let periods = readPeriods(
    reading,
    today,
    Number((before?.where.start_date ?? register.lastDay ?? today).slice(0, 4)),
  )
  if (endsIn && periods[0]) {
    const [{ from, to }] = periods as [Period]
    delete where.ends_from
    delete where.ends_to
    if (from) where.ends_from = from
    if (to) where.ends_to = to
    periods = periods.slice(1)
  }
  const [day] = periods
  if (
    where.in_force_on !== undefined &&
    periods.length === 1 &&
    day?.from !== undefined &&
    day.from === day.to
  ) {
    where.in_force_on = day.from
    periods = []
  }
  const types = readTypes(reading)
  if (register.currencies.length > 1)
    for (const [words, currency] of CURRENCIES) if (reading.take(words)) where.currency = currency
  const exception = reading.take(EXCEPT) ?? reading.take(LEAVE_OUT)
  let exceptAt = exception
    ? (tokens.find((one) => one.start >= exception.index)?.at ?? Number.POSITIVE_INFINITY)
    : Number.POSITIVE_INFINITY
  const modalities = readModality(reading, register)
  const group = readGroup(reading)
  const free = tokens.filter((token) => !reading.isClaimed(token))
  const roles = {
    received: free.some(({ word }) => may(word, 'received')),
    spent: free.some(({ word }) => may(word, 'spent') && !/^(?:cust|cost)/.test(word)),
    beside: free.some(({ word }) => may(word, 'compare', 'change')),
    lonely: tokens.length <= 4,
  }
  const names = readNames(reading, register, roles)
  const negated = exception ? undefined : negationAt(reading, [...modalities, ...names], register)
  if (negated) exceptAt = negated.at
  const about =
    aboutFindings ||
    types.length > 0 ||
    free.some(
      ({ word }) =>
        may(word, 'findings') || /^(?:gravidade|severidade|gravedad|severidad|severity)$/.test(word),
    )
  const severities: Severity[] = about ? readSeverities(reading, about) : []
  if (types.length > 0) where.anomaly_type = types
  if (severities.length > 0) where.severity = severities
  const first = reading.find(FIRST)
  if (first) reading.claimSpan(first.index, first.index + (first[1] as string).length)
  const count = readCount(reading)
  const place = count === undefined ? readPlace(reading) : undefined
  const topics = readTopics(reading, register, roles.beside, exceptAt)
  return {
    draft: reading,
    mentions: [...numbers, ...modalities, ...names].sort((a, b) => a.from - b.from),
    topics,
    periods,
    where,
    group,
    place,
    count,
    exceptAt,
    exceptTo: negated?.to ?? Number.POSITIVE_INFINITY,
    always,
    first: first !== undefined,
  }
}
