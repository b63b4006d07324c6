import { anthropic } from './anthropic.ts'
import { gemini } from './gemini.ts'
import { ollama } from './ollama.ts'
import { openAiCompatible } from './openai-compatible.ts'
import type { ProviderSettings } from './provider.ts'
import type { Vendor } from './upstream.ts'

interface VendorDefaults {
  /** As settings would give it; none where every customer has an address of their own. */
  readonly baseUrl?: string
  /** Asked when settings name none. */
  readonly model: string
}

/**
 * The vendors' own addresses, and a model that each has had for long or an alias that follows its newest. LM Studio
 * answers with the model that is loaded, whatever the name.
 */
export const VENDOR_DEFAULTS: Readonly<Record<string, VendorDefaults>> = {
  openai: { baseUrl: 'https://api.openai.com/v1', model: 'gpt-5-mini' },
  azure: { model: 'default' },
  anthropic: { baseUrl: 'https://api.anthropic.com', model: 'claude-sonnet-4-6' },
  gemini: { baseUrl: 'https://generativelanguage.googleapis.com', model: 'gemini-flash-latest' },
  xai: { baseUrl: 'https://api.x.ai/v1', model: 'grok-4' },
  maritaca: { baseUrl: 'https://chat.maritaca.ai/api', model: 'sabia-3.1' },
  ollama: { baseUrl: 'http://127.0.0.1:11434', model: 'llama3.2' },
  lmstudio: { baseUrl: 'http://127.0.0.1:1234/v1', model: 'local-model' },
}

/** What a vendor of no known name is asked for when settings name no model: servers of one model take any. */
const UNKNOWN: VendorDefaults = { model: 'default' }

/**
 * The vendor that settings describe; any name that is no vendor's speaks OpenAI's chat completions.
 * @throws {TypeError} no base URL where the vendor has none of its own
 */
export const openVendor = (settings: ProviderSettings, onSkippedLine?: (vendor: string) => void): Vendor => {
  const { name, apiKey, streaming, apiVersion, firstTokenTimeoutMs, price } = settings
  const defaults = (Object.hasOwn(VENDOR_DEFAULTS, name) && VENDOR_DEFAULTS[name]) || UNKNOWN
  const baseUrl = settings.baseUrl ?? defaults.baseUrl
  if (baseUrl === undefined) throw new TypeError(`${name} has no base URL`)
  const options = {
    name,
    baseUrl,
    apiKey,
    model: settings.model ?? defaults.model,
    streaming,
    firstTokenTimeoutMs,
    price,
    onSkippedLine,
  }
  switch (name) {
    case 'anthropic':
      return anthropic(options)
    case 'gemini':
      return gemini(options)
    case 'azure':
      return openAiCompatible({ ...options, kind: 'azure', apiVersion })
    case 'ollama':
      if (/\/api\/*$/.test(baseUrl)) return ollama(options)
      return openAiCompatible({ ...options, baseUrl: `${baseUrl.replace(/(\/v1)?\/*$/, '')}/v1` })
    default:
      return openAiCompatible(options)
  }
}
