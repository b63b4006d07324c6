/**
 * `npm run release:check [-- --only a,b | --without a,b]` goes through the checklist of `docs/release.md`. It prints a line
 * for each step, `ok`, `failed` or `skipped` with what there is to say, and ends with 1 when a step has failed.
 */
import { parseArgs } from 'node:util'
import { failed, type Step } from './step.ts'
import { STEPS } from './steps.ts'

const { values } = parseArgs({ options: { only: { type: 'string' }, without: { type: 'string' } } })
const named = (list: string | undefined): string[] => list?.split(',').filter(Boolean) ?? []
const [only, without] = [named(values.only), named(values.without)]
const unknown = [...only, ...without].find((name) => !STEPS.some((step) => step.name === name))
if (unknown !== undefined)
  throw new Error(`${unknown} is no step; there are ${STEPS.map(({ name }) => name).join(', ')}`)

const look = async (step: Step) => {
  try {
    return await step.run({ root: process.cwd() })
  } catch (error) {
    const [first = '', ...details] = String((error as Error).message).split('\n')
    return failed(first, details)
  }
}

const left = STEPS.filter(({ name }) => (only.length === 0 || only.includes(name)) && !without.includes(name))
for (const step of left) {
  const { state, told, details = [] } = await look(step)
  console.log(`${state.padEnd(7)} ${step.name}: ${told}`)
  for (const line of details) console.log(`        ${line}`)
  if (state === 'failed') process.exitCode = 1
}
if (left.length < STEPS.length)
  console.log(`${STEPS.length - left.length} of ${STEPS.length} steps were left out`)
