import { phraseBook } from './phrases.ts'

/** The end of a range that a word like "above" gives. */
export type BoundKind = 'over' | 'from' | 'under' | 'to'

/** Words before an amount that make it a bound; those of {@link LINKS} between the two are left out. */
export const BEFORE = phraseBook<BoundKind>({
  over: 'acima, alem, mais, mais caro, mais caros, mais cara, mais caras, passa, passam, passe, passem, passar, passou, passaram, pasa, pasan, pasen, excede*, excedan, excedio, supera, superam, superou, superaram, supere, superem, superan, superen, supero, superaron, superar, superando, sobrepas*, ultrapass*, exceed*, top, tops, topped, topping, superior, superiores, maior, maiores, above, over, more, more expensive, greater, larger, higher, bigger, pricier, mas, mas caro, mas caros, mas cara, mas caras, mayor, mayores, encima, por encima, por arriba, north',
  from: 'a partir, partir, pelo menos, no minimo, ao menos, minimo, minima, um minimo, minimum, at least, starting, al menos, por lo menos, como minimo, desde, igual ou maior, igual ou superior, igual o mayor, igual o superior, maior ou igual, maiores ou iguais, mayor o igual, mayores o iguales, chega, chegam, chegue, cheguem, chegar, chegaram, alcanca*, atinge*, atinja*, atingir*, llega, llegan, lleguen, reach, reaches, reached, reaching',
  under:
    'abaixo, menos, menos caro, menos caros, inferior, inferiores, menor, menores, below, under, beneath, less, fewer, less expensive, smaller, lower, cheaper, por debajo, debajo, mais barato, mais baratos, mais barata, mais baratas, mas barato, mas baratos, mas barata, mas baratas, aquem',
  to: 'ate, no maximo, ao maximo, maximo, maximum, up to, at most, hasta, como maximo, a lo sumo, menor ou igual, menores ou iguais, menor o igual, igual ou menor, igual ou inferior',
})
/** Words behind an amount that make it a bound. */
export const AFTER = phraseBook<BoundKind>({
  from: 'ou mais, or more, o mas, pra cima, para cima, e acima, ou acima, em diante, and up, and above, and over, and more, or above, or over, or higher, no minimo, como minimo, en adelante, o superior, ou superior, y mas, e mais, at least, hacia arriba, para arriba',
  to: 'ou menos, or less, or under, or below, or lower, or fewer, o menos, e abaixo, ou abaixo, pra baixo, para baixo, no maximo, como maximo, and under, and below, and less, o inferior, ou inferior, at most',
})
/** Words between a bound and its amount. */
export const LINKS =
  /^(?:de|do|da|dos|das|del|que|a|al|o|os|as|el|la|los|las|the|than|of|to|at|on|in|em|en|valor|value|um|un|by)$/
