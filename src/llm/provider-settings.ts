import { type TSchema, Type } from 'typebox'
import type { SettingError } from '../errors.ts'
import type { Price, ProviderSettings } from './provider.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Vendors that the settings know by name, in the order in which they are asked unless `LLM_PROVIDERS` says another. */
const VENDOR_NAMES = [
  'openai',
  'azure',
  'anthropic',
  'gemini',
  'xai',
  'maritaca',
  'ollama',
  'lmstudio',
] as const

/** Answers from the service's own data, last unless `LLM_PROVIDERS` says another; it has no settings. */
const LOCAL = 'local'

/** Vendors that need no key, so that an address or a model alone says they are wanted. */
const KEYLESS = new Set<string>(['ollama', 'lmstudio'])

/** Unless set. */
export const FIRST_TOKEN_TIMEOUT_MS = 30_000
/** Of lmstudio, which loads its model first, and of whole answers, whose first token comes with the last. */
const LONG_FIRST_TOKEN_TIMEOUT_MS = 120_000

const AZURE_API_VERSION = '2024-10-21'

const NAME = /^[a-z][a-z0-9_-]*$/
/** What an HTTP header can carry; anything else would surface as an error that quotes the key. */
const KEY = /^[\x21-\x7e]+$/

const prefixOf = (name: string): string => name.toUpperCase().replaceAll('-', '_')

const variablesOf = (name: string): Record<string, TSchema> => {
  const prefix = prefixOf(name)
  return {
    [`${prefix}_API_KEY`]: Type.Optional(Type.String({ description: `key of ${name}` })),
    [`${prefix}_BASE_URL`]: Type.Optional(
      Type.String({ description: BASE_URL_OF[name] ?? `where ${name} is` }),
    ),
    [`${prefix}_MODEL`]: Type.Optional(
      Type.String({
        description:
          name === 'azure' ? 'deployment that azure is asked for' : `model that ${name} is asked for`,
      }),
    ),
    [`${prefix}_STREAMING`]: Type.Boolean({
      default: true,
      description: `false asks ${name} for whole answers`,
    }),
    [`${prefix}_PRICE_INPUT`]: Type.Optional(
      Type.Number({
        description: `dollars for a million tokens that ${name} is sent; before the price table`,
      }),
    ),
    [`${prefix}_PRICE_OUTPUT`]: Type.Optional(
      Type.Number({ description: `dollars for a million tokens that ${name} answers with` }),
    ),
  }
}

const BASE_URL_OF: Readonly<Record<string, string>> = {
  openai: 'where openai is, when not at its vendor; ends in /v1',
  xai: 'where xai is, when not at its vendor; ends in /v1',
  lmstudio: 'where lmstudio is, when not on port 1234 here; ends in /v1',
  maritaca: 'where maritaca is, when not at its vendor; ends in /api',
  ollama: 'where ollama is, when not on port 11434 here; without a path',
  azure: 'address of the azure resource, without a path',
  anthropic: 'where anthropic is, when not at its vendor; without a path',
  gemini: 'where gemini is, when not at its vendor; without a path',
}

/** The variables of the vendors that the settings know by name; any other that `LLM_PROVIDERS` names has the like. */
export const ProviderVariables: Readonly<Record<string, TSchema>> = Object.assign(
  {},
  ...VENDOR_NAMES.map(variablesOf),
  {
    AZURE_API_VERSION: Type.String({
      default: AZURE_API_VERSION,
      description: 'api-version that azure is asked with',
    }),
  },
)

/** What the text of a setting says of a flag; undefined when it says nothing of one. */
export const flagOf = (text: string): boolean | undefined => {
  if (/^(true|1|yes|on)$/i.test(text)) return true
  return /^(false|0|no|off)$/i.test(text) ? false : undefined
}

const isVendor = (name: string): boolean => (VENDOR_NAMES as readonly string[]).includes(name)

/** An empty variable counts as unset. */
const given = (env: Environment, key: string): string | undefined => env[key]?.trim() || undefined

/**
 * Which providers there are, in the order in which they are asked. No error quotes a value.
 * @param isTaken whether a variable is another setting of the service
 * @returns `order` names `local` too, `providers` does not hold it
 */
