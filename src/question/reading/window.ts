import type { Where } from '../../protocol/plan.ts'
import { shifted, unitOf } from './calendar.ts'
import type { Draft } from './draft.ts'
import { countAt } from './number.ts'
import type { Named } from './period.ts'
import { phraseBook } from './phrases.ts'

type Kind = 'ends' | 'ended' | 'running' | 'soon'

const WORDS = phraseBook<Kind>({
  ends: 'pra vencer, para vencer, pra acabar, para acabar, pra terminar, a punto de vencer, a punto de terminar, a punto de acabar, about to end, about to expire, about to run out, a vencer, caducan, caduca, caducaran, extinguem, vencem, vencera, vencerao, vencendo, vence, vencimento, vencimentos, vencimiento, vencen, venceran, por vencer, proximos do fim, proximas do fim, proximo do fim, proximos do vencimento, proximos de vencer, expira, expiram, expirando, expiring, expire, expires, expiran, expiraran, perto de vencer, perto do vencimento, perto do fim, prestes a vencer, prestes a terminar, prestes a acabar, termina, terminam, terminan, terminando, terminaran, acaba, acabam, acaban, acabando, encerra, encerram, finaliza, finalizam, finalizan, coming to an end, coming to end, due to end, ending, end in, end on, end this, end next, end within, end before, end by, end soon, end after, ends in, ends on, ends this, ends next, ends within, ends before, ends by, ends soon, run out, runs out, running out, up for renewal, due to expire, que chegam ao fim, fim da vigencia, fim de vigencia, vigencia termina, vigencia acaba, vigencia vence, vigencia ate',
  ended:
    'vencido, vencidos, vencida, vencidas, ja vencidos, ja vencidas, expirado, expirados, expirada, expiradas, ja expirados, expired, already expired, encerrado, encerrados, encerrada, encerradas, ja encerrados, ended, already ended, terminado, terminados, terminada, terminadas, ya terminados, finished, caducado, caducados, caducada, caducadas, ja venceram, ja acabaram, ja terminaram, ja encerraram, have ended, has ended, have expired, has expired, have already ended, have already expired, ya vencieron, ya terminaron',
  running:
    'valendo, live, still live, estao valendo, ainda valendo, ainda estao valendo, vigente, vigentes, ainda vigentes, todavia vigentes, em vigor, em vigencia, em andamento, em execucao, en vigor, en curso, in force, active, still active, currently active, ongoing, ativo, ativos, ativa, ativas, activo, activos, activa, activas, in effect, still in force, ainda em vigor, still running, running',
  soon: 'em breve, logo, soon, pronto, proximamente, proximos dias, nos proximos dias',
})
/** Contracts, before verbs that are of suppliers too: "contracts that ended". */
const DONE =
  /^(?:venceram|venceu|terminaram|terminou|acabaram|acabou|encerraram|expiraram|expirou|ended|expired|vencieron|vencio|terminaron|termino|expiraron)$/
const THINGS = /^(?:contratos?|contracts?|compras?)$/
const BETWEEN_THINGS = /^(?:que|ja|have|ya|that|which|has)$/
const WITHIN =
  /^(?:em|no|nos|na|nas|dentro|de|do|dos|das|en|los|las|in|within|over|the|next|proximos|proximas|siguientes|upcoming|coming|ate|menos|less|than|under|daqui|a|um|period|prazo|periodo|o|os|as)$/
/** Words between an ending and the time within which it comes. */
const MOST_BETWEEN = 5
/** Days of the window in which contracts end, unless a message says how many. */
export const WINDOW_DAYS = 30

export type Window = Pick<Where, 'ends_from' | 'ends_to' | 'in_force_on'>

/** Reads "within 60 days" that begins at a place, and claims it; returns the last day. */
const within = (draft: Draft, from: number, today: string): string | undefined => {
  for (let at = from; at <= from + MOST_BETWEEN && at < draft.tokens.length; at++) {
    const count = countAt(draft, at)
    if (count) {
      const past = WITHIN.test(draft.word(count.to)) ? count.to + 1 : count.to
      const unit = unitOf(draft.word(past))
      if (!unit || !draft.isFree(past)) return undefined
      let begins = at
      while (begins > 0 && draft.isFree(begins - 1) && WITHIN.test(draft.word(begins - 1))) begins -= 1
      draft.claimWords(begins, past + 1)
      const { days, months } = unit
      return shifted(today, {
        ...(days ? { days: days * count.value } : {}),
        ...(months ? { months: months * count.value } : {}),
      })
    }
    if (!draft.isFree(at)) return undefined
  }
  return undefined
}

