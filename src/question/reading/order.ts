import type { Plan } from '../../protocol/plan.ts'
import type { Draft } from './draft.ts'
import { phraseBook } from './phrases.ts'

type Order = NonNullable<Plan['order']>
/** An order that a message asks for by its own words; of what is left open the plan decides. */
export interface OrderAsked {
  readonly by?: Order['by']
  readonly direction?: Order['direction']
}

type Kind =
  | 'up'
  | 'down'
  | 'first'
  | 'last'
  | 'value'
  | 'date'
  | 'end'
  | 'name'
  | 'count'
  | 'longest'
  | 'shortest'

const KINDS: Readonly<Record<Kind, OrderAsked>> = {
  up: { direction: 'asc' },
  down: { direction: 'desc' },
  first: { by: 'date', direction: 'asc' },
  last: { by: 'date', direction: 'desc' },
  value: { by: 'value' },
  date: { by: 'date' },
  end: { by: 'end', direction: 'asc' },
  name: { by: 'name', direction: 'asc' },
  count: { by: 'count' },
  longest: { by: 'duration', direction: 'desc' },
  shortest: { by: 'duration', direction: 'asc' },
}

/** Joins the ways in which "from the one to the other" is said. */
const fromTo = (froms: string, tos: string): string =>
  froms
    .split('|')
    .flatMap((from) => tos.split('|').map((to) => `${from} ${to}`))
    .join(', ')

const ORDERS = phraseBook<Kind>({
  up: [
    fromTo(
      'do menor|de menor|del menor|da menor|dos menores',
      'para o maior|pro maior|ao maior|a maior|al mayor|a mayor|para a maior|pra maior|para os maiores|aos maiores',
    ),
    fromTo(
      'do mais barato|da mais barata|dos mais baratos|das mais baratas|del mas barato|de mas barato|de la mas barata|de mais barato',
      'para o mais caro|pro mais caro|ao mais caro|al mas caro|a mas caro|a mais caro|para a mais cara|pra mais cara|a mais cara|a la mas cara|para os mais caros|pros mais caros|aos mais caros',
    ),
    fromTo(
      'from smallest|from the smallest|from cheapest|from lowest|smallest|lowest|cheapest',
      'to largest|to the largest|to biggest|to highest|to most expensive',
    ),
    'ordem crescente, em ordem crescente, orden creciente, orden ascendente, ascending, ascending order, in ascending order, smallest first, cheapest first, lowest first, fewest first, menor primeiro, menores primeiro, los menores primero',
  ].join(', '),
  down: [
    fromTo(
      'do maior|de maior|del mayor|de mayor|da maior|dos maiores',
      'para o menor|pro menor|ao menor|a menor|al menor|para a menor|pra menor|para os menores|aos menores',
    ),
    fromTo(
      'do mais caro|da mais cara|dos mais caros|das mais caras|del mas caro|de mas caro|de la mas cara|de mais caro',
      'para o mais barato|pro mais barato|ao mais barato|al mas barato|a mas barato|a mais barato|para a mais barata|pra mais barata|a mais barata|a la mas barata|para os mais baratos|pros mais baratos|aos mais baratos',
    ),
    fromTo(
      'from largest|from the largest|from biggest|from highest|largest|highest',
      'to smallest|to the smallest|to lowest|to cheapest',
    ),
    'ordem decrescente, em ordem decrescente, orden decreciente, orden descendente, descending, descending order, in descending order, largest first, biggest first, highest first, most expensive first, maior primeiro, maiores primeiro, los mayores primero',
  ].join(', '),
  first: [
    fromTo(
      'do mais antigo|dos mais antigos|del mas antiguo',
      'para o mais novo|pro mais novo|ao mais novo|para o mais recente|pro mais recente|ao mais recente|aos mais recentes|al mas reciente|al mas nuevo',
    ),
    'ordem cronologica, em ordem cronologica, orden cronologico, por orden cronologico, chronological order, in chronological order, chronologically, cronologicamente, oldest first, earliest first, oldest to newest, from oldest to newest',
  ].join(', '),
  last: [
    fromTo(
      'do mais novo|do mais recente|dos mais recentes|del mas nuevo|del mas reciente',
      'para o mais antigo|pro mais antigo|ao mais antigo|aos mais antigos|al mas antiguo',
    ),
    'newest first, latest first, most recent first, mais recentes primeiro, newest to oldest, from newest to oldest, los mas recientes primero',
  ].join(', '),
  value:
    'em ordem de valor, por ordem de valor, na ordem de valor, ordem de valor, ordenado por valor, ordenados por valor, ordenada por valor, ordenadas por valor, ordene por valor, ordena por valor, por orden de importe, por orden de valor, ordenado por importe, ordenados por importe, ordenados por valor, sorted by value, ordered by value, sort by value, order by value, in order of value, sorted by amount, ranked by value, ranked by amount, por valor, by value, por importe',
  date: 'ordenado por fecha, ordenada por fecha, ordenadas por fecha, ordenada por data, ordenadas por data, em ordem de data, por ordem de data, por data, por data de assinatura, ordenado por data, ordenados por data, por fecha, por orden de fecha, ordenados por fecha, by date, by date signed, sorted by date, ordered by date, in order of date',
  end: 'por data de termino, por termino, por vencimento, por data de vencimento, por fecha de fin, por vencimiento, by end date, by expiry, by expiry date, sorted by end date',
  name: 'em ordem alfabetica, por ordem alfabetica, ordem alfabetica, alfabeticamente, por orden alfabetico, en orden alfabetico, orden alfabetico, alphabetical order, in alphabetical order, alphabetically, por nome, por nombre, by name',
  count:
    'por numero de contratos, por quantidade de contratos, por qtd de contratos, pelo numero de contratos, pela quantidade de contratos, em numero de contratos, em quantidade de contratos, por cantidad de contratos, en numero de contratos, by number of contracts, by contract count, by count, in number of contracts',
  longest:
    'dura mais, duram mais, dura mais tempo, duram mais tempo, mais longo, mais longos, maior duracao, de maior duracao, maior prazo, de maior prazo, maior vigencia, mais duradouro, mas largo, mas largos, dura mas, duran mas, mayor duracion, mayor plazo, longest, the longest, lasts longest, lasts the longest, last longest, last the longest, longest running, longest lasting',
  shortest:
    'dura menos, duram menos, dura menos tempo, mais curto, mais curtos, menor duracao, menor prazo, de menor prazo, mas corto, mas cortos, menor duracion, menor plazo, shortest, the shortest',
})

/** Reads the order in which a message wants things listed, and claims its words. */
export const readOrder = (draft: Draft): OrderAsked | undefined => {
  let asked: OrderAsked | undefined
  for (const { at } of draft.tokens) {
    const found = draft.isFree(at) ? ORDERS.at(draft, at) : undefined
    if (!found) continue
    draft.claimWords(found.from, found.to)
    asked = { ...KINDS[found.kind], ...asked }
  }
  return asked
}
