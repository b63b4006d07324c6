/** Most words of a message that leads on without a word for that. */
export const FEW_WORDS = 7

export const LEADS =
  /^\W*(?:e|and|y|mas|but|pero|agora|ahora|now|entao|entonces|then|so|somente|apenas|solo|solamente|only|just|tambem|tambien|also|ok|e se|what about|how about|que tal|troc[ae]r?|troque|mud[ae]r?|cambi[ae]r?|cambial[oa]|swap|switch|change|replace|make it|em vez|en vez|instead|restrinja|restrinjam|restrict|limite|limit|filtre|filtra|filter|considere|consider)\b/
export const BACK =
  /\b(?:dele|dela|deles|delas|desses?|dessas?|destes?|destas?|neles|nelas|nesses?|nessas?|ele|ela|eles|elas|isso|disso|nisso|estes|esses|essas|ellos|ellas|eso|esos|esas|estos|estas|de el|de ella|sus? (?=contratos?|compras?|adjudicac|proveedor|gasto)|se[uo]s? (?=contratos?|compras?|fornecedor|gasto)|suas? (?=compras?|licitac|contratac)|it|its|them|they|their|those|these|that|of it|ones?|(?:ess|est)[ea]s? (?:contratos?|compras?|empresas?|fornecedor(?:es)?|orgaos?|anomalias?|achados?))\b/
export const MORE =
  /^\W*(?:(?:e|and|y) )?(?:me )?(?:mostr[ae]r?|mostre me|ver|veja|quero ver|liste?|show|see|list|give|muestra|muestrame|ensename)?(?: me)? ?(?:mais|more|mas)(?: (?:\d+|deles|delas|contratos|contracts|resultados|results|linhas|filas|rows|itens|items|of them))?(?: por favor| please)?\W*$|^\W*(?:mostre |ver |e |and |y |show )*(?:o resto|os outros|os demais|as outras|the rest|the others|el resto|los demas|next(?: page| ones)?|(?:a |la )?(?:proxim[ao]s?|siguientes?)(?: pagina| 10)?|continu[ae]r?|continue)\W*$/
export const EXPLAINS = /\b(?:expl[ai]\p{L}+|detalh\p{L}+|detail\p{L}*|detalle\p{L}*)\b/u
export const SEARCHES =
  /^\W*(?:busque|buscar|busca|procure|procurar|pesquise|encontre|ache|search|find|look for|encuentre|encuentra)\b/
export const WHOM =
  /^\W*(?:(?:e|and|y|mas|but|pero) )?(?:(?:com|de|para|pra|con|a) (?:quem|quien|quienes)(?: (?:ele|ela|eles|elas))?(?: (?:les? )?(?:vendeu|vende|comprou|compra|forneceu|vendio|compro|compra))?|(?:with|from|to) who(?:m)?|who (?:with|from|to)|(?:quem|quien|quienes|who)(?: (?:mais|mas|else|les?|los?|las?|o|a|os|as))?(?: (?:comprou|compra|compram|contratou|contrata|pagou|paga|vendeu|vende|forneceu|fornece|presta|prestou|presto|prestam|faz|fez|hace|hizo|provee|suministra|provides|provided|does|did|compro|contrato|pago|vendio|bought|buys|hired|hires|contracted|contracts|paid|pays|sold|sells|supplied|supplies|recebeu|recebem|ganhou|levou|faturou|recibio|gano|cobro|received|got|won)))(?: (?:mais|mas|most))?(?: (?:d|n)?(?:ele|ela|eles|elas)| (?:from|to|with)? ?(?:them|it|him)| (?:a|de) (?:ellos|ellas|el|ella)| para (?:ele|ela|eles|elas))?\W*$/
export const SOLD =
  /\b(?:prest\p{L}+|provid\p{L}+|provee\p{L}*|suministr\p{L}+|faz|fez|hace|hizo|does|did|vend\p{L}+|receb\p{L}+|recib\p{L}+|forne\p{L}+|ganh\p{L}+|gano|cobr\p{L}+|sold|suppl\p{L}+|received|got|won)\b/u
/** "Above that": beyond the bound that was asked about before. */
export const BEYOND =
  /\b(acima|abaixo|mais (?:caros? )?(?:d[oe]s?|do que)|menos (?:d[oe]s?|do que)|above|below|over|under|more than|less than|encima|debajo|mas de|menos de|superior(?:es)? a|inferior(?:es)? a)\s*(?:de |del |a |d)?(?:isso|disso|nisso|esse valor|desse valor|este valor|eso|esto|ese (?:valor|importe|monto)|that|this)\b/
export const THOSE =
  /^\W*(?:quem (?:sao|e|foi|foram)|quais (?:sao|foram)|quien(?:es)? (?:es|son|fue|fueron)|cuales son|who (?:is|are|was|were)|which are) (?:os|as|o|a|los|las|el|la|the) \p{L}+\W*$/u
/** "Which are they?": the contracts of the figure before, one by one. */
export const WHICH_ARE =
  /^\W*(?:(?:e|and|y) )?(?:com o que|com que|em que|no que|con que|en que|on what|for what|o que foi(?: isso)?|o que era(?: isso)?|que fue(?: eso)?|what was (?:it|that)|what for)\W*$|^\W*(?:(?:e|and|y) )?(?:quais|cuales|which|what|liste|lista|mostre|mostra|muestra|show|list)(?: (?:sao|son|are|foram|eram|fueron|were))?(?: (?:me|todos|all|todas))? ?(?:eles|elas|esses|essas|estes|estas|ellos|ellas|esos|esas|they|these|those|them|los|las)\W*$|^\W*(?:(?:e|and|y) )?(?:quais|cuales|which(?: ones)?)(?: (?:sao|son|are|foram|fueron))?\W*$/
/** "How much did each get?": what a list of parties has told already. */
export const HOW_MUCH_OF_EACH =
  /^\W*(?:(?:e|and|y) )?(?:quanto|qto|qnto|cuanto|how much)(?: (?:did|do|does|foi|fue))?(?: (?:each|cada um[a]?|cada un[oa]|eles|elas|they))?(?: (?:one|of them))?(?: (?:get|receive|earn|make|spend|receb\p{L}+|ganh\p{L}+|lev\p{L}+|cobr\p{L}+|recib\p{L}+|gan[oa]\p{L}*|gast\p{L}+|fatur\p{L}+|factur\p{L}+))?(?: (?:cada um[a]?|cada un[oa]|each))?\W*$/u
export const WHICH_DATED =
  /^\W*(?:(?:e|and|y) )?(?:(?:qual|cual|which)(?: (?:e|foi|es|fue|is|was))? )?(?:o|a|el|la|the)? ?(?:(?:mais|mas) )?\p{L}+(?: one)?\W*$/u
