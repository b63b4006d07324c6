import { type TSchema, Type } from 'typebox'
import type { SettingError } from '../errors.ts'
import type { Price, ProviderSettings } from './provider.ts'
import { settingOf } from './setting-name.ts'
import { VENDORS, type VendorDescription, vendorNamed } from './vendors.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Name of the provider that answers from the service's own data. It comes last unless `LLM_PROVIDERS` orders
 * otherwise, and has no settings.
 */
const LOCAL = 'local'

/** Default of the longest wait for a first token. */
export const FIRST_TOKEN_TIMEOUT_MS = 30_000
/** Default of the longest wait for a whole answer, whose first token comes with its last. */
const WHOLE_TIMEOUT_MS = 120_000

const NAME = /^[a-z][a-z0-9_-]*$/
/** Matches characters that an HTTP header can carry; any other would surface as an error that quotes the key. */
const KEY = /^[\x21-\x7e]+$/

const variablesOf = ({
  name,
  baseUrlIs,
  modelIs = `model that ${name} is asked for`,
  ownSettings = {},
}: VendorDescription): Record<string, TSchema> => ({
  [settingOf(name, 'API_KEY')]: Type.Optional(Type.String({ description: `key of ${name}`, secret: true })),
  [settingOf(name, 'BASE_URL')]: Type.Optional(Type.String({ description: baseUrlIs })),
  [settingOf(name, 'MODEL')]: Type.Optional(Type.String({ description: modelIs })),
  [settingOf(name, 'STREAMING')]: Type.Boolean({
    default: true,
    description: `false asks ${name} for whole answers`,
  }),
  [settingOf(name, 'PRICE_INPUT')]: Type.Optional(
    Type.Number({
      description: `dollars for a million tokens that ${name} is sent; before the price table`,
    }),
  ),
  [settingOf(name, 'PRICE_OUTPUT')]: Type.Optional(
    Type.Number({ description: `dollars for a million tokens that ${name} answers with` }),
  ),
  ...Object.fromEntries(
    Object.entries(ownSettings).map(([setting, own]) => [settingOf(name, setting), Type.String({ ...own })]),
  ),
})

/**
 * The settings of the vendors that the service knows by name; any other name in `LLM_PROVIDERS` has the same ones.
 */
export const ProviderVariables: Readonly<Record<string, TSchema>> = Object.assign(
  {},
  ...VENDORS.map(variablesOf),
)

/** Reads a flag from a setting's text; undefined when it is no flag. */
export const flagOf = (text: string): boolean | undefined => {
  if (/^(true|1|yes|on)$/i.test(text)) return true
  return /^(false|0|no|off)$/i.test(text) ? false : undefined
}

/** Returns a variable's value; undefined when it is empty. */
const given = (env: Environment, key: string): string | undefined => env[key]?.trim() || undefined

/**
 * Reads the settings of the providers, in the order in which they are asked. No error quotes a value.
 * @param isTaken tells whether a variable is another setting of the service
 * @returns `order` includes `local`, `providers` does not
 */
export const readProviders = (
  env: Environment,
  isTaken: (variable: string) => boolean,
  vendors: readonly VendorDescription[] = VENDORS,
): { providers: ProviderSettings[]; order: string[]; errors: SettingError[] } => {
  const errors: SettingError[] = []
  const named = given(env, 'LLM_PROVIDERS')
    ?.split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  const configured = vendors.filter((vendor) => isConfigured(env, vendor)).map(({ name }) => name)
  const order = named ?? [...configured, LOCAL]
  const refuse: Refuse = (field, reason) => {
    errors.push({ field, reason })
  }

  const providers: ProviderSettings[] = []
  for (const [at, name] of order.entries()) {
    if (!NAME.test(name)) refuse('LLM_PROVIDERS', `${name} is no name of a provider`)
    else if (order.indexOf(name) !== at) refuse('LLM_PROVIDERS', `names ${name} twice`)
    else if (isTaken(settingOf(name, 'BASE_URL')))
      refuse('LLM_PROVIDERS', `${name} is the name of a data source`)
    else if (name !== LOCAL) providers.push(readProvider(env, vendorNamed(name, vendors), refuse))
  }
  return { providers, order, errors }
}

