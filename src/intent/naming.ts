import { ANOMALY_RULES } from '../investigation/detectors.ts'
import { fold } from '../language/folding.ts'
import { countIn, leastValueIn, ordinalIn, periodIn, severityIn } from './quantity.ts'
import { type Reading, read } from './reading.ts'
import { AREAS, type Entities } from './understanding.ts'

/** Longest name, in characters, that is taken out of a message. */
const MOST_NAME = 120

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/
const ANOMALY_ID = /\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)([0-9a-f]{24}|[0-9a-f]{6,23})\b/
const CNPJ = /\b(\d{2})\.?(\d{3})\.?(\d{3})\/?(\d{4})-?(\d{2})\b/
const NUMBER = '(?:n[ºo°.]*\\s*|numero\\s+|number\\s+|no\\.?\\s+|#\\s*)?'
const CONTRACT = new RegExp(
  `\\b(?:contrato|contract|empenho|processo|process|proceso)s?\\s+${NUMBER}((?=[\\w./#-]*\\d)[\\w][\\w./#-]{1,60})`,
)
const QUOTED = /["“«'‘]([^"“”«»‘’']{2,120})["”»'’]/

/** Matches the end of a name: punctuation, and words that begin another part of the sentence. */
const END =
  /[?!;:\n()]|[.,](?=\s|$)| (?:n[oa]s?|d[oa]s?|em|in|on|from|of|en|de|del|from the|in the|of the) (?:el |la |los |the |my |meu |minha |mi )?(?:dataset|base|conjunto|amostra|sample|muestra|arquivo|archivo|dados|datos|data|ano|year)\b| (?:entre|desde|between|since|after|apos|depois|antes|before|acima|above|over|mais de|more than|sobre|about|regarding|que|which|that|with|com|con|e qual|and|received|receives|recebeu|recibio|vendeu|vende|sold|sells|vendio|fez|ganhou|won|spent|gastou|gasto|have|has|tem|tiene|please|por favor)\b| (?:em|in|en|de) (?:19|20)\d\d\b/

