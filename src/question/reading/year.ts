import type { Draft } from './draft.ts'

const OF = /^(?:de|do|da|del|of|d|em|in|en|no|na|the|o|el|ano|year|exercicio|ejercicio)$/

export const yearAt = (draft: Draft, at: number): number | undefined =>
  draft.isFree(at) && /^(?:19|20)\d\d$/.test(draft.word(at)) ? Number(draft.word(at)) : undefined

/** Returns the year behind a month or part, with the words that bind it: "de 2023", "del año 2023", "2023". */
export const yearBehind = (draft: Draft, at: number): { year: number; end: number } | undefined => {
  let place = at
  if (/^[/ .,-]*$/.test(draft.gap(place)) || OF.test(draft.word(place)))
    while (OF.test(draft.word(place)) && draft.isFree(place) && place < at + 4) place += 1
  const year = yearAt(draft, place)
  if (year !== undefined && !/[;!?]/.test(draft.gap(place)) && !isNumeric(draft, place + 1))
    return { year, end: place + 1 }
  const [, short] = place === at && /^\/$/.test(draft.gap(at)) ? (/^(\d\d)$/.exec(draft.word(at)) ?? []) : []
  return short === undefined ? undefined : { year: 2000 + Number(short), end: at + 1 }
}

/** Do digits follow that belong to the same number: "2023/11"? */
export const isNumeric = (draft: Draft, at: number): boolean =>
  /^[/-]$/.test(draft.gap(at)) && /^\d/.test(draft.word(at))
