import type { Draft } from './draft.ts'

/** Days of the week by their ISO numbers, the second half of a Portuguese name left out where it stands alone. */
const DAYS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^(?:segundas? feiras?|lunes|mondays?)$/, [1]],
  [/^(?:tercas?(?: feiras?)?|martes|tuesdays?)$/, [2]],
  [/^(?:quartas? feiras?|miercoles|wednesdays?)$/, [3]],
  [/^(?:quintas? feiras?|jueves|thursdays?)$/, [4]],
  [/^(?:sextas? feiras?|viernes|fridays?)$/, [5]],
  [/^(?:sabados?|saturdays?)$/, [6]],
  [/^(?:domingos?|sundays?)$/, [7]],
  [
    /^(?:fim de semana|fins de semana|final de semana|finais de semana|fin de semana|fines de semana|weekends?)$/,
    [6, 7],
  ],
]
const NAMED =
  /\b(?:(?:segundas?|quartas?|quintas?|sextas?)[ -]feiras?|tercas?[ -]feiras?|lunes|martes|miercoles|jueves|viernes|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|sabados?|domingos?|(?:fim|fins|final|finais|fin|fines) de semana|weekends?)\b/
/** Words before a day of the week of which any is meant; "on Friday" and "na sexta" are one day. */
const ANY =
  /(?:^|\b(?:em|num|numa|aos|as|nos|nas|en|los|un|on|on a|on the|a|de|sobre|during|durante|any) |\b(?:em|en|on|aos?) (?:um |uma |un |a )?(?:dia de )?)$/
const LINKS = /^\W*(?:,|e|y|and|ou|or|o|u)\W*(?:em |num |aos |en |on |on a |a |um |un |los )?$/
/** One day of them: "sexta que vem", "last Friday". */
const ONE = /^\W*(?:que vem|que viene|passad|pasad|proxim|next|last|dia \d|,? ?\d)/
const ENDS = /\b(?:venc|termin|acab|encerr|expir|finaliz|ends?\b|ending|due\b)/

/** Reads the days of the week on which contracts were signed, "assinados em sábado ou domingo", and claims the words. */
export const readWeekdays = (draft: Draft): number[] | undefined => {
  const { folded } = draft
  if (ENDS.test(folded)) return undefined
  const days = new Set<number>()
  const spans: [number, number][] = []
  for (const found of folded.matchAll(new RegExp(NAMED.source, 'g'))) {
    const end = found.index + found[0].length
    const last = spans.at(-1)
    const isNext = last !== undefined && LINKS.test(folded.slice(last[1], found.index))
    const single = /^(?:mon|tues|wednes|thurs|fri|satur|sun)day$/.test(found[0])
    const before = folded.slice(0, found.index)
    const isAny = ANY.test(before) && !(single && /\bon $/.test(before) && !/\bor\b/.test(folded.slice(end)))
    if ((!isNext && !isAny) || ONE.test(folded.slice(end))) return undefined
    for (const [words, numbers] of DAYS)
      if (words.test(found[0].replace('-', ' '))) for (const one of numbers) days.add(one)
    spans.push([found.index, end])
  }
  for (const [start, end] of spans) draft.claimSpan(start, end)
  return days.size > 0 ? [...days].sort() : undefined
}