/**
 * Reads the window in which contracts end: "expiring within 60 days", "already ended", "in force". Where it says no
 * days, `endsIn` tells that a period of the message is that of the end.
 */
export const readWindow = (
  draft: Draft,
  today: string,
  aboutEnds: boolean,
): { window: Window; endsIn: boolean } => {
  const upTo = (to: string): Window => ({ ends_from: today, ends_to: to })
  const ended: Window = { ends_to: shifted(today, { days: -1 }) }
  for (const { at, word } of draft.tokens) {
    if (!DONE.test(word) || !draft.isFree(at)) continue
    let before = at - 1
    while (BETWEEN_THINGS.test(draft.word(before))) before -= 1
    // "Venceu algum contrato em 2024?"
    let after = at + 1
    while (/^(?:algum|alguns|alguma|nenhum|algun|alguno|any|o|os|el|los)$/.test(draft.word(after))) after += 1
    const follows =
      after > at + 1 &&
      THINGS.test(draft.word(after)) &&
      !/^(?:quem|quien|who|empresa)$/.test(draft.word(at - 1))
    if (follows) {
      draft.claimWords(at, after)
      return { window: ended, endsIn: true }
    }
    if (!THINGS.test(draft.word(before))) continue
    draft.claimWords(before + 1, at + 1)
    return { window: ended, endsIn: true }
  }
  if (aboutEnds) {
    for (const { at } of draft.tokens) {
      const count = WITHIN.test(draft.word(at - 1)) || at === 0 ? countAt(draft, at) : undefined
      const to = count && within(draft, at, today)
      if (to !== undefined) return { window: upTo(to), endsIn: false }
    }
  }
  for (const kind of ['ended', 'ends', 'running'] as const)
    for (const { at } of draft.tokens) {
      const found = WORDS.at(draft, at)
      if (found?.kind !== kind) continue
      draft.claimWords(found.from, found.to)
      if (kind === 'running') return { window: { in_force_on: today }, endsIn: false }
      // "Ended in 2025": the period is that of the end.
      if (kind === 'ended')
        return {
          window: ended,
          endsIn: /^(?:in|em|en|during|durante|between|entre|on)$/.test(draft.word(found.to)),
        }
      const to =
        within(draft, found.to, today) ?? within(draft, Math.max(0, found.from - MOST_BETWEEN), today)
      if (to !== undefined) return { window: upTo(to), endsIn: false }
      for (const other of draft.tokens) {
        const soon = WORDS.at(draft, other.at)
        if (soon?.kind === 'soon') draft.claimWords(soon.from, soon.to)
      }
      return { window: upTo(shifted(today, { days: WINDOW_DAYS })), endsIn: true }
    }
  return { window: {}, endsIn: false }
}

/** Returns a window with a period of the message as the days of the end, and the periods that are left. */
export const windowIn = (
  window: Window,
  endsIn: boolean,
  periods: readonly Named[],
  today: string,
): { window: Window; periods: readonly Named[] } => {
  const [first, ...others] = periods
  if (endsIn && first) {
    const { from, to } = first.period
    // Of what has ended, days to come are left out.
    const ended = window.ends_from === undefined ? window.ends_to : undefined
    if (ended !== undefined)
      return {
        window: {
          ...(from ? { ends_from: from } : {}),
          ends_to: to !== undefined && to < ended ? to : ended,
        },
        periods: others,
      }
    const since = from ?? (to !== undefined && to >= today ? today : undefined)
    return {
      window: { ...(since ? { ends_from: since } : {}), ...(to ? { ends_to: to } : {}) },
      periods: others,
    }
  }
  if (
    window.in_force_on !== undefined &&
    others.length === 0 &&
    first?.period.from !== undefined &&
    first.period.from === first.period.to
  )
    return { window: { in_force_on: first.period.from }, periods: [] }
  return { window, periods }
}
