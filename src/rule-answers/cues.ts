import { WORDS } from '../intent/lexicon.ts'
import { LANGUAGES, type Language } from '../intent/understanding.ts'
import { fold, tokens } from '../language/folding.ts'

/** Properties of a message that only matter after an earlier answer, or to an answer from rows. */
export interface Cues {
  /** The next rows of a list are asked for. */
  readonly more: boolean
  /** The partners of a supplier or buyer are asked for. */
  readonly whom: boolean
  /** The supplier or buyer of a contract is asked for. */
  readonly who: boolean
  /** The message is a bare "why?". */
  readonly why: boolean
  /** A year is asked for, or each year. */
  readonly year: boolean
  /** The smallest is asked for, not the largest. */
  readonly least: boolean
  /** The largest contract is asked for, whatever else the message has about values. */
  readonly largestContract: boolean
  /** The number of suppliers or buyers is asked for. */
  readonly counts: boolean
  /** The message has a verb of selling: the sellers are asked for, whoever buys. */
  readonly sells: boolean
  /** The figures of each buyer or each supplier are asked for. */
  readonly each: 'supplier' | 'buyer' | undefined
  /** The message names a way of contracting, such as a waiver or an auction. */
  readonly modality: boolean
  /** The source of the data, or its truth, is asked for. */
  readonly provenance: boolean
  /** The message refers to the two parties that were named last. */
  readonly both: boolean
  /** The message continues an earlier one: "and …", "… of it". */
  readonly leads: boolean
  readonly words: number
  /** Years in the message, ascending; several are a period. */
  readonly years: readonly number[]
  /** Names to compare, as the user wrote them; fewer than two are no comparison. */
  readonly compared: readonly string[]
  /** A name in capitals, of a supplier or a body, which no word introduces. */
  readonly name: string | undefined
  /** The language that alone has some of the words; undefined where none does. */
  readonly language: Language | undefined
}

/** Characters of a message that are read: longer ones do not depend on earlier answers. */
const MOST_CHARACTERS = 600

const MORE =
  /^(?:(?:e|and|y) )?(?:me )?(?:mostr[ae]r?|mostre me|ver|veja|quero ver|liste?|show|see|list|give|muestra|muestrame|ensename|ver)?(?: me)? ?(?:mais|more|mas)(?: (?:\d+|deles|delas|contratos|contracts|resultados|results|linhas|filas|rows|itens|items|of them))?(?: por favor| please)?$|^(?:mostre |ver |e |and |y |show )*(?:o resto|os outros|os demais|as outras|the rest|the others|el resto|los demas|next(?: page| ones)?|(?:a |la )?(?:proxim[ao]s?|siguientes?)(?: pagina)?|continu[ae]r?|continue)$/
const WHOM =
  /^(?:(?:e|and|y|mas|but|pero) )?(?:(?:com|de|para|pra|con|a) (?:quem|quien|quienes)(?: (?:ele|ela|eles|elas))?(?: (?:les? )?(?:vendeu|vende|comprou|compra|forneceu|vendio|compro|compra))?|(?:with|from|to) who(?:m)?|who (?:with|from|to)|(?:quem|quien|quienes|who)(?: (?:mais|mas|else|les?|los?|las?|o|a|os|as))?(?: (?:comprou|compra|compram|contratou|contrata|pagou|paga|vendeu|vende|forneceu|fornece|compro|contrato|pago|vendio|bought|buys|hired|hires|contracted|contracts|paid|pays|sold|sells|supplied|supplies)))(?: (?:mais|mas|most))?(?: (?:d|n)?(?:ele|ela|eles|elas)| (?:from|to|with)? ?(?:them|it|him)| (?:a|de) (?:ellos|ellas|el|ella)| para (?:ele|ela|eles|elas))?$/
const WHO =
  /^(?:(?:e|and|y) )?(?:quem|quien|who|qual|cual|which) (?:e|eh|foi|es|fue|is|was) (?:o|a|el|la|the) (?:fornecedor|empresa|contratad[oa]|orgao|comprador|proveedor|organismo|supplier|vendor|company|buyer)$/
