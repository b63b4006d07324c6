import type { Where } from '../../protocol/plan.ts'
import type { Draft } from './draft.ts'

const LACK =
  '(?:sem|sin|without|lacking|missing|with no|(?:has|have|had) no|(?:do|does) ?n.?t have|(?:do|does) not have|(?:que )?nao (?:tem|tenham|possuem|possui|informam?|constam?|traz(?:em)?)|faltando|(?:que )?no (?:tienen?|informan?|consta|traen?)) (?:(?:an?|any|o|um|uma|a|el|la|un|una|the|nenhum|nenhuma|ningun) )?(?:nome d[eo] |nombre del )?'
/** Words that only say that something stands in the file. */
const TOLD =
  '(?: (?:(?:informad|identificad|declarad|definid|conhecid|cadastrad|registrad|preenchid|especificad|indicad|conocid|asignad|anotad)[oa]s?|given|stated|known|listed|recorded|identified|named|shown|specified))?'
const lacks = (what: string): RegExp => new RegExp(`\\b${LACK}(?:${what})\\b${TOLD}`)
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

/** Reads what the file has not for the contracts that a message asks for: "without a value". */
export const readLack = (draft: Draft): Where['missing'] => LACKS.find(([words]) => draft.take(words))?.[1]
