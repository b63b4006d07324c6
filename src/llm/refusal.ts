import { VendorFailure } from './failure.ts'
import type { ChatRequest } from './provider.ts'
import type { Ask, Reply, Upstream } from './upstream.ts'

type Body = Readonly<Record<string, unknown>>

/** A request whose body can be asked without some of its fields. */
export type RefusableAsk = Ask & { readonly body: Body; readonly request: ChatRequest }

/** A field that some servers and models refuse: how they name it, and the same request without it. */
export interface Refusable {
  readonly named: RegExp
  /** Whether every model of the vendor refuses it alike. */
  readonly byVendor?: boolean
  readonly without: (body: Body, request: ChatRequest) => Body
}

/** Refusals that are remembered; callers choose models, so there could be any number. */
const MAX_REMEMBERED = 1000

/** The field of a request that a server has refused by name. */
const refusedField = (
  error: unknown,
  body: Body,
  refusables: Readonly<Record<string, Refusable>>,
): string | undefined => {
  const failure = error instanceof Error ? error.cause : undefined
  if (!(failure instanceof VendorFailure) || (failure.status !== 400 && failure.status !== 422))
    return undefined
  return Object.keys(refusables).find(
    (field) => body[field] !== undefined && refusables[field]?.named.test(failure.said),
  )
}

/**
 * Asks, and once more without what the server refused by name with a 400 or 422; what helped is left out from then on.
 * The returned function rejects as {@link Upstream.ask} does.
 */
export const askWithoutRefused = (
  upstream: Upstream,
  refusables: Readonly<Record<string, Refusable>>,
): ((ask: RefusableAsk, model: string, signal: AbortSignal) => Promise<Reply>) => {
  const remembered = new Set<string>()
  const memoOf = (field: string, model: string): string =>
    refusables[field]?.byVendor ? field : `${field} of ${model}`

  return async (ask, model, signal) => {
    let body = ask.body
    for (const [field, { without }] of Object.entries(refusables)) {
      if (body[field] !== undefined && remembered.has(memoOf(field, model))) body = without(body, ask.request)
    }
    const left: string[] = []
    for (;;) {
      try {
        const reply = await upstream.ask({ ...ask, body }, signal)
        if (remembered.size < MAX_REMEMBERED) for (const field of left) remembered.add(memoOf(field, model))
        return reply
      } catch (error) {
        const field = refusedField(error, body, refusables)
        const refusable = field === undefined ? undefined : refusables[field]
        if (field === undefined || !refusable) throw error
        left.push(field)
        body = refusable.without(body, ask.request)
      }
    }
  }
}
