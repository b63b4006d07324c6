import { ANOMALY_RULES } from '../../investigation/detectors.ts'
import type { AnomalyType, Severity } from '../../protocol/investigation.ts'
import type { Group, Subject } from '../../protocol/plan.ts'
import { unitOf } from './calendar.ts'
import { may, sensesOf } from './concepts.ts'
import type { Draft, Token } from './draft.ts'
import { countAt } from './number.ts'
import type { Concept } from './words.ts'

const SEVERITIES: readonly (readonly [RegExp, Severity])[] = [
  [/\b(?:critic[oa]s?|critical|gravissim[oa]s?)\b/, 'critical'],
  [
    /\b(?:(?:de |of )?(?:gravidade|severidade|gravedad|severidad|severity) alta|alt[oa]s? (?:gravidade|severidade|gravedad|severidad)|high(?:[ -]severity)?(?= (?:anomal|finding|red|alert|flag|ones|sever)|\s*$|[?.])|graves?|serious|severe)\b/,
    'high',
  ],
  [
    /\b(?:(?:gravidade|severidade|gravedad|severidad) media|medi[oa]s? (?:gravidade|severidade|gravedad|severidad)|medium(?:[ -]severity)?|moderad[oa]s?|moderate)\b/,
    'medium',
  ],
  [
    /\b(?:(?:gravidade|severidade|gravedad|severidad) baixa|baixa (?:gravidade|severidade)|low[ -]severity|baja gravedad|gravedad baja|leves?)\b/,
    'low',
  ],
]
const BARE_SEVERITIES: readonly (readonly [RegExp, Severity])[] = [
  [/\b(?:alt[oa]s?|high)\b/, 'high'],
  // "Above the mean" is none.
  [/(?<!\b(?:da|na|a|la|de|em|en) )\b(?:medi[oa]s?|medium)\b/, 'medium'],
  [/\b(?:baix[oa]s?|baj[oa]s?|low)\b/, 'low'],
]
const WORSE =
  /\b(?:mais graves?|mas graves?|most (?:serious|severe|critical)|mais criticos|mais seri[oa]s|pior(?:es)?|peor(?:es)?|worst)\b/

/** Reads the severities that a message names; single words like "high" where it is about findings. */
export const readSeverities = (draft: Draft, aboutFindings: boolean): Severity[] => {
  draft.take(WORSE)
  const found = new Set<Severity>()
  for (const [words, severity] of [...SEVERITIES, ...(aboutFindings ? BARE_SEVERITIES : [])])
    while (draft.take(words)) found.add(severity)
  draft.take(/\b(?:gravidade|severidade|gravedad|severidad|severity)\b(?! por)/)
  return [...found]
}

/** Reads the anomaly types that a message names. */
export const readTypes = (draft: Draft): AnomalyType[] => {
  const found = new Set<AnomalyType>()
  const rules = Object.values(ANOMALY_RULES)
  for (const { type, aliases } of rules) while (aliases && draft.take(aliases)) found.add(type)
  for (const { type, names } of rules) while (draft.take(names)) found.add(type)
  return [...found]
}

