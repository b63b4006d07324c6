/** Whether faults are repeated as often as a long night does: `npm run test:faults`. */
export const isLong = process.env.LONG_TESTS !== undefined

/** Gives the number of repetitions for this run: few in the test command, many in a long one. */
export const often = (few: number, many: number): number => (isLong ? many : few)
