import { may } from './concepts.ts'
import type { Draft } from './draft.ts'

/** Verbs by which parties have contracts, in the third person, and the words that such a verb may take with it. */
const DEEDS =
  /^(?:exist(?:ia|iam|e|em|iu|iram|en|io|ian|ieron|s|ed)|fez|fizeram|faz|fazem|usou|usaram|usam?|teve|tiveram|tem|tinham?|trabalh(?:a|am|ou|aram)|prest(?:a|am|ou|aram)|particip(?:a|am|ou|aram)|aparec(?:e|em|eu|eram)|assin(?:a|am|ou|aram)|firm(?:a|am|ou|aram|o|aron|an)|hizo|hicieron|hacen?|han?|tuvo|tuvieron|tienen?|us(?:o|aron|an)|trabaj(?:a|an|o|aron|ado)|prest(?:an|aron|ado)|suministr(?:a|an|o|aron|ado)|aparec(?:en|io|ieron)|have|has|had|did|does|do|make|made|makes|used?|uses|works?|worked|working|sign(?:s|ed)?|suppl(?:y|ies|ied)|serv(?:e|es|ed)|appear(?:s|ed)?|deal[st]?|dealt)$/
const DONE =
  /^(?:vendido|comprado|contratado|trabajado|hecho|feito|tido|usado|recibido|recebido|tenido|been|done)$/

/** Tells whether a word is a verb by which a party comes to contracts: "vendeu", "hicieron", "worked". */
export const isDeed = (word: string): boolean =>
  DEEDS.test(word) || DONE.test(word) || may(word, 'spent', 'received')

/** Words between such a verb and the name or thing that it is about. */
export const AFTER_DEED =
  /^(?:algum|alguma|alguns|algumas|nenhum|nenhuma|nenhuns|algun|alguna|ningun|ninguna|any|single|mais|contratos?|contracts?|compras?|purchases?|negocios?|servicos?|servicios?|services?|work|vendas?|ventas?|sales|business|awards?|feito|feitos|feitas|fechad[oa]s?|com|con|with|pra|para|to|a|ao|aos|pro|for|d[oae]s?|de|del|from|em|en|in|n[oa]s?|por|pel[oa]s?|by|through|via|o|os|as|la|el|los|las|the|um|uma|un|una|an|nada|nothing|anything)$/

/** Tells whether a message asks, before a place, which parties there are: "quais secretarias …", "empresas que …". */
export const asksParties = (draft: Draft, before: number): boolean =>
  draft.tokens
    .slice(0, before)
    .some(
      (token) =>
        draft.isFree(token.at) && may(token.word, 'suppliers', 'buyers', 'units', 'categories', 'who'),
    )