const WHY =
  /^(?:(?:e|mas|but|y|pero|and) )?(?:por ?que|why|how come|como assim)(?: (?:isso|that|eso|esto|is that|so))?$/
const YEAR =
  /\b(?:qual|que|em que|which|what|cual|en que|en cual) (?:(?:foi|e|fue|es|was|is|in) )?(?:o |el |the )?(?:ano|year)\b|\b(?:por|per|by|cada|each|a cada|every) (?:ano|year)\b|\b(?:ano|year) (?:com|con|de|with|em que|in which) (?:(?:o|a|el|the) )?(?:maior|mais|mayor|mas|menor|most|highest|largest|least)\b/
const LEAST = /\b(?:menor(?:es)?|mais barat[oa]s?|mas barat[oa]s?|smallest|lowest|cheapest)\b/
const LARGEST_CONTRACT =
  /\b(?:contratos?|compras?|contracts?|purchases?) (?:\w+ ){0,2}(?:maior|mais car[oa]s?|mayor|mas car[oa]s?|largest|biggest|highest)\b|\b(?:maior|mayor|largest|biggest|highest|most expensive) (?:valor de )?(?:contrato|compra|contract|purchase)\b/
const PARTIES =
  'fornecedor\\w*|empresas?|orgaos?|secretarias?|proveedor\\w*|organismos?|suppliers?|vendors?|companies|buyers?|agencies'
const COUNTS = new RegExp(`\\b(?:quant[oa]s|cuant[oa]s|how many|numero de|number of) (?:${PARTIES})\\b`)
const SELLS =
  /^(?:(?:e|and|y) )?(?:quem|quien|quienes|who|que empresas?|which compan(?:y|ies)) (?:(?:mais|mas|most) )?(?:vende|vendem|vendeu|fornece|forneceu|venden|vendio|sells|sold|supplies|supplied)\b/
const EACH_BUYER =
  /\b(?:cada|each|every|por|by|per) (?:orgao|secretaria|unidade|organismo|unidad|buyer|agency|department)\b/
const EACH_SUPPLIER =
  /\b(?:cada|each|every|por|by|per) (?:fornecedor|empresa|proveedor|supplier|vendor|company)\b/
const MODALITY =
  /\b(?:dispensas?|inexigibilidades?|preg(?:ao|oes)|concorrencias? publicas?|tomadas? de precos?|modalidades?|waivers?|auctions?|subastas?|(?:contratacion|adjudicacion) directa|(?:sem|sin) licitac\w+|without (?:a )?tenders?)\b/
const TRUTH =
  'reais|real|verdadeir[oa]s?|verdad|verdade|verdader[oa]s?|reales|fals[oa]s?|inventad[oa]s?|fictici[oa]s?|sintetic[oa]s?|fake|true|genuine|synthetic|made up|confiave(?:l|is)|fiables?|reliable|trustworthy'
const PROVENANCE = new RegExp(
  `\\b(?:sao|e|eh|son|es|is|are)\\b(?: \\w+){0,3} (?:${TRUTH})\\b(?! (?:fornecedor|supplier|contrat))|^(?:is|are) (?:it|this|that|these|they) (?:${TRUTH})|\\b(?:de onde|de donde) (?:v\\w+|sa\\w+|son|sao|e)\\b|\\bwhere (?:do|does|did|is|are) (?:\\w+ ){1,4}(?:come|coming|from)\\b|\\b(?:origem|origen|fonte|fuente|source) d(?:os|as|e los|e las|o|e) (?:dados|datos|data)\\b|\\bsource of (?:the |this )?data\\b`,
)
const BOTH =
  /\b(?:(?:d|n)?[oa]s (?:dois|duas)|amb[oa]s|l[oa]s dos|de l[oa]s dos|the two|both(?: of them)?)\b(?! (?:maior|primeir|ultim|mayor|primer|largest|biggest|first|last|top|ano|year|fornecedor|empresa|contrato|orgao|proveedor|organismo|supplier|compan|contract|buyer))/
