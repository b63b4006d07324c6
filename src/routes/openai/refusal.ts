import type { FastifyReply, FastifyRequest } from 'fastify'
import { ERRORS } from '../../errors.ts'
import { logProblem, sendOwnProblem } from '../../plugins/problem.ts'
import { openAiError } from '../../vocabulary/openai.ts'

/** Answers with an error in OpenAI's form, with the header that keeps its SDKs from useless retries. */
export const refuse = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const problem = logProblem(error, request)
  const isWorthIt = ERRORS[problem.code].retryable && problem.code !== 'BUDGET_EXCEEDED'
  if (!isWorthIt) reply.header('x-should-retry', 'false')
  const { detail: message, errors } = problem.tell(request.language)
  return sendOwnProblem(reply, problem, openAiError({ code: problem.code, message, errors }).body)
}