/** Returns the settings of which one is enough to want the vendor. */
const wantedBy = ({ keyless }: VendorDescription): readonly string[] =>
  keyless ? ['MODEL', 'BASE_URL', 'API_KEY'] : ['API_KEY', 'BASE_URL']

const isConfigured = (env: Environment, vendor: VendorDescription): boolean =>
  wantedBy(vendor).some((setting) => given(env, settingOf(vendor.name, setting)) !== undefined)

type Refuse = (field: string, reason: string) => void

/** Reads both prices, or none. */
const readPrice = (env: Environment, name: string, refuse: Refuse): Price | undefined => {
  const keys = [settingOf(name, 'PRICE_INPUT'), settingOf(name, 'PRICE_OUTPUT')] as const
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

const readProvider = (env: Environment, vendor: VendorDescription, refuse: Refuse): ProviderSettings => {
  const { name, ownSettings = {} } = vendor
  const read = (setting: string): string | undefined => given(env, settingOf(name, setting))
  const complain = (setting: string, reason: string): void => refuse(settingOf(name, setting), reason)
  const [apiKey, baseUrl, model] = [read('API_KEY'), read('BASE_URL'), read('MODEL')]
  const streamingFlag = flagOf(read('STREAMING') ?? 'true')
  const streaming = streamingFlag === true

  const needsAddress = vendor.baseUrl === undefined
  const isWanted = isConfigured(env, vendor)
  if (!isWanted) {
    const [setting = '', or = ''] = needsAddress && vendor.keyless ? ['BASE_URL', 'MODEL'] : wantedBy(vendor)
    complain(setting, `or ${settingOf(name, or)} is required, since LLM_PROVIDERS names ${name}`)
  } else if (needsAddress && baseUrl === undefined)
    complain('BASE_URL', `is required: ${name} has no address of its own`)
  if (vendor.model === undefined && model === undefined && isWanted)
    complain('MODEL', `is required: the ${vendor.modelIs ?? `model that ${name} is asked for`}`)
  if (apiKey !== undefined && !KEY.test(apiKey)) complain('API_KEY', 'must be printable ASCII without spaces')
  if (baseUrl !== undefined && !isBaseUrl(baseUrl))
    complain('BASE_URL', 'must be an http or https URL without user, query and fragment')
  if (streamingFlag === undefined) complain('STREAMING', 'must be true or false')

  const price = readPrice(env, name, refuse)
  const set = given(env, 'FIRST_TOKEN_TIMEOUT_MS')
  const wholeTimeoutMs = set === undefined ? WHOLE_TIMEOUT_MS : Number(set)
  const usualMs = vendor.firstTokenTimeoutMs ?? FIRST_TOKEN_TIMEOUT_MS
  const own = Object.entries(ownSettings).map(([setting, { default: fallback }]) => [
    setting,
    read(setting) ?? fallback,
  ])
  return {
    name,
    ...(apiKey !== undefined && { apiKey }),
    ...(baseUrl !== undefined && { baseUrl: baseUrl.replace(/\/+$/, '') }),
    ...(model !== undefined && { model }),
    streaming,
    ...(own.length > 0 && { own: Object.fromEntries(own) }),
    firstTokenTimeoutMs: !streaming ? wholeTimeoutMs : set === undefined ? usualMs : Number(set),
    wholeTimeoutMs,
    ...(price && { price }),
  }
}

const isBaseUrl = (text: string): boolean => {
  if (!/^https?:\/\/[^\s?#]+$/.test(text) || !URL.canParse(text)) return false
  const { username, password } = new URL(text)
  return username === '' && password === ''
}
