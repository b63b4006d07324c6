import type { Where } from '../../protocol/plan.ts'
import { unitOf } from './calendar.ts'
import type { Draft } from './draft.ts'
import { numeralAt } from './number.ts'
import { phraseBook } from './phrases.ts'

type Bound = 'over' | 'from' | 'under' | 'to'

const BOUNDS = phraseBook<Bound>({
  over: 'mais de, mais que, mais do que, mas de, more than, longer than, over, above, acima de, superior a, superiores a, maior que, maior do que, maior a, mayor a, mayor que, por mais de, por mas de, for more than, for over, for longer than, superando, exceeding, exceeds',
  from: 'pelo menos, no minimo, ao menos, al menos, por lo menos, como minimo, at least, for at least, a partir de, minima de, minimo de',
  under:
    'menos de, menos que, menos do que, less than, shorter than, under, below, abaixo de, inferior a, inferiores a, menor que, menor do que, menor a, for less than, por menos de',
  to: 'ate, no maximo, hasta, como maximo, at most, up to, no more than, nao mais de, maxima de, maximo de',
})
/** Words for how long a contract runs. */
const RUNS =
  /^(?:dur[ao]|duram|duran|duraram|duraron|durar|dure|durem|duren|durou|duro|duracao|duracoes|duracion|prazos?|plazos?|vigencias?|lasts?|lasted|lasting|runs?|running|long|longer|shorter|length|lengths|duration|durations|term)$/
/** Words between such a word and the bound. */
const BETWEEN =
  /^(?:d[eoa]|del|com|con|with|for|por|of|than|that|e|is|are|sao|es|e|foi|contratual|contrato|contract|execucao)$/
/** A least part of a month: it leaves the bound itself out. */
const BEYOND = 0.01
const MONTHS: Readonly<Record<Bound, (months: number) => Where['months']>> = {
  over: (months) => ({ min: months + BEYOND }),
  from: (months) => ({ min: months }),
  under: (months) => ({ max: months - BEYOND }),
  to: (months) => ({ max: months }),
}

/** Reads how long contracts run, "com duração de mais de 2 anos", "lasting at least 18 months", and claims the words. */
export const readDuration = (draft: Draft): Where['months'] | undefined => {
  for (const { at } of draft.tokens) {
    const count = numeralAt(draft, at)
    const months = count && unitOf(draft.word(count.to))?.months
    if (!count || months === undefined || !Number.isInteger(count.value * months)) continue
    const bound = BOUNDS.before(draft, at)
    if (!bound) continue
    const unit = count.to
    let from = bound.from - 1
    while (from > 0 && BETWEEN.test(draft.word(from))) from -= 1
    const hasVerb = draft.isFree(from) && RUNS.test(draft.word(from))
    const past = /^(?:de|of|in)$/.test(draft.word(unit + 1)) ? unit + 2 : unit + 1
    const isBehind = draft.isFree(past) && RUNS.test(draft.word(past))
    const isLong =
      /^(?:longer|shorter)$/.test(draft.word(bound.from)) ||
      /^(?:longer|shorter)$/.test(draft.word(bound.from + 1))
    if (!hasVerb && !isBehind && !isLong) continue
    draft.claimWords(hasVerb ? from : bound.from, isBehind ? past + 1 : unit + 1)
    return MONTHS[bound.kind](count.value * months)
  }
  return undefined
}

const MEAN =
  /\b(?:duracao|duracion|prazo|plazo|vigencia|length|duration|term) (?:contratual )?(?:medi[oa]|promedio)\b|\b(?:average|mean|medi[oa]|promedio)(?: d[eao]| of(?: the)?)? (?:contract )?(?:duracao|duracion|prazo|plazo|vigencia|length|duration|term)s?\b|\b(?:quanto(?: tempo)? (?:duram|dura)|cuanto(?: tiempo)? (?:duran|dura))(?= .*\b(?:media|promedio|medio)\b)/
const ON_AVERAGE = /\b(?:em|en) (?:media|promedio)\b/

/** Tells whether the mean length of contracts is asked for, and claims its words. */
export const readMeanDuration = (draft: Draft): boolean => {
  const found = draft.take(MEAN)
  if (found) draft.take(ON_AVERAGE)
  return found !== undefined
}
