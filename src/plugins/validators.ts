import AjvCompiler from '@fastify/ajv-compiler'

type Validate = ((data: unknown) => boolean) & { errors?: unknown }
type Compiler = (route: { schema: object; httpPart?: string }) => Validate
type CompilerFactory = (schemas: object, options: { customOptions: object }) => Compiler

/**
 * Returns a validator that is made at its first call. Unlike Ajv's own it cannot replace the value as a whole, which
 * is not needed: a URL's parts and headers are always objects.
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
 * Compiles the validators of routes. Text in a URL or a header is converted to numbers and flags; a JSON body must
 * have the right types. A route's validators are made at its first request: making them all would add a sixth to the
 * time of a start.
 */
const strictBodies: CompilerFactory = (schemas, options) => {
  const coercing = compilerOf(schemas, options)
  const strict = compilerOf(schemas, {
    ...options,
    customOptions: { ...options.customOptions, coerceTypes: false },
  })
  return (route) => lazily(() => (route.httpPart === 'body' ? strict : coercing)(route))
}

/** Options of the server for the validation of requests. A test checks the schemas themselves. */
export const validatorOptions = {
  // Without the check of schemas the very first request takes half as long.
  ajv: { customOptions: { allErrors: true, removeAdditional: false, validateSchema: false } },
  schemaController: { compilersFactory: { buildValidator: strictBodies as never } },
} as const
