import type { Paths } from './route-example.ts'

interface Operation {
  requestBody?: { required?: boolean }
  responses?: Record<string, object>
}

const problem = {
  description: 'A refusal or a failure: `code` says which, `detail` says why and what to do about it',
  content: {
    'application/problem+json': {
      schema: {
        type: 'object',
        required: ['type', 'title', 'status', 'code'],
        properties: {
          type: { type: 'string' },
          title: { type: 'string' },
          status: { type: 'integer' },
          code: { type: 'string' },
          detail: { type: 'string' },
          request_id: { type: 'string' },
        },
      },
    },
  },
}
const openAiError = {
  description: "A refusal or a failure, in OpenAI's form",
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['error'],
        properties: {
          error: {
            type: 'object',
            required: ['message', 'type'],
            properties: { message: { type: 'string' }, type: { type: 'string' } },
          },
        },
      },
    },
  },
}

/** Adds the answer of failures to every operation, and tells that the body of a removal may be left out. */
export const addFailures = <D extends Paths>(document: D): D => {
  for (const [path, operations] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(operations ?? {}) as [string, Operation][]) {
      operation.responses = {
        ...operation.responses,
        default: path.startsWith('/v1/') ? openAiError : problem,
      }
      if (method === 'delete' && operation.requestBody) operation.requestBody.required = false
    }
  return document
}
