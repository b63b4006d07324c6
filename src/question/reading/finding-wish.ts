import type { Hearing, Wish } from './hearing.ts'

const AT_STAKE =
  /\b(?:em jogo|en juego|at stake|em risco|at risk|en riesgo|impacto|impact|prejuizo|perjuicio|envolvid[oa]s?|involucrad[oa]s?|involved)\b/
const SUSPECTED = /\b(?:sob suspeita|under suspicion|bajo sospecha)\b/
const EXPLAIN =
  /\b(?:expl[ai]\p{L}+|por ?que|why|porque|detalh\p{L}+|detail\p{L}*|detalle\p{L}*|entend\p{L}+|understand|mais sobre|mas sobre|more about|tell me about|fale sobre|conte)\b/u

/** Returns what a message asks of findings; undefined where it is not about them. */
export const findingWish = ({ parts, words, text, where, most, finish }: Hearing): Wish | undefined => {
  const { any } = words
  if (!(any('findings') || where.anomaly_type || where.severity)) return undefined
  const { place, count, group: grouping } = parts
  const group = grouping?.group
  if (any('howmany') || group)
    return finish({ of: 'findings', measure: 'count', ...(group ? { group } : {}) })
  if (place !== undefined || (EXPLAIN.test(text) && !any('list')))
    return finish({ of: 'findings', measure: 'summary', place: place ?? 1 })
  if ((AT_STAKE.test(text) || SUSPECTED.test(text)) && any('howmuch', 'value'))
    return finish({ of: 'findings', measure: 'sum' })
  const order =
    AT_STAKE.test(text) || (any('value') && most) ? ({ by: 'value', direction: 'desc' } as const) : undefined
  return finish({ of: 'findings', measure: 'list', limit: count, ...(order ? { order } : {}) })
}
