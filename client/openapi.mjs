/**
 * `node client/openapi.mjs [--if-stale]` writes `client/generated/openapi.d.ts`, the types of `client.api`, from the
 * document that the service serves at `/docs/json`. The type check and the package's build call it, so the types are
 * those of the service beside them: where it has changed a path or a field, whoever uses that no longer compiles.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileTree } from '../build.mjs'

const ROOT = join(import.meta.dirname, '..')
const TARGET = join(import.meta.dirname, 'generated/openapi.d.ts')
/** The methods of `client.api`. */
const METHODS = ['get', 'post', 'put', 'patch', 'delete']

/** The service's own document, from a service that does not listen and keeps nothing. */
const serviceDocument = async () => {
  await compileTree()
  const { buildApp } = await import(join(ROOT, 'built/src/app.js'))
  const { loadConfig } = await import(join(ROOT, 'built/src/config.js'))
  const DATA_DIR = mkdtempSync(join(tmpdir(), 'tributary-openapi-'))
  try {
    const app = await buildApp(
      loadConfig({ DATA_DIR, ADMIN_PASSWORD: 'nobody-signs-in', LOG_LEVEL: 'silent', CONSOLE: 'false' }),
    )
    const { body } = await app.server.inject('/docs/json')
    await app.close()
    return JSON.parse(body)
  } finally {
    rmSync(DATA_DIR, { recursive: true, force: true })
  }
}

/** A schema without what is for people to read, who read it at `/docs`. */
const bare = (value, isName = false) => {
  if (Array.isArray(value)) return value.map((one) => bare(one))
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(
    ([key]) => isName || !['title', 'description', 'example', 'examples', 'default', 'format'].includes(key),
  )
  return Object.fromEntries(kept.map(([key, inner]) => [key, bare(inner, !isName && key === 'properties')]))
}

const jsonOf = (content) => {
  const json = content?.['application/json']
  return json && { 'application/json': { schema: bare(json.schema ?? {}) } }
}

/** One operation, of which a caller of `client.api` sees the body, the answer when it succeeds, and one sentence. */
const shownOf = ({ summary, requestBody, responses }) => {
  const good = Object.entries(responses).filter(([status]) => status.startsWith('2'))
  const body = jsonOf(requestBody?.content)
  return {
    ...(summary && { summary }),
    ...(body && { requestBody: { required: requestBody.required ?? false, content: body } }),
    responses: Object.fromEntries(
      good.map(([status, { content }]) => {
        const told = jsonOf(content) ?? (content && { 'text/plain': { schema: { type: 'string' } } })
        return [status, { description: '', ...(told && { content: told }) }]
      }),
    ),
  }
}

const isStale = () => {
  const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
  const madeAt = changedAt(TARGET)
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true }).map((name) => join(ROOT, 'src', name))
  return [...sources, import.meta.filename].some((path) => changedAt(path) > madeAt)
}

/** Writes the types, unless they are newer than the service. */
export const writeApiTypes = async ({ ifStale = false } = {}) => {
  if (ifStale && !isStale()) return
  const { default: openapiTS, astToString } = await import('openapi-typescript')
  const { openapi, info, paths } = await serviceDocument()
  const shown = Object.entries(paths)
    .map(([path, operations]) => [
      path,
      Object.fromEntries(
        METHODS.filter((method) => operations[method]).map((method) => [method, shownOf(operations[method])]),
      ),
    ])
    .filter(([, operations]) => Object.keys(operations).length > 0)
  const types = astToString(await openapiTS({ openapi, info, paths: Object.fromEntries(shown) }))
  // What is never there needs no line, and an enumeration no comment.
  const short = types
    .replace(/^ *\w+\?: never;\n/gm, '')
    .replace(/^ *\/\*\* @enum .*\n/gm, '')
    .replace(/^ *parameters: \{\n *\};\n/gm, '')
    .replace(/^ *headers: \{\n.*\n *\};\n/gm, '')
    .replace(/\n {4}\};\n\}\nexport [\s\S]*$/, '\n    };\n}\n')
  mkdirSync(join(TARGET, '..'), { recursive: true })
  writeFileSync(TARGET, short)
}

if (process.argv[1] === import.meta.filename)
  await writeApiTypes({ ifStale: process.argv.includes('--if-stale') })
