/** Whether faults are repeated as often as a long night does: `npm run test:faults`. */
export const isLong = process.env.LONG_TESTS !== undefined

/** Gives the number of repetitions for this run: few in the test command, many in a long one. */
export const often = (few: number, many: number): number => (isLong ? many : few)

/** Length of a time box in which inputs are made and sent, in milliseconds: `FUZZ_SECONDS=240` in a long run. */
export const boxMs = often(6000, Number(process.env.FUZZ_SECONDS ?? 900) * 1000)
/** Number of inputs where they are counted: a million in a long run, unless `FUZZ_COUNT` says another. */
export const fuzzCount = (few: number): number => often(few, Number(process.env.FUZZ_COUNT ?? 1_000_000))
/** The seed of generated inputs: printed, so that `FUZZ_SEED` makes the same ones again. */
export const fuzzSeed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31)
