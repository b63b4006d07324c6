import type { AnswerDialect } from './answer.ts'
import type { ChatRequest, Price } from './provider.ts'
import { askWithoutRefused, type Refusable, type RefusableAsk } from './refusal.ts'
import { openUpstream, type Vendor } from './upstream.ts'

/** Where a vendor is, and how it is asked. */
export interface VendorOptions {
  name: string
  /** Without a path, unless the dialect says another. */
  baseUrl: string
  apiKey?: string | undefined
  /** Asked for when a request names none. */
  model: string
  /** False asks for whole answers; true when absent. */
  streaming?: boolean
  firstTokenTimeoutMs?: number
  price?: Price | undefined
  /** Called with the vendor's name for each line of its answers that is no JSON and was skipped. */
  onSkippedLine?: ((vendor: string) => void) | undefined
}

/** How a vendor wants to be asked, and what it answers. */
export interface Dialect {
  readonly refusables: Readonly<Record<string, Refusable>>
  askFor(request: ChatRequest, model: string): Omit<RefusableAsk, 'request'>
  readonly answer: AnswerDialect
}

/** A vendor that speaks a dialect, with connections of its own. */
export const vendorOf = (options: VendorOptions, { refusables, askFor, answer }: Dialect): Vendor => {
  const { name, apiKey, model: ownModel, firstTokenTimeoutMs, price, onSkippedLine } = options
  const upstream = openUpstream({ name, apiKey }, () => onSkippedLine?.(name))
  const ask = askWithoutRefused(upstream, refusables)
  return {
    name,
    model: ownModel,
    ...(firstTokenTimeoutMs !== undefined && { firstTokenTimeoutMs }),
    ...(price && { price }),
    async answer(request, taking) {
      const model = request.model ?? ownModel
      const reply = await ask({ ...askFor(request, model), request }, model, taking.signal)
      await upstream.read(reply, answer, taking)
    },
    close: upstream.close,
  }
}
