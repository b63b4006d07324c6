import AjvCompiler from '@fastify/ajv-compiler'

type Validate = ((data: unknown) => boolean) & { errors?: unknown }
type Compiler = (route: { schema: object; httpPart?: string }) => Validate
type CompilerFactory = (schemas: object, options: { customOptions: object }) => Compiler

/**
 * A validator that is made at its first call. Unlike Ajv's own it cannot replace the value as a whole, which would be
 * wanted for text that stands for something else: a URL's parts and headers are always objects.
 */
const lazily = (make: () => Validate): Validate => {
  let validate: Validate | undefined
  const lazy: Validate = (data) => {
    validate ??= make()
    const isValid = validate(data)
    lazy.errors = validate.errors
    return isValid
  }
  return lazy
}

/** Makes each compiler once: Fastify asks for them anew for every plugin, which came to dozens. */
const compilerOf = AjvCompiler() as unknown as CompilerFactory

/**
 * Text in a URL or a header stands for numbers and flags too; in a JSON body a thing is what it says it is. A route's
 * validators are made at its first request: to make them all would add a sixth to what a start costs.
 */
const strictBodies: CompilerFactory = (schemas, options) => {
  const coercing = compilerOf(schemas, options)
  const strict = compilerOf(schemas, {
    ...options,
    customOptions: { ...options.customOptions, coerceTypes: false },
  })
  return (route) => lazily(() => (route.httpPart === 'body' ? strict : coercing)(route))
}

/** Options of the server that say how requests are validated. The schemas themselves are checked by a test. */
export const validatorOptions = {
  // Without the check of schemas the first request of all takes half as long.
  ajv: { customOptions: { allErrors: true, removeAdditional: false, validateSchema: false } },
  schemaController: { compilersFactory: { buildValidator: strictBodies as never } },
} as const
