import { ANOMALY_RULES } from '../investigation/detectors.ts'
import { fold } from '../language/folding.ts'
import type { AnomalyType } from '../protocol/investigation.ts'

/** The wishes beside answers from the data, found by a message's words alone. */
export type Talk = 'stop' | 'wrongdoing' | 'upload' | 'map' | 'share' | 'export' | 'provenance' | 'why'

/** Characters of a message that are looked at. */
const MOST_CHARACTERS = 600

const HOW =
  '(?:como|how|puedo|posso|can i|da para|e possivel|quero|want to|want|quiero|preciso|onde|where|donde|devo)'
const FILE =
  '(?:arquivos?|planilhas?|dados|dataset|csv|base|excel|xlsx|conjuntos?|file|data|spreadsheet|archivos?|datos|tabelas?|hojas?)'
const TRUTH =
  'reais|real|verdadeir[oa]s?|verdad|verdade|verdader[oa]s?|reales|fals[oa]s?|inventad[oa]s?|fictici[oa]s?|sintetic[oa]s?|fake|true|genuine|synthetic|made up|confiave(?:l|is)|fiables?|reliable|trustworthy'

const PATTERNS: readonly (readonly [Talk, RegExp])[] = [
  [
    'stop',
    /\b(?:pare|parar|para|interromp\w+|cancel\w+|deten\w*|detener|stop|abort\w*|halt|encerr(?:e|ar)|suspend\w+|termin(?:e|ar|a))\b(?! (?:\w+ ){0,2}(?:contrato|contract))(?: \S+){0,5} (?:investiga\w+|auditoria|varredura|execucao|run|corrida|analise|analysis|analisis)\b|^\W*(?:pare|stop|cancele|cancel|cancela|detente|deten|pode parar|chega)(?: (?:isso|it|eso|agora|now|ya|por favor|please))*\W*$/,
  ],
  [
    'wrongdoing',
    /\b(?:denunci\w+|denuncio|ouvidorias?|whistle ?blow\w*|(?:onde|a quem|como|para quem|where|to whom|how|who|donde|a quien) (?:\S+ ){0,6}(?:reclam\w+|recorr\w+|report (?:\S+ ){0,4}(?:fraud|corruption|crime|wrongdoing|irregularit\w*|this|it|misuse|suspicio\w*))|report (?:a |an )?(?:fraud|corruption|crime|wrongdoing|misuse))\b/,
  ],
  [
    'map',
    new RegExp(
      `\\b${HOW}\\b.*\\b(?:mape\\w+|mapear|map|mapping)\\b|\\b(?:mapping|mapeamento|mapeo)\\b|\\b(?:colunas?|columnas?|columns?)\\b.*\\b(?:nao reconhec\\w+|errad\\w+|wrong|equivocad\\w+|recogni\\w+|mape\\w+)`,
    ),
  ],
  [
    'upload',
    new RegExp(
      `\\b${HOW}\\b(?: \\S+){0,5} (?:envi\\w+|subir|subo|suba|carreg\\w+|upload\\w*|import\\w+|cargar|cargo|cargue|mandar|mando|adicion\\w+|add|load|anex\\w+|agreg\\w+|colocar)\\b(?: \\S+){0,6} ${FILE}\\b|\\b(?:upload|subir|carregar|enviar) (?:um |a |un |my |meu |mi |minha )?${FILE}\\b`,
    ),
  ],
  [
    'share',
    /\b(?:compartilh\w+|compartir|comparto|compartid[oa]s?)\b|\bshare (?:this|it|the|my|an?|these|with)\b(?! of)/,
  ],
  [
    'export',
    /\b(?:export\w*|baix(?:ar|e|o)|download\w*|descarg\w+)\b|\b(?:em|en|in|to|para|as|como) (?:um |un |an? )?(?:csv|excel|xlsx|planilha|spreadsheet)\b/,
  ],
  [
    'why',
    /^\W*(?:(?:e|mas|but|y|pero|and) )?(?:por ?que|why|how come|como assim)(?: (?:isso|that|eso|esto|is that|so))?\W*$/,
  ],
  [
    'provenance',
    new RegExp(
      `\\b(?:sao|e|eh|son|es|is|are)\\b(?: \\w+){0,3} (?<!\\b(?:em|en|in|mil|cem|milhao|milhoes|\\d+) )(?:${TRUTH})\\b(?! (?:fornecedor|supplier|contrat))|^(?:is|are) (?:it|this|that|these|they) (?:${TRUTH})|\\b(?:de onde|de donde) (?:v\\w+|sa\\w+|son|sao|e)\\b|\\bwhere (?:do|does|did|is|are) (?:\\w+ ){1,4}(?:come|coming|from)\\b|\\b(?:origem|origen|fonte|fuente|source) d(?:os|as|e los|e las|o|e) (?:dados|datos|data)\\b|\\bsource of (?:the |this )?data\\b`,
    ),
  ],
]

/** Finds what a message wants beside answers from the data; undefined where it wants none of these. */
export const talkOf = (message: string): Talk | undefined => {
  const folded = fold(message.slice(0, MOST_CHARACTERS).normalize('NFC'))
  return PATTERNS.find(([, words]) => words.test(folded))?.[0]
}

const MEANS =
  /\b(?:o que (?:e|eh|sao|significa|quer dizer|seria|(?:voces?|vcs?) chama\w*)|que llaman|(?:do )?you call|que (?:es|son|significa|quiere decir)|what (?:is|are|does|do)|(?:define|definicao|definicion|definition|significado|meaning)|como (?:funciona|se calcula|e calculad\w+|voces? (?:calcula|detecta)\w*)|how (?:does|do|is|are) .*(?:work|calculated|computed|mean|detected)|explique (?:a regra|a lei|o conceito|o termo)|explain (?:the rule|the concept|the term|the law)|explica (?:la regla|el concepto)|regra (?:d[aeo]|para)|regla de|rule (?:of|for|on)|quando (?:e|ha)|a partir de quanto)\b/

/** Returns the rule whose meaning a message asks for; undefined where it asks for none. */
export const ruleAsked = (message: string): AnomalyType | undefined => {
  const folded = fold(message.slice(0, MOST_CHARACTERS).normalize('NFC'))
  if (!MEANS.test(folded)) return undefined
  const rules = Object.values(ANOMALY_RULES)
  return (rules.find(({ aliases }) => aliases?.test(folded)) ?? rules.find(({ names }) => names.test(folded)))
    ?.type
}
