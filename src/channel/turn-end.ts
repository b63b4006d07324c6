/** What is done at the end of an event-loop turn with all that came in it, in this order. */
const STEPS = ['publish', 'deliver', 'write'] as const
export type Step = (typeof STEPS)[number]

const waiting: Record<Step, (() => void)[]> = { publish: [], deliver: [], write: [] }
let scheduled: NodeJS.Immediate | undefined
/** Place of the step under way; past the last one when none is. */
let current: number = STEPS.length

/**
 * Runs `work`, which must not throw, at the end of this event-loop turn. What one step leads to in a later one is done
 * in the same breath: a token that is published is delivered and written without two more rounds of the loop.
 */
export const atTurnEnd = (step: Step, work: () => void): void => {
  waiting[step].push(work)
  if (scheduled !== undefined || STEPS.indexOf(step) > current) return
  scheduled = setImmediate(run)
}

/**
 * Does now what waits for the end of this turn: for whoever knows that nothing follows which could be joined with it,
 * as all that came in one read has been told. It spares a lone token a round of the loop.
 */
export const endTurn = (): void => {
  if (scheduled === undefined || current < STEPS.length) return
  clearImmediate(scheduled)
  run()
}

function run(): void {
  scheduled = undefined
  for (current = 0; current < STEPS.length; current++) {
    const step = STEPS[current] as Step
    const works = waiting[step]
    waiting[step] = []
    for (const work of works) work()
  }
}
