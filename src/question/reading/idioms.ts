import type { Draft } from './draft.ts'
import { phraseBook } from './phrases.ts'

/** Phrases whose words say nothing about the data, though alone they would change a figure. */
const IDIOMS = phraseBook<'idiom'>({
  idiom: [
    'nao sei, eu nao sei, nao entendi, nao entendo, nao lembro, nao me lembro, nao consigo, nao achei, nao encontrei, ne, ou nao, nao e verdade, nao tenho certeza, nem sei, nao e mesmo, sem querer incomodar, se nao for incomodo, se nao me engano, sem falta, sem demora, sem problema, sem enrolacao, sem rodeios',
    'dos cofres, dos cofres publicos, dos cofres da cidade, de las arcas, bom dia, boa tarde, boa noite, buenos dias, buenas tardes, buenas noches, good day, hoje em dia, por favor, por gentileza, por exemplo, por acaso, por certo, por cierto, por parte, de uma vez, de novo, outra vez, mais uma vez, otra vez, once again, mesmo assim, ao mesmo tempo, ainda mais, nada mais, nada mas, nothing else, sem mais, algo mais, no fim das contas, afinal de contas',
    'mais detalhes, mais informacoes, mais dados, mas detalles, mas informacion, more details, more detail, more information, more info, more about, mais sobre, mas sobre, saber mais, saber mas, know more, dar mais, conte mais, fale mais, tell me more, explicar melhor',
    'por causa de, por causa do, por causa da, por causa dos, por causa das, por conta de, por conta do, por conta da, por conta dos, devido a, devido ao, devido aos, a causa de, por culpa de, debido a, because of, due to, thanks to, valor final, valores finais, valor final dos, final value, importe final, valor atual, valores atuais, valor actual, current value, prazo final, dia a dia, tempo todo, outro dia, the other day, i dont know, i do not know, im not sure, i am not sure, not sure, no se, no entiendo, no recuerdo, no tengo claro, na mao, nas maos, en manos, in the hands, hace falta, me hace falta, por meio desta, por meio deste, venho por meio desta, venho por meio deste, por este medio, dear sir or madam, dear sirs, to whom it may concern, a quien corresponda, pro mais caro, para o mais caro, ao mais caro, al mas caro, pro mais barato, para o mais barato, ao mais barato, al mas barato, to most expensive, to the most expensive, to cheapest, to the cheapest, pro maior, pro menor, para o maior, para o menor, ao maior, ao menor, al mayor, al menor, to largest, to smallest, to the largest, to the smallest, many thanks, verdade, what else, mais alguem, alguem mais, anyone else, alguien mas, someone else, ao lado, no lado, de fora a fora, quanto antes, lo antes posible, o mais rapido possivel, as soon as possible, asap',
  ].join(', '),
})
/** Claims the words of phrases that say nothing about the data. */
export const readIdioms = (draft: Draft): void => {
  for (const { at } of draft.tokens) {
    const found = draft.isFree(at) ? IDIOMS.at(draft, at) : undefined
    if (found) draft.claimWords(found.from, found.to)
  }
}
