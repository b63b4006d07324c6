import type { Problem } from '../errors.ts'
import type { Take } from './provider.ts'

/** Ends an attempt that the provider failed. */
export class AttemptFailure extends Error {
  readonly problem: Problem
  /** True where part of an answer was given, which another answer has to take back. */
  readonly isAnswered: boolean

  constructor(problem: Problem, isAnswered: boolean) {
    super(problem.message, { cause: problem })
    this.name = 'AttemptFailure'
    this.problem = problem
    this.isAnswered = isAnswered
  }
}

/** Ends an attempt that was not made, since the provider's breaker lets no request through. */
export class LeftAlone extends Error {
  constructor() {
    super('the breaker lets no request through')
    this.name = 'LeftAlone'
  }
}

/** Ends a request whose `take` threw, with that error as `cause`: no other provider is asked. */
export class Unwanted extends Error {
  constructor(cause: unknown) {
    super('no more of the answer is wanted', { cause })
    this.name = 'Unwanted'
  }
}

const refuse = (reason: unknown): never => {
  throw new Unwanted(reason)
}

/** Wraps `take` so that its errors differ from a provider's: they become an {@link Unwanted}. */
export const wanted =
  <P>(take: Take<P>): Take<P> =>
  (batch) => {
    try {
      return take(batch)?.catch(refuse)
    } catch (error) {
      return refuse(error)
    }
  }