export const readProviders = (
  env: Environment,
  isTaken: (variable: string) => boolean,
): { providers: ProviderSettings[]; order: string[]; errors: SettingError[] } => {
  const errors: SettingError[] = []
  const named = given(env, 'LLM_PROVIDERS')
    ?.split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  const order = named ?? [...VENDOR_NAMES.filter((name) => isConfigured(env, name)), LOCAL]
  const refuse: Refuse = (field, reason) => {
    errors.push({ field, reason })
  }

  const providers: ProviderSettings[] = []
  for (const [at, name] of order.entries()) {
    const prefix = prefixOf(name)
    if (!NAME.test(name)) refuse('LLM_PROVIDERS', `${name} is no name of a provider`)
    else if (order.indexOf(name) !== at) refuse('LLM_PROVIDERS', `names ${name} twice`)
    else if (isTaken(`${prefix}_BASE_URL`)) refuse('LLM_PROVIDERS', `${name} is the name of a data source`)
    else if (name !== LOCAL) providers.push(readProvider(env, name, refuse))
  }
  return { providers, order, errors }
}

const isConfigured = (env: Environment, name: string): boolean => {
  const prefix = prefixOf(name)
  const needsKey = isVendor(name) && !KEYLESS.has(name)
  return [`${prefix}_API_KEY`, `${prefix}_BASE_URL`, ...(needsKey ? [] : [`${prefix}_MODEL`])].some(
    (key) => given(env, key) !== undefined,
  )
}

type Refuse = (field: string, reason: string) => void

/** Both prices, or none. */
const readPrice = (env: Environment, prefix: string, refuse: Refuse): Price | undefined => {
  const keys = [`${prefix}_PRICE_INPUT`, `${prefix}_PRICE_OUTPUT`] as const
  const texts = keys.map((key) => given(env, key))
  if (texts.every((text) => text === undefined)) return undefined
  for (const [at, key] of keys.entries()) {
    const text = texts[at]
    if (text === undefined) refuse(key, `is required beside ${keys[1 - at]}`)
    else if (!/^\d{1,9}(\.\d+)?$/.test(text)) refuse(key, 'must be dollars for a million tokens, like 0.25')
  }
  const [prompt, completion] = texts.map(Number) as [number, number]
  return { prompt, completion }
}

const readProvider = (env: Environment, name: string, refuse: Refuse): ProviderSettings => {
  const prefix = prefixOf(name)
  const apiKey = given(env, `${prefix}_API_KEY`)
  const baseUrl = given(env, `${prefix}_BASE_URL`)
  const model = given(env, `${prefix}_MODEL`)
  const streamingFlag = flagOf(given(env, `${prefix}_STREAMING`) ?? 'true')
  const streaming = streamingFlag === true

  if (!isConfigured(env, name)) {
    const [key, or] = !isVendor(name)
      ? ['BASE_URL', 'MODEL']
      : KEYLESS.has(name)
        ? ['MODEL', 'BASE_URL']
        : ['API_KEY', 'BASE_URL']
    refuse(`${prefix}_${key}`, `or ${prefix}_${or} is required, since LLM_PROVIDERS names ${name}`)
  } else if ((name === 'azure' || !isVendor(name)) && baseUrl === undefined)
    refuse(`${prefix}_BASE_URL`, `is required: ${name} has no address of its own`)
  if (name === 'azure' && model === undefined && isConfigured(env, name))
    refuse('AZURE_MODEL', 'is required: azure is asked for a deployment')
  if (apiKey !== undefined && !KEY.test(apiKey))
    refuse(`${prefix}_API_KEY`, 'must be printable ASCII without spaces')
  if (baseUrl !== undefined && !isBaseUrl(baseUrl))
    refuse(`${prefix}_BASE_URL`, 'must be an http or https URL without user, query and fragment')
  if (streamingFlag === undefined) refuse(`${prefix}_STREAMING`, 'must be true or false')

  const price = readPrice(env, prefix, refuse)
  const set = given(env, 'FIRST_TOKEN_TIMEOUT_MS')
  const usual = name === 'lmstudio' || !streaming ? LONG_FIRST_TOKEN_TIMEOUT_MS : FIRST_TOKEN_TIMEOUT_MS
  return {
    name,
    ...(apiKey !== undefined && { apiKey }),
    ...(baseUrl !== undefined && { baseUrl: baseUrl.replace(/\/+$/, '') }),
    ...(model !== undefined && { model }),
    streaming,
    ...(name === 'azure' && { apiVersion: given(env, 'AZURE_API_VERSION') ?? AZURE_API_VERSION }),
    firstTokenTimeoutMs: set === undefined ? usual : Number(set),
    ...(price && { price }),
  }
}

const isBaseUrl = (text: string): boolean => {
  if (!/^https?:\/\/[^\s?#]+$/.test(text) || !URL.canParse(text)) return false
  const { username, password } = new URL(text)
  return username === '' && password === ''
}
