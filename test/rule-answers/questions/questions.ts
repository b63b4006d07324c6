import type { Asked } from './asked.ts'
import { AGAIN as ENGLISH_AGAIN } from './en-again.ts'
import { EACH as ENGLISH_EACH } from './en-each.ts'
import * as english from './en-figures.ts'
import { FRESH as ENGLISH_FRESH } from './en-fresh.ts'
import { LATER as ENGLISH_LATER } from './en-later.ts'
import * as englishOthers from './en-others.ts'
import { REACH as ENGLISH_REACH } from './en-reach.ts'
import { SLIPS as ENGLISH_SLIPS } from './en-slips.ts'
import { SPANS as ENGLISH_SPANS } from './en-spans.ts'
import { UNREHEARSED as ENGLISH_UNREHEARSED } from './en-unrehearsed.ts'
import { WIDER as ENGLISH_WIDER } from './en-wider.ts'
import { AGAIN as SPANISH_AGAIN } from './es-again.ts'
import { EACH as SPANISH_EACH } from './es-each.ts'
import * as spanish from './es-figures.ts'
import { FRESH as SPANISH_FRESH } from './es-fresh.ts'
import { LATER as SPANISH_LATER } from './es-later.ts'
import * as spanishOthers from './es-others.ts'
import { REACH as SPANISH_REACH } from './es-reach.ts'
import { SLIPS as SPANISH_SLIPS } from './es-slips.ts'
import { SPANS as SPANISH_SPANS } from './es-spans.ts'
import { UNREHEARSED as SPANISH_UNREHEARSED } from './es-unrehearsed.ts'
import { WIDER as SPANISH_WIDER } from './es-wider.ts'
import { AGAIN } from './pt-again.ts'
import { TALK, UNANSWERABLE } from './pt-beyond.ts'
import { COMPARING } from './pt-comparing.ts'
import { COUNTING } from './pt-counting.ts'
import { DAYS } from './pt-days.ts'
import { EACH } from './pt-each.ts'
import { FINDINGS } from './pt-findings.ts'
import { FOLLOWING } from './pt-following.ts'
import { FRESH } from './pt-fresh.ts'
import { LATER } from './pt-later.ts'
import { LEFT_OUT } from './pt-left-out.ts'
import { LISTING } from './pt-listing.ts'
import { RANKING } from './pt-ranking.ts'
import { REACH } from './pt-reach.ts'
import { SLIPS } from './pt-slips.ts'
import { SPANS } from './pt-spans.ts'
import { SPENDING } from './pt-spending.ts'
import { UNREHEARSED } from './pt-unrehearsed.ts'
import { WIDER } from './pt-wider.ts'
import type { TownRow } from './town.ts'
import { ASHFORD_VALE } from './town-en.ts'
import { VALDEFLORES } from './town-es.ts'
import { SANTA_LUCIA } from './town-pt.ts'

/** Questions of one language, about the contracts of one town. */
export interface Suite {
  language: 'pt' | 'es' | 'en'
  rows: readonly TownRow[]
  asked: readonly Asked[]
}

/** The suite of questions: three languages, each about a town of its own. */
export const SUITES: readonly Suite[] = [
  {
    language: 'pt',
    rows: SANTA_LUCIA,
    asked: [
      SPENDING,
      COUNTING,
      RANKING,
      LISTING,
      COMPARING,
      FINDINGS,
      FOLLOWING,
      UNANSWERABLE,
      TALK,
      LATER,
      FRESH,
      AGAIN,
      LEFT_OUT,
      DAYS,
      UNREHEARSED,
      WIDER,
      EACH,
      REACH,
      SLIPS,
      SPANS,
    ].flat(),
  },
  {
    language: 'es',
    rows: VALDEFLORES,
    asked: [
      spanish.FIGURES,
      spanishOthers.OTHERS,
      SPANISH_LATER,
      SPANISH_FRESH,
      SPANISH_AGAIN,
      SPANISH_UNREHEARSED,
      SPANISH_WIDER,
      SPANISH_EACH,
      SPANISH_REACH,
      SPANISH_SLIPS,
      SPANISH_SPANS,
    ].flat(),
  },
  {
    language: 'en',
    rows: ASHFORD_VALE,
    asked: [
      english.FIGURES,
      englishOthers.OTHERS,
      ENGLISH_LATER,
      ENGLISH_FRESH,
      ENGLISH_AGAIN,
      ENGLISH_UNREHEARSED,
      ENGLISH_WIDER,
      ENGLISH_EACH,
      ENGLISH_REACH,
      ENGLISH_SLIPS,
      ENGLISH_SPANS,
    ].flat(),
  },
]