const nameFrom = (text: string, folded: string, start: number): string | undefined => {
  const rest = folded.slice(start, start + MOST_NAME)
  const end = END.exec(rest)?.index ?? rest.length
  const name = text
    .slice(start, start + end)
    .trim()
    .replace(/^["“«'‘]|["”»'’.,]$/g, '')
    .trim()
  return name === '' ? undefined : name
}

/** Matches words that no name begins with: after them, the word before did not introduce a name. */
const NO_NAME =
  /^(?:que|qual|quais|mais|com|sem|para|por|do|da|dos|das|de|em|no|na|nos|nas|e|ou|o|a|os|as|tem|sao|dominam?|concentram?|recebem?|principal|principais|maior|maiores|the|with|without|who|which|that|is|are|of|in|on|from|for|and|or|most|dominates?|dominating|get|gets|has|have|receives?|received|by|to|del|en|con|los|las|el|la|y|mas|tiene|tienen|dominan?|reciben?|mayores|principales|sobre|about|there|do|does|entre|por|desse|deste|this|ganham?|ganan?|ha|hay|existem|existen|are|concentration|concentracao|concentracion|concentrate|vendem|publicos?|publicas?|public)\b/

const named = (text: string, folded: string, introduction: RegExp): string | undefined => {
  const found = introduction.exec(folded)
  if (!found) return undefined
  const start = found.index + found[0].length
  return NO_NAME.test(folded.slice(start)) ? undefined : nameFrom(text, folded, start)
}

const CALLED = '(?:\\s+(?:chamad[oa]|called|named|llamad[oa]))?[:\\s]+(?:(?:a|o|the|el|la)\\s+)?'
const SUPPLIER = new RegExp(
  `\\b(?:fornecedora?|fornecedores|empresa|contratad[oa]|credor|supplier|vendor|company|contractor|firm|proveedora?|contratista)${CALLED}`,
)
const RECEIVER =
  /\b(?:recebeu|recibio|faturou|facturo|cobro) (?:a empresa |o fornecedor |la empresa |el proveedor )?(?:[ao] |la |el )?/
/** Matches the Portuguese order with the name in between: "quanto a Casa Azul recebeu?" */
const RECEIVER_BETWEEN =
  /\b(?:quanto|qto|qnto) (?:(?:a empresa|o fornecedor|a|o) )?(?=(?!foi\b|e |se |el[ea]s?\b|isso\b|cada\b|voce)[^?!.,;]{2,80} (?:recebeu|faturou|ganhou|levou|vendeu|embolsou)\b)/
const VERB_PT = / (?:ja )?(?:recebeu|faturou|ganhou|levou|vendeu|embolsou)\b/
const PAID =
  /\b(?:paid to|pago a|paga a|pagos a|pagou (?:a|para)|pagaron a|pagaram (?:a|para)) (?:the |la |el |a |o )?/
const RECEIVER_EN =
  /\b(?:did|has|does) (?:the (?:supplier|company|vendor) )?(?=.{2,80}\b(?:receive|received|got|get|win|won|earn|earned)\b)/
const SPENDER = /\b(?:gastou|gasta|comprou|gasto|compro) (?:[ao] |la |el )(?=[a-z])/
const SPENDER_EN = /\b(?:did|has|have) (?:the )?(?=.{2,80}\b(?:spend|spent|buy|bought)\b)/
const VERB_EN = / (?:receive|received|got|get|win|won|earn|earned|spend|spent|buy|bought)\b/

const BODIES =
  'ministerio|secretaria|prefeitura|camara|universidade|instituto|fundacao|fundo|companhia|tribunal|policia|hospital|departamento|diretoria|autarquia|governo|ayuntamiento|alcaldia|universidad|fundacion|ministry|department|secretariat|municipality|city hall|office|university|council|institute'
const BODY = new RegExp(
  `\\b(?:${BODIES})(?: (?:(?:municipal|estadual|federal|nacional|estatal|especial|militar|national|state) )?(?:de la|de los|de las|of the|de|da|do|dos|das|del|of) [\\p{L}\\d-]+(?: (?:e|y|and|de|da|do|dos|das|del|of) [\\p{L}\\d-]+)*(?: (?!(?:em|no|na|in|on|en|que|com|with|con|desde|since|from|for|para|por|by|tem|has|have|spend|spent|buy|bought|comprou|compra|gastou|entre|between|and|e|y|a|o|the)\\b)[\\p{L}-]+)?| (?:municipal|estadual|federal|nacional|militar|civil)\\b)`,
  'u',
)
/** Matches the English order with the field in front: "the health ministry". */
const BODY_EN =
  /\b(?!the\b|a\b|an\b|which\b|what\b|by\b|of\b|for\b|from\b|each\b|every\b)([a-z]+ (?:ministry|department|secretariat|office|university|council))\b/
const BUYER = new RegExp(
  `\\b(?:orgao|comprador|compradora|unidade|buyer|agency|purchaser|organo|organismo|unidad)${CALLED}`,
)
const DATASET =
  /\b(?:dataset|data set|conjunto de dados|conjunto de datos|base de dados|base de datos|base(?! (?:em|na|no|nos|nas|en|on)\b)|conjunto|arquivo|archivo|planilha|file|database|spreadsheet)(?: (?:chamad[oa]|called|named|llamad[oa]))?:? +/
const DATASET_EN =
  /\b(?:in|of|from|on|about|explore|use) (?:the )?([\w.-]{2,60}) (?:dataset|data set|database|file)\b/
const SAMPLE =
  /\b(?:amostra|sample|muestra(?! (?:los|las|el|la|me|un|una|todos|todas)\b))\b|\b(?:dados|datos) de (?:exemplo|ejemplo|teste|prueba)\b|\bexample data\b/
/** Matches words that follow the word for dataset when no name does. */
const NO_DATASET =
  /^(?:e|tem|ha|estao|sao|existem|disponiveis|disponivel|voce|there|are|is|do|does|you|can|available|have|with|hay|tienes|tiene|disponibles|estan|que|para|por|com|con|de|da|do|del|has|inteir[oa]|todo|toda|carregad[oa]s?|loaded|complet[oa]|cargad[oa]s?|in|of|on|from|for|about|e|and|y|or|which|what|mais|more|atual|inteira|i|we|to)\b/

const TERMS =
  /\b(?:sobre|acerca de|about|regarding|concerning|referentes? a|relacionad[oa]s? (?:a|com|con)|for|mencionan(?:do)?|mentioning|contendo|containing|com a palavra|con la palabra)\s+(?:(?:os|as|o|a|el|la|los|las|the)\s+)?/
const TERMS_OF =
  /\b(?:contratos?|contracts?|compras?|purchases?|licitac\w+|empenhos?) (?:d[aeo]s?|del|of|for)\s+(?:(?:the|la|los|las)\s+)?/

/**
 * Returns the entities that a message names.
 * @param text as the user wrote it, NFC
 * @param folded the same text folded, with each character at its place
 */
export const entitiesOf = (text: string, folded: string, reading: Reading): Entities => {
  const found: Entities = { ...periodIn(folded) }
  const put = <K extends keyof Entities>(key: K, value: Entities[K] | undefined) => {
    if (value !== undefined) found[key] = value
  }
  const uuid = UUID.exec(folded)
  const plain = uuid ? folded.replace(uuid[0], ' '.repeat(uuid[0].length)) : folded
  if (uuid) {
    const before = folded.slice(Math.max(0, uuid.index - 30), uuid.index)
    put(
      /\b(?:dataset|base|conjunto|dados|datos|data|arquivo|file)\b/.test(before)
        ? 'dataset'
        : 'investigation',
      uuid[0],
    )
  }
  const tax = CNPJ.exec(plain)
  put('cnpj', tax?.slice(1).join(''))
  put('anomaly', ANOMALY_ID.exec(plain)?.[1])
  put('contract', CONTRACT.exec(plain)?.[1]?.replace(/[./#-]+$/, ''))
  put('anomalyType', Object.values(ANOMALY_RULES).find(({ names }) => names.test(folded))?.type)
  put('severity', severityIn(folded))
  put(
    'area',
    AREAS.find((area) => reading.says(area)),
  )
  const ordinal = ordinalIn(folded)
  const count = countIn(folded)
  const leastValue = leastValueIn(folded)
  put('ordinal', ordinal)
  put('count', count)
  put('minValue', leastValue)
  const bare = reading.says('anomaly') ? /(?<![\d./-])\d{1,2}(?![\d./-]*\d)/.exec(plain)?.[0] : undefined
  if (bare && ordinal === undefined && count === undefined && leastValue === undefined)
    found.ordinal = Number(bare)
  if (reading.says('back')) found.pointsBack = true

  const buyer = BODY.exec(folded) ?? undefined
  const inFront = buyer ? undefined : BODY_EN.exec(folded)
  const english = SPENDER_EN.exec(folded)
  put(
    'buyer',
    buyer
      ? nameFrom(
          text.slice(0, buyer.index + buyer[0].length),
          folded.slice(0, buyer.index + buyer[0].length),
          buyer.index,
        )
      : inFront
        ? text.slice(inFront.index, inFront.index + (inFront[1] as string).length)
        : (named(text, folded, BUYER) ??
          named(text, folded, SPENDER) ??
          (english ? untilVerb(text, folded, english.index + english[0].length) : undefined)),
  )
  const receiver = RECEIVER_EN.exec(folded)
  const between = found.buyer === undefined ? RECEIVER_BETWEEN.exec(folded) : null
  put(
    'supplier',
    named(text, folded, SUPPLIER) ??
      named(text, folded, RECEIVER) ??
      named(text, folded, PAID) ??
      (between ? untilVerb(text, folded, between.index + between[0].length, VERB_PT) : undefined) ??
      (receiver ? untilVerb(text, folded, receiver.index + receiver[0].length) : undefined),
  )
  // "Construtora" in a supplier's name does not mean the area of works.
  if (found.supplier && found.area && read(found.supplier, fold(found.supplier), 'pt').says(found.area))
    delete found.area
  if (found.cnpj && found.supplier && /^[\d./-]+$/.test(found.supplier)) delete found.supplier
  if (!found.dataset) {
    if (SAMPLE.test(folded)) found.dataset = 'sample'
    else {
      const introduced = DATASET.exec(folded)
      const start = introduced ? introduced.index + introduced[0].length : -1
      const name =
        introduced && !NO_DATASET.test(folded.slice(start)) ? nameFrom(text, folded, start) : undefined
      put('dataset', name ?? DATASET_EN.exec(folded)?.[1])
    }
  }
  const quoted = QUOTED.exec(text)?.[1]?.trim()
  const terms =
    named(text, folded, TERMS) ?? (found.buyer || found.supplier ? undefined : named(text, folded, TERMS_OF))
  if (quoted && !Object.values(found).includes(quoted)) put('terms', quoted)
  else if (
    terms &&
    ![found.buyer, found.supplier].some((name) => name && terms.includes(name)) &&
    !SAMPLE.test(terms)
  )
    put('terms', terms)
  return found
}

const untilVerb = (text: string, folded: string, start: number, verb = VERB_EN): string | undefined => {
  const rest = folded.slice(start, start + MOST_NAME)
  const end = verb.exec(rest)?.index ?? rest.length
  const name = text.slice(start, start + end).trim()
  return name.length >= 2 && !/^(?:you|we|i|they|it|the (?:supplier|company))$/i.test(name) ? name : undefined
}
