import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { badField, Problem } from '../errors.ts'
import { say } from '../language/sentence.ts'

const isUnkept = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(isUnkept) : typeof value === 'string' && value.includes('\0')

const entriesOf = (values: unknown): [string, unknown][] => Object.entries((values ?? {}) as object)

/**
 * Refuses values of a URL that the validators let through. The character U+0000 is kept by no store: in the path
 * nothing has such a name, in the query it is a bad field. A number that is too large to be one (`1e400`) passes any
 * bound of a schema.
 */
export const urlValuesPlugin = fp(
  async (app: FastifyInstance) => {
    app.addHook('preValidation', ({ params, query }, _reply, done) => {
      if (entriesOf(params).some(([, value]) => isUnkept(value)))
        throw new Problem('NOT_FOUND', say('request.unkept_character'))
      for (const [name, value] of entriesOf(query))
        if (isUnkept(value)) throw badField(`?${name}`, say('field.null_character'))
      done()
    })
    app.addHook('preHandler', ({ query }, _reply, done) => {
      for (const [name, value] of entriesOf(query))
        if (typeof value === 'number' && !Number.isFinite(value))
          throw badField(`?${name}`, say('field.whole_number', { minimum: 0 }))
      done()
    })
  },
  { name: 'url-values', fastify: '5.x' },
)
