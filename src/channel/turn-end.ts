/** The steps that run at the end of an event-loop turn on everything that came in it, in this order. */
const STEPS = ['publish', 'bus', 'deliver', 'write'] as const
export type Step = (typeof STEPS)[number]

const waiting: Record<Step, (() => void)[]> = { publish: [], bus: [], deliver: [], write: [] }
let scheduled = false
/** Index of the running step; past the last one when none runs. */
let current: number = STEPS.length

/**
 * Runs `work`, which must not throw, at the end of this event-loop turn. Work that one step schedules for a later one
 * runs in the same turn: a token that is published is delivered and written without two more rounds of the loop.
 */
export const atTurnEnd = (step: Step, work: () => void): void => {
  waiting[step].push(work)
  if (scheduled || STEPS.indexOf(step) > current) return
  scheduled = true
  setImmediate(run)
}

function run(): void {
  scheduled = false
  for (current = 0; current < STEPS.length; current++) {
    const step = STEPS[current] as Step
    const works = waiting[step]
    waiting[step] = []
    for (const work of works) work()
  }
}
