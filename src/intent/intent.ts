import { fold } from '../language/folding.ts'
import type { Language } from '../language/language.ts'
import { entitiesOf } from './naming.ts'
import { type Reading, read } from './reading.ts'
import type { Entities, Intent, Understood } from './understanding.ts'

/** Characters of a message that are read. */
const MOST_CHARACTERS = 4000
/** Most words of a message that may follow up an earlier answer. */
const FOLLOW_UP_WORDS = 7

type Rule = readonly [intent: Intent, confidence: number, applies: boolean]

const rules = (reading: Reading, named: Entities): Rule[] => {
  const { says, at, words } = reading
  const short = words.length <= FOLLOW_UP_WORDS
  const anomaly = says('anomaly') || named.anomaly !== undefined || named.anomalyType !== undefined
  const investigation = says('investigation') || named.investigation !== undefined
  const investigate = says('investigate') || (says('start') && says('investigation'))
  const hasObject =
    says('contract', 'supplier', 'buyer', 'dataset', 'received', 'spent', 'fraud') ||
    anomaly ||
    named.buyer !== undefined ||
    named.supplier !== undefined ||
    named.area !== undefined ||
    named.cnpj !== undefined
  const soughtSupplier = named.supplier !== undefined || named.cnpj !== undefined
  const leads = /^(e|and|y|mas|but|pero)$/.test(words[0] ?? '')
  const asksWhich = says('most', 'list', 'statistics')
  const followsUp =
    short &&
    !says('help', 'hello', 'thanks', 'bye') &&
    (named.pointsBack || named.ordinal !== undefined || leads || says('more'))
  const period = named.startDate !== undefined || named.endDate !== undefined
  const supplierFirst = at('supplier') <= at('buyer')

  return [
    ['about', 0.93, says('about')],
    ['report', 0.9, says('report') && !(investigate && at('investigate') < at('report'))],
    ['chart', 0.9, says('chart')],
    [
      'law',
      0.9,
      says('law') &&
        named.anomalyType !== 'benford_deviation' &&
        !(says('investigate') && hasObject && at('investigate') < at('law')),
    ],
    ['help', 0.85, says('howto') && says('investigate', 'investigation', 'help', 'search')],
    ['investigate', 0.94, says('investigate') && hasObject],
    ['investigate', 0.9, says('start') && says('investigation')],
    [
      'status',
      0.92,
      investigation && (says('status', 'list', 'statistics', 'more') || named.investigation !== undefined),
    ],
    ['status', 0.8, says('status') && !hasObject],
    ['investigate', 0.8, says('investigate')],
    ['investigate', 0.7, investigation && hasObject && !says('howto')],
    ['status', 0.72, investigation],
    ['explain_anomaly', 0.93, anomaly && says('explain')],
    [
      'explain_anomaly',
      0.88,
      named.anomaly !== undefined || (says('anomaly') && named.ordinal !== undefined),
    ],
    ['explain_anomaly', 0.9, named.anomalyType !== undefined && says('whatis')],
    ['fraud', 0.88, says('fraud') && named.anomalyType === undefined],
    ['investigate', 0.82, anomaly && says('search') && !says('list')],
    ['list_anomalies', 0.9, anomaly],
    ['fraud', 0.8, says('fraud')],
    ['search_supplier', 0.9, soughtSupplier && !says('most')],
    ['search_contract', 0.93, named.contract !== undefined],
    ['top_suppliers', 0.92, says('supplier') && says('most') && supplierFirst],
    [
      'top_buyers',
      0.92,
      says('buyer') &&
        says('most') &&
        !supplierFirst &&
        named.buyer === undefined &&
        (!says('contract') || at('buyer') < at('contract')),
    ],
    ['top_suppliers', 0.88, says('received') && says('most')],
    ['top_buyers', 0.88, says('spent') && says('most') && named.buyer === undefined],
    [
      'list_datasets',
      0.86,
      says('dataset') &&
        says('list') &&
        !says('contract', 'supplier', 'buyer', 'most', 'statistics', 'spent', 'received'),
    ],
    ['search_supplier', 0.8, says('supplier') && says('search') && supplierFirst],
    ['search_supplier', 0.75, soughtSupplier],
    [
      'search_buyer',
      0.86,
      named.buyer !== undefined && says('spent', 'search', 'statistics') && !says('contract'),
    ],
    ['statistics', 0.85, says('statistics') && !(named.terms !== undefined && says('search'))],
    [
      'search_contract',
      0.88,
      says('contract') &&
        (says('search', 'list', 'most') ||
          named.terms !== undefined ||
          named.buyer !== undefined ||
          named.area !== undefined ||
          named.minValue !== undefined),
    ],
    ['top_suppliers', 0.78, says('supplier') && (asksWhich || leads) && supplierFirst],
    ['top_buyers', 0.78, says('buyer') && (asksWhich || leads) && !supplierFirst],
    ['search_buyer', 0.75, named.buyer !== undefined || (says('buyer') && says('search'))],
    ['follow_up', 0.7, followsUp],
    ['search_contract', 0.7, says('search') && (named.terms !== undefined || named.area !== undefined)],
    ['search_contract', 0.62, says('contract')],
    ['top_suppliers', 0.6, says('supplier')],
    ['top_buyers', 0.6, says('buyer')],
    ['list_datasets', 0.6, says('dataset')],
    ['statistics', 0.6, says('spent')],
    ['follow_up', 0.62, says('explain') && short && words.length <= 3],
    ['follow_up', 0.6, short && period],
  ]
}

/** Returns the rules for greetings, thanks, farewells and help, which apply when no other rule does. */
const courtesies = ({ says, at, words }: Reading): Rule[] => [
  ['greeting', 0.95, says('hello') && at('hello') <= 2],
  ['thanks', 0.93, says('thanks')],
  ['goodbye', 0.93, says('bye')],
  ['help', 0.92, says('help')],
  ['help', 0.6, says('howto') && words.length <= FOLLOW_UP_WORDS],
  ['greeting', 0.8, says('hello')],
]

/**
 * Recognises the intent and the names in a message, by rules over folded words of Portuguese, Spanish and English.
 *
 * A "not" negates the words up to three places behind it; a word that is in no list is tried as a misspelt one.
 * Text beyond 4,000 characters or 120 words is not read. The call takes well under a millisecond.
 * @param otherwise the language of a message whose words do not tell one
 */
export const understand = (message: string, otherwise: Language = 'pt'): Understood => {
  const text = message.slice(0, MOST_CHARACTERS).normalize('NFC')
  const folded = fold(text)
  const reading = read(text, folded, otherwise)
  const entities = entitiesOf(text, folded, reading)
  const found =
    rules(reading, entities).find(([, , applies]) => applies) ??
    courtesies(reading).find(([, , applies]) => applies)
  const [intent, sure] = found ?? (['question', 0.3] as const)
  return {
    intent,
    confidence: Math.round(100 * (reading.misspelt ? sure - 0.1 : sure)) / 100,
    language: reading.language,
    entities,
  }
}
