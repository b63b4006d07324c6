import { anthropic } from './anthropic.ts'
import type { VendorOptions } from './dialect.ts'
import { gemini } from './gemini.ts'
import { ollama } from './ollama.ts'
import { azure, openAiCompatible } from './openai-compatible.ts'
import type { ProviderSettings } from './provider.ts'
import type { Vendor } from './upstream.ts'

/** A setting that one vendor alone has. */
export interface OwnSetting {
  readonly default: string
  readonly description: string
}

/**
 * One vendor as the settings and the router know it. Its name is the prefix of its settings in capitals, and its key
 * in the price table.
 */
export interface VendorDescription {
  readonly name: string
  /** Opens it in its dialect. */
  open(options: VendorOptions): Vendor
  /** The vendor's own address as a setting would give it; absent where every customer has another. */
  readonly baseUrl?: string
  /** Text that describes the setting of its address. */
  readonly baseUrlIs: string
  /** Model when the settings name none; absent where they must. */
  readonly model?: string
  readonly modelIs?: string
  /** True where it needs no key, so that an address or a model alone is enough to want it. */
  readonly keyless?: boolean
  /** Default of the longest wait for the first token in milliseconds; the settings' default when absent. */
  readonly firstTokenTimeoutMs?: number
  /** Settings that only this vendor has, by their names without its prefix. */
  readonly ownSettings?: Readonly<Record<string, OwnSetting>>
}

/** Opens Ollama at its own interface where the address ends in `/api`, else at its OpenAI path. */
const openOllama = (options: VendorOptions): Vendor => {
  const { baseUrl } = options
  return /\/api\/*$/.test(baseUrl)
    ? ollama(options)
    : openAiCompatible({ ...options, baseUrl: `${baseUrl.replace(/(\/v1)?\/*$/, '')}/v1` })
}

/**
 * The vendors that the settings know by name, in the order in which they are asked unless `LLM_PROVIDERS` says another:
 * document 000 falls back from Grok to Gemini to Ollama;
 * with the vendor's own address, and a model that it has had for long or an alias that follows its newest. LM Studio
 * answers with the model that is loaded, whatever the name, and loads it first.
 */
export const VENDORS: readonly VendorDescription[] = [
  {
    name: 'openai',
    open: openAiCompatible,
    baseUrl: 'https://api.openai.com/v1',
    baseUrlIs: 'where openai is, when not at its vendor; ends in /v1',
    model: 'gpt-5-mini',
  },
  {
    name: 'azure',
    open: azure,
    baseUrlIs: 'address of the azure resource, without a path',
    modelIs: 'deployment that azure is asked for',
    ownSettings: {
      API_VERSION: { default: '2024-10-21', description: 'api-version that azure is asked with' },
    },
  },
  {
    name: 'anthropic',
    open: anthropic,
    baseUrl: 'https://api.anthropic.com',
    baseUrlIs: 'where anthropic is, when not at its vendor; without a path',
    model: 'claude-sonnet-4-6',
  },
  {
    name: 'xai',
    open: openAiCompatible,
    baseUrl: 'https://api.x.ai/v1',
    baseUrlIs: 'where xai is, when not at its vendor; ends in /v1',
    model: 'grok-4',
  },
  {
    name: 'gemini',
    open: gemini,
    baseUrl: 'https://generativelanguage.googleapis.com',
    baseUrlIs: 'where gemini is, when not at its vendor; without a path',
    model: 'gemini-flash-latest',
  },
  {
    name: 'maritaca',
    open: openAiCompatible,
    baseUrl: 'https://chat.maritaca.ai/api',
    baseUrlIs: 'where maritaca is, when not at its vendor; ends in /api',
    model: 'sabia-3.1',
  },
  {
    name: 'ollama',
    open: openOllama,
    baseUrl: 'http://127.0.0.1:11434',
    baseUrlIs:
      'where ollama is, when not on port 11434 here; without a path, or ending in /api for its own interface',
    model: 'llama3.2',
    keyless: true,
  },
  {
    name: 'lmstudio',
    open: openAiCompatible,
    baseUrl: 'http://127.0.0.1:1234/v1',
    baseUrlIs: 'where lmstudio is, when not on port 1234 here; ends in /v1',
    model: 'local-model',
    keyless: true,
    firstTokenTimeoutMs: 120_000,
  },
]

/**
 * Returns the description of a server whose name is no vendor's: it speaks OpenAI's chat completions at an address of
 * its own, and, serving one model, takes any name for it.
 */
const compatibleServer = (name: string): VendorDescription => ({
  name,
  open: openAiCompatible,
  baseUrlIs: `where ${name} is`,
  model: 'default',
  keyless: true,
})

/** Returns the vendor of a name; for a name that is no vendor's, an OpenAI-compatible server. */
export const vendorNamed = (
  name: string,
  vendors: readonly VendorDescription[] = VENDORS,
): VendorDescription => vendors.find((vendor) => vendor.name === name) ?? compatibleServer(name)

/** The parts of the service that every vendor receives. */
export type VendorSurroundings = Pick<VendorOptions, 'openDispatcher' | 'onSkippedLine'>

/**
 * Opens the vendor that settings describe.
 * @throws {TypeError} no base URL or no model where the vendor has none of its own
 */
export const openVendor = (
  settings: ProviderSettings,
  surroundings: VendorSurroundings = {},
  vendors?: readonly VendorDescription[],
): Vendor => {
  const { name } = settings
  const vendor = vendorNamed(name, vendors)
  const { baseUrl = vendor.baseUrl, model = vendor.model } = settings
  if (baseUrl === undefined || model === undefined)
    throw new TypeError(`${name} has no base URL or no model of its own`)
  return vendor.open({ ...settings, ...surroundings, baseUrl, model })
}
