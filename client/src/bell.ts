/** Wakes all who wait for a change: several loops over one iterable, too. */
export class Bell {
  #waiting: (() => void)[] = []

  /** Resolves with the next {@link ring}. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }

  ring(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}