const ORDINALS: readonly (readonly [RegExp, number])[] = [
  [
    /\b(?:primeir[oa]|primer[oa]?|first(?: one)?|1[oaº]|1ª|1st)(?! (?:semestre|trimestre|bimestre|quadrimestre|half|quarter|vez))\b/,
    1,
  ],
  [
    /\b(?:segund[oa]|second(?: one)?|2[oaº]|2ª|2nd)(?! (?:semestre|trimestre|bimestre|quadrimestre|half|quarter))\b/,
    2,
  ],
  [
    /\b(?:terceir[oa]|tercer[oa]?|third(?: one)?|3[oaº]|3ª|3rd)(?! (?:trimestre|bimestre|quadrimestre|quarter))\b/,
    3,
  ],
  [/\b(?:quart[oa]|cuart[oa]|fourth(?: one)?|4[oaº]|4ª|4th)(?! (?:trimestre|bimestre|quarter))\b/, 4],
  [/\b(?:quint[oa]|fifth(?: one)?|5[oaº]|5ª|5th)\b/, 5],
  [/\b(?:sext[oa]|sixth|6[oaº]|6ª|6th)\b/, 6],
  [/\b(?:setim[oa]|septim[oa]|seventh|7[oaº]|7ª|7th)\b/, 7],
  [/\b(?:oitav[oa]|octav[oa]|eighth|8[oaº]|8ª|8th)\b/, 8],
  [/\b(?:non[oa]|noven[oa]|ninth|9[oaº]|9ª|9th)\b/, 9],
  [/\b(?:decim[oa]|tenth|10[oaº]|10ª|10th)\b/, 10],
  [
    /\b(?:[oa] ultim[oa]|el ultimo|la ultima|(?:the )?last one)(?= da lista| de la lista| of the list|\s*[?.!]*$)\b/,
    -1,
  ],
]
const NUMBERED =
  /\b(?:anomalia|anomaly|achado|finding|hallazgo|alerta|alert|item|flag|numero|number)\s+(?:n[ºo°.]*\s*|numero\s+|number\s+|#\s*)?(\d{1,3})\b(?![./-]\d)|#(\d{1,3})\b/

/** Reads the place of the one thing of a list that is meant: from 1, −1 is the last. */
export const readPlace = (draft: Draft): number | undefined => {
  const numbered = draft.take(NUMBERED)
  if (numbered) return Number(numbered[1] ?? numbered[2])
  return ORDINALS.find(([words]) => draft.take(words))?.[1]
}

const FIRSTS = /^(?:primeir[oa]s|primer[oa]s|first)$/
/** Words before a number of things. */
const OPENS_COUNT =
  /^(?:top|os|as|nos|nas|dos|das|los|las|the|meus|primeir[oa]s|primer[oa]s|first|ultim[oa]s|latest|last|newest|so|somente|apenas|solo|only|just|mostre|mostra|liste|show|list|muestra|dame|me|quero|de|of)$/
const ORDERS_COUNT = /^(?:mostre|mostra|liste|show|list|muestra|dame|me|quero)$/
const RANKS_BEHIND = /^(?:mais|mas|most|maiores|mayores|menores|que|with|com|con|de)$/

/** Reads how many things a message asks for: "os 5 maiores", "top ten", "six contracts". */
export const readCount = (draft: Draft): number | undefined => {
  for (const { at } of draft.tokens) {
    const found = countAt(draft, at)
    if (!found || found.scale > 1) continue
    const { value, to } = found
    const linked =
      value > 1 && /^(?:d[eoa]s?|del|of)$/.test(draft.word(to))
        ? draft.word(to + 1) === 'the' || draft.word(to + 1) === 'los'
          ? to + 2
          : to + 1
        : to
    const [before, next] = [draft.word(at - 1), draft.word(linked)]
    // "Um" and "a" in front of a noun are articles, "dos" is "of the".
    if (found.article && !(value > 1 && /^(?:los|las|top)$/.test(before))) continue
    if (
      /^\s*%|^[/.,-]\d?$/.test(draft.gap(to)) ||
      unitOf(next) ||
      /^(?:por|percent|vezes|times|veces)$/.test(next)
    )
      continue
    if (/^[/-]$/.test(draft.gap(at)) && at > 0) continue
    const isRanked =
      may(next, 'largest', 'smallest', 'newest', 'oldest') || next === 'top' || FIRSTS.test(next)
    const isThing = may(next, 'contracts', 'suppliers', 'buyers', 'units', 'categories', 'findings')
    const opens = OPENS_COUNT.test(before) || (before === '' && value > 1)
    const isAsked =
      isRanked ||
      (isThing && may(before, 'largest', 'smallest', 'newest', 'oldest')) ||
      (isThing && (RANKS_BEHIND.test(draft.word(linked + 1)) || at === 0 || ORDERS_COUNT.test(before))) ||
      (opens && !/^(?:de|of|dos|das)$/.test(before))
    if (!isAsked) continue
    draft.claimWords(FIRSTS.test(before) ? at - 1 : at, FIRSTS.test(next) ? to + 1 : to)
    return value
  }
  return undefined
}

/** "De cada 100 reais", "out of every ten pounds": a part of the whole is asked for. */
const PER_HUNDRED =
  /\b(?:de cada|out of (?:every|each)|of (?:every|each)|a cada|por cada) (?:100|cem|cien|10|dez|diez|hundred|a hundred|one hundred|ten|real|euro|pound|dollar|1)(?: (?:reais|real|euros|pounds|dolares|dollars|centavos|pesos))?\b/

/** Tells whether a message asks for a part by "of every hundred", and claims that. */
export const readPerHundred = (draft: Draft): boolean => draft.take(PER_HUNDRED) !== undefined

const GROUP_OF: Partial<Record<Concept, Group>> = {
  suppliers: 'supplier',
  buyers: 'buyer',
  units: 'unit',
  categories: 'category',
  modality: 'modality',
  year: 'year',
  month: 'month',
}
const GROUP_WORDS: readonly (readonly [RegExp, Group])[] = [
  [
    /\b(?:por|by|per|cada|each|every|segun|segundo|for each) (?:o |el |the )?(?:dia da semana|dia de la semana|day of (?:the )?week|weekday)\b/,
    'weekday',
  ],
  [/\b(?:ao|al) mes\b(?! (?:d(?!e media|e promedio)|pas|anter|seg|pro))|\ba month\b(?! ago)/, 'month'],
  [/\b(?:ao|al) ano\b(?! (?:d|\d|pas|anter|seg|pro))|\ba year\b(?! ago)/, 'year'],
  [
    /\b(?:mes[ -]a[ -]mes|month[ -](?:by|over|on)[ -]month|mom|mensal(?:mente)?|mensual(?:mente)?|monthly|(?:ao longo|a lo largo) d?[oe]?l?s? meses|over the months)\b/,
    'month',
  ],
  [
    /\b(?:ano[ -]a[ -]ano|year[ -](?:by|over|on)[ -]year|yoy|anual(?:mente)?|yearly|annual(?:ly)?|(?:ao longo|a lo largo) d?[oe] ?l?[oa]?s? ?(?:anos|tempo|tiempo)|over (?:time|the years)|(?:through|across) the years)\b/,
    'year',
  ],
  [
    /\b(?:(?:por|by|per|cada|each|every|de cada|a) (?:trimestres?|quarters?)|trimestra(?:l|is|lmente)|trimestrales|quarterly|trimestre[ -]a[ -]trimestre|trimestre por trimestre|quarter[ -](?:by|over|on)[ -]quarter|qoq)\b/,
    'quarter',
  ],
  [
    /\b(?:(?:por|by|per|cada|each|every|de cada) (?:semestres?|half(?:[ -]years?)?|half|halves)|semestra(?:l|is|lmente)|semestrales|half[ -]yearly|semestre[ -]a[ -]semestre)\b/,
    'half',
  ],
  [
    /\b(?:por|by|per|cada|each|segun|segundo) (?:(?:a|o|el|the|its) )?(?:situac(?:ao|oes)|status|estado(?: del? contratos?)?)\b/,
    'status',
  ],
  [/\b(?:por|by|per|cada) (?:gravidade|severidade|gravedad|severidad|severity)\b/, 'severity'],
  [
    /\b(?:por|by|per|cada|de cada) (?:tipo de (?:anomalia|achado|alerta|irregularidade)|type of (?:anomaly|finding)|anomaly type)\b/,
    'anomaly_type',
  ],
  [
    /\b(?:por|by|per|cada|segundo) (?:tipo|tipos|forma|formas|type|kind) (?:de|of) (?:contratacao|licitacao|contratacion|procedure|procurement|compra)\b/,
    'modality',
  ],
  [
    /\b(?:por|by|per|em|en|in|de|of)? ?(?:cada|each|every)? ?(?:tipo|tipos|type|types|area|areas|kind) (?:de|of) (?:gasto|gastos|despesa|despesas|spending|expense|compra|compras|purchases?)\b/,
    'category',
  ],
  [/\b(?:por|by|per|cada) (?:area|areas)\b/, 'category'],
  [/\b(?:por|by|per|de cada) (?:tipo|type)\b(?! d[eo]| of)/, 'anomaly_type'],
  [
    /\b(?:by|per|segun|por) (?:the |el |o )?(?:tipo de )?(?:procurement |contracting |purchasing )?(?:method|procedure|procedimiento|procedimento)\b/,
    'modality',
  ],
]
const BY =
  /\b(?:(?:por|per|by)(?: cada| each| every)?|x|(?:(?:em|a|de|para|por|en|in|for) )?(?:cada|each|every)|segun|segundo(?= (?:o|a)) (?:o|a)) (?:um |uma |un |una |one )?(?:d[oa]s |of the |de los |de las )?(?:o |a )?([a-z]+)\b/
const WHICH =
  /\b(?:(?:em |en |in |during )?(?:qual|que|cual|which|what)(?: (?:foi|e|fue|es|was|is|sao))?(?: (?:o|the|el|a|os|los))?)(?: (?:procurement|contracting|purchasing|tender))? (ano|anos|year|years|mes|meses|month|months|trimestres?|quarters?|semestres?|modalidade|modalidad|procedimento|procedimiento|method|procedure)\b|(?<=^\W*|\b(?:o|el|the) )(ano|year|mes|month|trimestre|quarter|semestre) (?:com|con|de|with|em que|en que|in which|que|that|of) (?:(?:o|a|el|the|se) )?(?:maior|mais|mayor|mas|menor|menos|most|highest|largest|least|smallest|lowest|fewest|gast\w+|mais se)\b|\b(ano|year|mes|month) (?:mais car[oa]|de (?:maior|mayor|menor) (?:gasto|valor))\b/

const WHICH_WEEKDAY =
  /\b(?:(?:em|en|on|in) )?(?:qual|que|cual|which|what)(?: (?:e|es|is|foi|fue|was))?(?: (?:o|el|the))? (?:dia da semana|dia de la semana|day of (?:the )?week|weekday)\b/

type IsNamed = (phrase: string, next: string) => boolean

/** Reads a group by its own phrase, "mês a mês", "by type of purchase". */
const groupByPhrase = (draft: Draft, isNamed: IsNamed): Group | undefined => {
  for (const [words, group] of GROUP_WORDS) {
    const found = draft.find(words)
    if (!found) continue
    const next = draft.tokens.find(({ start }) => start >= found.index + found[0].length)
    // "Por procedimiento abierto" names one.
    if (group === 'modality' && next && isNamed(found[0], next.word)) continue
    draft.claimSpan(found.index, found.index + found[0].length)
    return group
  }
  return undefined
}

/** Reads a group by its noun behind a word like "by", of which a pattern finds both. */
const groupByNoun = (draft: Draft, by: RegExp, isNamed: IsNamed): Group | undefined => {
  for (const found of draft.folded.matchAll(new RegExp(by.source, 'g'))) {
    const noun = found[1] as string
    const start = found.index + found[0].lastIndexOf(noun)
    const token = draft.tokens.find((one) => one.start === start)
    if (!token || draft.isClaimed(token)) continue
    const concept = sensesOf(noun).find(([, one]) => GROUP_OF[one] !== undefined)?.[1]
    if (concept === undefined) continue
    // "Por empresa X" would be a name, "pago por cada".
    const next = draft.tokens[token.at + 1]
    if (next && !draft.isClaimed(next) && (next.capital || isNamed(noun, next.word))) continue
    draft.claimSpan(found.index, start + noun.length)
    return GROUP_OF[concept] as Group
  }
  return undefined
}

/** Reads by what the figures of an answer are to be told apart. */
export const readGroup = (draft: Draft, isNamed: IsNamed): { group: Group; one: boolean } | undefined => {
  const phrased = groupByPhrase(draft, isNamed)
  if (phrased) return { group: phrased, one: false }
  const day = draft.find(WHICH_WEEKDAY)
  if (day) {
    draft.claimSpan(day.index, day.index + day[0].length)
    return { group: 'weekday', one: true }
  }
  const which = draft.find(WHICH)
  if (which) {
    const noun = which[1] ?? which[2] ?? which[3] ?? ''
    const at = which.index + which[0].indexOf(noun)
    draft.claimSpan(at, at + noun.length)
    return {
      group: /^(?:trim|quart)/.test(noun)
        ? 'quarter'
        : /^sem/.test(noun)
          ? 'half'
          : /^(?:mes|month)/.test(noun)
            ? 'month'
            : /^(?:ano|year)/.test(noun)
              ? 'year'
              : 'modality',
      one: true,
    }
  }
  const group = groupByNoun(draft, BY, isNamed)
  return group && { group, one: false }
}

/** A second group behind the first: "by department and year", "por ano, secretaria". */
const AND_BY =
  /\b(?:by|por|per|cada|each) (?:the |o |a )?[a-z]+(?:,| e| y| and| x)(?: por| by| the| o| a| procurement| contracting)* ([a-z]+)\b/

/** Reads by what each group of an answer is told apart again: "por secretaria e por ano". */
export const readSecondGroup = (draft: Draft, isNamed: IsNamed): Group | undefined =>
  groupByPhrase(draft, isNamed) ?? groupByNoun(draft, AND_BY, isNamed) ?? groupByNoun(draft, BY, isNamed)

const SUBJECT_OF: Partial<Record<Concept, Subject>> = {
  contracts: 'contracts',
  suppliers: 'suppliers',
  buyers: 'buyers',
  units: 'units',
  categories: 'categories',
  findings: 'findings',
}

/** Returns the things that a word may name, the likeliest first. */
export const subjectsOf = ({ word }: Token): readonly Subject[] =>
  sensesOf(word).flatMap(([, concept]) => SUBJECT_OF[concept] ?? [])

/** Reads the meanings of those words of a message that nobody has claimed. */
export const says = (draft: Draft) => {
  const free = draft.tokens.filter((token) => !draft.isClaimed(token))
  return {
    free,
    any: (...concepts: readonly Concept[]): boolean => free.some(({ word }) => may(word, ...concepts)),
    at: (...concepts: readonly Concept[]): number =>
      free.find(({ word }) => may(word, ...concepts))?.at ?? Number.POSITIVE_INFINITY,
  }
}
