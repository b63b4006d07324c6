import prices from './prices.json' with { type: 'json' }
import type { Usage } from './provider.ts'

const PER = 1_000_000

const patterns = prices.prices.map(({ provider, model, prompt, completion }) => ({
  provider,
  model: new RegExp(`^(?:${model})$`),
  prompt,
  completion,
}))

/** What tokens of a model cost, in USD; 0 where the table knows no price. The first entry that matches counts. */
export const costOf = (provider: string, model: string | null, usage: Usage): number => {
  const price = patterns.find((entry) => entry.provider === provider && entry.model.test(model ?? ''))
  return price === undefined
    ? 0
    : (usage.promptTokens * price.prompt + usage.completionTokens * price.completion) / PER
}
