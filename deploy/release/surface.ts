/**
 * The surface of the interfaces is what a client can see of them: each operation, parameter, field, type and status, as
 * a path of words from the operation down. It is kept as indented text, a line for each last word.
 */

// biome-ignore lint/suspicious/noExplicitAny: a document is walked, not typed
type Json = any

/** Marks a field that a request must have, or that an answer always has. */
const ALWAYS = '!'
const REQUEST = 'takes'
const ANSWER = 'gives'
/** Schemas that contain themselves are walked this deep. */
const MAX_DEPTH = 12

const resolve = (document: Json, node: Json): Json => {
  if (typeof node?.$ref !== 'string') return node
  const steps = node.$ref.slice(2).split('/')
  const names = steps.map((step: string) =>
    decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'),
  )
  return resolve(
    document,
    names.reduce((inner: Json, name: string) => inner?.[name], document),
  )
}

/** Yields the paths of a schema: fields, kinds of value, and values where they are named. */
function* schemaPaths(document: Json, schema: Json, path: readonly string[], depth = 0): Generator<string[]> {
  const node = resolve(document, schema)
  if (node === undefined || depth > MAX_DEPTH) return
  for (const part of [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])])
    yield* schemaPaths(document, part, path, depth + 1)
  const values = node.enum ?? ('const' in node ? [node.const] : undefined)
  if (values) for (const value of values) yield [...path, JSON.stringify(value)]
  else
    for (const type of [node.type].flat())
      if (type !== undefined && type !== 'object' && type !== 'array') yield [...path, type]
  for (const [name, inner] of Object.entries<Json>(node.properties ?? {})) {
    yield [...path, name]
    if (node.required?.includes(name)) yield [...path, name, ALWAYS]
    yield* schemaPaths(document, inner, [...path, name], depth + 1)
  }
  if (node.items) yield* schemaPaths(document, node.items, [...path, '[]'], depth + 1)
  if (typeof node.additionalProperties === 'object')
    yield* schemaPaths(document, node.additionalProperties, [...path, '{}'], depth + 1)
}

function* contentPaths(document: Json, content: Json, path: readonly string[]): Generator<string[]> {
  for (const [type, { schema }] of Object.entries<Json>(content ?? {})) {
    yield [...path, type]
    yield* schemaPaths(document, schema, [...path, type])
  }
}

/** Yields the paths of an OpenAPI document; without failures, since all are told alike. */
function* openApiPaths(document: Json): Generator<string[]> {
  for (const [route, operations] of Object.entries<Json>(document.paths))
    for (const [method, operation] of Object.entries<Json>(operations)) {
      const name = `${method.toUpperCase()} ${route}`
      yield [name]
      for (const { name: parameter, in: where, required, schema } of operation.parameters ?? []) {
        const path = [name, REQUEST, where, parameter]
        yield path
        if (required) yield [...path, ALWAYS]
        yield* schemaPaths(document, schema, path)
      }
      yield* contentPaths(document, operation.requestBody?.content, [name, REQUEST])
      for (const [status, { content }] of Object.entries<Json>(operation.responses)) {
        if (!/^[123]/.test(status)) continue
        yield [name, ANSWER, status]
        yield* contentPaths(document, content, [name, ANSWER, status])
      }
    }
}

/** Yields the paths of an AsyncAPI document: what the service receives is a request, what it sends an answer. */
function* asyncApiPaths(document: Json): Generator<string[]> {
  for (const { action, channel, messages } of Object.values<Json>(document.operations)) {
    const { address, bindings } = resolve(document, channel)
    const name = `WS ${address}`
    yield* schemaPaths(document, bindings?.ws?.query, [name, REQUEST, 'query'])
    for (const message of messages) {
      const { name: type, payload } = resolve(document, message)
      const path = [name, action === 'receive' ? REQUEST : ANSWER, type]
      yield path
      yield* schemaPaths(document, payload, path)
    }
  }
}

const keyOf = (path: readonly string[]): string => path.join('\t')

/** Returns the surface of two documents, as sorted indented text. */
export const surfaceOf = (openApi: unknown, asyncApi: unknown): string => {
  const keys = new Set<string>()
  for (const path of [...openApiPaths(openApi), ...asyncApiPaths(asyncApi)])
    for (let length = 1; length <= path.length; length++) keys.add(keyOf(path.slice(0, length)))
  return [...keys]
    .sort()
    .map((key) => {
      const path = key.split('\t')
      return `${' '.repeat(path.length - 1)}${path.at(-1)}\n`
    })
    .join('')
}

/** Reads indented text back into paths. */
const pathsOf = (surface: string): Map<string, string[]> => {
  const path: string[] = []
  const paths = new Map<string, string[]>()
  for (const line of surface.split('\n').filter(Boolean)) {
    const word = line.trimStart()
    path.splice(line.length - word.length, Number.POSITIVE_INFINITY, word)
    paths.set(keyOf(path), [...path])
  }
  return paths
}

export interface SurfaceChanges {
  /** A client of the older interface may fail: something is gone, or a request must have more. */
  breaking: string[]
  compatible: string[]
}

const isKind = (word: string | undefined): boolean =>
  /^(string|number|integer|boolean|null)$/.test(word ?? '')

/** Compares two surfaces; of what came or went as a whole only the whole is named. */
export const compareSurfaces = (older: string, newer: string): SurfaceChanges => {
  const [before, after] = [pathsOf(older), pathsOf(newer)]
  const changes: SurfaceChanges = { breaking: [], compatible: [] }
  const hasParent = (paths: Map<string, string[]>, path: string[]): boolean =>
    path.length === 1 || paths.has(keyOf(path.slice(0, -1)))
  const mayGo = (path: string[]): boolean => path[1] === REQUEST && path.at(-1) === ALWAYS
  const mayCome = (path: string[]): boolean =>
    path[1] === REQUEST ? path.at(-1) !== ALWAYS : !isKind(path.at(-1))
  for (const [key, path] of before)
    if (!after.has(key) && hasParent(after, path))
      changes[mayGo(path) ? 'compatible' : 'breaking'].push(`- ${path.join(' ')}`)
  for (const [key, path] of after) {
    // What a new field must have is told beside the field.
    const known = path[1] === REQUEST && path.at(-1) === ALWAYS ? path.slice(0, -1) : path
    if (before.has(key) || !hasParent(before, known)) continue
    changes[mayCome(path) ? 'compatible' : 'breaking'].push(`+ ${path.join(' ')}`)
  }
  return changes
}