const LEADS = /^(?:e|and|y|mas|but|pero|agora|now|ahora)\b/
const COMPARES =
  /\b(?:compar\p{L}*|versus|diferen[çc]a entre|diferencia entre|difference between)\s+(?:(?:os|as|o|a|el|la|los|las|the)\s+)?(?:(?:fornecedores|empresas|órgãos|orgaos|secretarias|proveedores|organismos|suppliers|companies|vendors|buyers)\s+)?(?<rest>.{3,200})/iu
const AND =
  /\s+(?:e|com|y|con|and|with|to|vs\.?|versus|ou|or|o)\s+(?:(?:os|as|o|a|el|la|los|las|the)\s+)?|\s*[,;]\s*/iu
/** Matches a year that is no part of a contract number, amount or address. */
const YEARS = /(?<![\d/.,-])(?:19|20)\d\d(?![\d/.,-]*\d)/g
const NAME =
  /(?:^|\s)(?:d[aeo]s?|del|of|by|from|to|pel[ao]|com|con|with|para|for)\s+(?:(?:the|la|el|los|las)\s+)?(?<name>\p{Lu}[\p{L}\p{N}.&-]*(?:\s+(?:(?:d[aeo]s?|e|&)\s+)?\p{Lu}[\p{L}\p{N}.&-]*)*)/u

/** Frequent words of one language that the lexicon does not assign to it. */
const LANGUAGE_WORDS: Readonly<Record<Language, RegExp>> = {
  pt: /^(?:so|somente|apenas|mostre|agora|e) (?:d[aeo]s?|em|n[ao]s?|[ao]s?|mais|com)\b|\b(?:somente|apenas)\b/,
  es: /\b(?:solo|solamente|ahora)\b/,
  en: /\b(?:only|just|now|show)\b/,
}

const languageOf = (line: string, words: readonly string[]): Language | undefined => {
  const distinct = LANGUAGES.find((language) => LANGUAGE_WORDS[language].test(line))
  if (distinct) return distinct
  const speakers = words.map((word) =>
    LANGUAGES.filter((language) =>
      Object.values(WORDS[language]).some((list) => list.split(' ').includes(word)),
    ),
  )
  const scores = LANGUAGES.map(
    (language) => speakers.filter(([one, other]) => one === language && other === undefined).length,
  )
  const most = Math.max(...scores)
  return most > 0 && scores.filter((score) => score === most).length === 1
    ? LANGUAGES[scores.indexOf(most)]
    : undefined
}

/** Reads the cues of a message. */
export const readCues = (text: string): Cues => {
  const message = text.slice(0, MOST_CHARACTERS).normalize('NFC')
  const words = tokens(fold(message))
  const line = words.join(' ')
  const rest = COMPARES.exec(message)?.groups?.rest?.replace(/[?!.]+\s*$/u, '')
  const years = [...new Set((fold(message).match(YEARS) ?? []).map(Number))].sort((a, b) => a - b)
  return {
    more: MORE.test(line),
    whom: WHOM.test(line),
    who: WHO.test(line),
    why: WHY.test(line),
    year: YEAR.test(line),
    least: LEAST.test(line),
    largestContract: LARGEST_CONTRACT.test(line),
    counts: COUNTS.test(line),
    sells: SELLS.test(line),
    each: EACH_BUYER.test(line) ? 'buyer' : EACH_SUPPLIER.test(line) ? 'supplier' : undefined,
    modality: MODALITY.test(line),
    provenance: PROVENANCE.test(line),
    both: BOTH.test(line),
    leads: LEADS.test(line),
    words: words.length,
    years,
    compared: rest?.split(AND).filter((part) => part.trim() !== '') ?? [],
    name: NAME.exec(message)?.groups?.name?.replace(/[.]+$/u, ''),
    language: languageOf(line, words.slice(0, 12)),
  }
}
