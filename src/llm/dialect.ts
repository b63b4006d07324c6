import type { Agent, Dispatcher } from 'undici'
import { type Adaptation, adaptTo, type Form } from './adaptation.ts'
import type { AnswerDialect } from './answer.ts'
import type { ChatRequest, Price } from './provider.ts'
import { settingOf } from './setting-name.ts'
import { type Ask, openUpstream, type Vendor } from './upstream.ts'

/** The settings of one vendor: its address, its key, its model. */
export interface VendorOptions {
  name: string
  /** Without a path, unless the dialect says another. */
  baseUrl: string
  apiKey?: string | undefined
  /** Model of a request that names none. */
  model: string
  /** False to request whole answers. Default true. */
  streaming?: boolean
  firstTokenTimeoutMs?: number
  /** Longest wait for the first token of a whole answer, which comes with its last. */
  wholeTimeoutMs?: number
  price?: Price | undefined
  /** Settings that only this vendor has, by their names without its prefix. */
  own?: Readonly<Record<string, string>>
  /** Called with the vendor's name for each line of its answers that is no JSON and was skipped. */
  onSkippedLine?: ((vendor: string) => void) | undefined
  /** Opens its connections, through a proxy where there is one; direct ones when absent. */
  openDispatcher?: ((options: Agent.Options) => Dispatcher) | undefined
}

/** The requests and answers of one kind of vendor. */
export interface Dialect {
  /**
   * The forms of a request that servers and models are known to refuse; the first that a refusal names is changed.
   */
  readonly adaptations: readonly Adaptation[]
  /** Returns one request to the vendor. */
  askFor(request: ChatRequest, model: string, form: Form): Ask
  readonly answer: AnswerDialect
}

/** Opens a vendor that speaks a dialect, with connections of its own. */
export const vendorOf = (options: VendorOptions, dialect: Dialect): Vendor => {
  const { name, apiKey, model: ownModel, streaming = true, price, onSkippedLine } = options
  const { firstTokenTimeoutMs, wholeTimeoutMs = firstTokenTimeoutMs, openDispatcher } = options
  const site = { name, apiKey, keySetting: settingOf(name, 'API_KEY') }
  const upstream = openUpstream(site, { openDispatcher, onSkippedLine: () => onSkippedLine?.(name) })
  const adapted = adaptTo(upstream, dialect, streaming)
  return {
    name,
    model: ownModel,
    firstTokenTimeoutMs: (model) =>
      adapted.isWhole(model ?? ownModel) ? wholeTimeoutMs : firstTokenTimeoutMs,
    ...(price && { price }),
    adapted: () => adapted.adapted,
    async answer(request, taking) {
      const reply = await adapted.ask(request, request.model ?? ownModel, taking.signal)
      await upstream.read(reply, dialect.answer, taking)
    },
    close: upstream.close,
  }
}
