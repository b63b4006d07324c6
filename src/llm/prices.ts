import prices from './prices.json' with { type: 'json' }
import type { Provider, Usage } from './provider.ts'

const PER = 1_000_000

const patterns = prices.prices.map(({ provider, model, prompt, completion }) => ({
  provider,
  model: new RegExp(`^(?:${model})$`),
  prompt,
  completion,
}))

/**
 * Returns the cost of a model's tokens in USD: by the provider's own price, else by the first entry of the table that
 * matches; 0 where neither exists.
 */
export const costOf = (
  { name, price: own }: Pick<Provider, 'name' | 'price'>,
  model: string | null,
  usage: Usage,
): number => {
  const price = own ?? patterns.find((entry) => entry.provider === name && entry.model.test(model ?? ''))
  return price === undefined
    ? 0
    : (usage.promptTokens * price.prompt + usage.completionTokens * price.completion) / PER
}
