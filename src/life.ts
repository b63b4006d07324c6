/** A part of the service that works between its start and its stop. */
export interface Life {
  /** Begins the work; resolves once the parts behind it in the list may rely on it. */
  start?(): unknown
  /**
   * Ends the work; resolves once none of it is under way.
   * @param graceMs time for which clients may be served to their end, in ms
   */
  stop?(graceMs: number): unknown
}

/** All parts that work, as one. */
export interface WholeLife {
  start(): Promise<void>
  stop(graceMs: number): Promise<void>
}

/** A part, or several that start and stop at the same time. */
export type LifeStep = Life | readonly Life[]

const partsOf = (step: LifeStep): readonly Life[] => ('length' in step ? step : [step])

/** Stops every step, the last one first; the failure of one does not keep the others from stopping. */
const stopBackwards = async (steps: readonly LifeStep[], graceMs: number): Promise<void> => {
  const failures: unknown[] = []
  for (const step of steps.toReversed()) {
    const results = await Promise.allSettled(partsOf(step).map(async (part) => part.stop?.(graceMs)))
    for (const result of results) if (result.status === 'rejected') failures.push(result.reason)
  }
  if (failures.length > 1) throw new AggregateError(failures, 'Several parts could not be stopped')
  if (failures.length === 1) throw failures[0]
}

/**
 * Joins parts to one that starts them in their order and stops them in the reverse one. A start that fails stops the
 * parts in front of it, so a part that holds something before its start must come before all that can fail. Stopping
 * a second time waits for the first.
 *
 * @example
 * const service = lifeOf([{ stop: () => store.close() }, [clients, streams]])
 * await service.start()
 * await service.stop(25_000) // clients and streams together, then the store
 */
export const lifeOf = (steps: readonly LifeStep[]): WholeLife => {
  let stopping: Promise<void> | undefined
  const stop = (graceMs: number, from: readonly LifeStep[] = steps): Promise<void> => {
    stopping ??= stopBackwards(from, graceMs)
    return stopping
  }
  return {
    async start() {
      for (const [at, step] of steps.entries()) {
        try {
          await Promise.all(partsOf(step).map(async (part) => part.start?.()))
        } catch (error) {
          await stop(0, steps.slice(0, at)).catch(() => undefined)
          throw error
        }
      }
    },
    stop: (graceMs) => stop(graceMs),
  }
}
