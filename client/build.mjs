// Builds the package: dist/*.js for each entry, dist/*.d.ts beside it. `npm run build -w client`, and before `npm pack`.
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import ts from 'typescript'
import { writeApiTypes } from './openapi.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const entries = ['src/index.ts', 'src/react/index.ts'].map((path) => here + path)
const dist = `${here}dist`

/** Expands the service's event types, which come from its schemas, so that the package needs no schema library. */
const wireTypes = (program) => {
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(`${here}src/wire.ts`)
  const flags =
    ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias | ts.TypeFormatFlags.MultilineObjectLiterals
  return source.statements.filter(ts.isTypeAliasDeclaration).map((alias) => {
    const documentation = ts.getJSDocCommentsAndTags(alias).map((doc) => doc.getText()).join('\n')
    const type = checker.typeToString(checker.getTypeAtLocation(alias.name), undefined, flags)
    return `${documentation}\nexport type ${alias.name.text} = ${type};`
  })
}

const esm = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  // What the hooks need to read markdown comes with the package: whoever uses no hook loads nothing of it.
  external: ['eventsource-parser', 'react', 'react/jsx-runtime', '#core'],
  sourcemap: true,
  sourcesContent: false,
  metafile: true,
  outdir: dist,
}
/** Leaves an import to the file that it is found in once the package is built. */
const foundIn = (fileOf) => ({
  name: 'found-in',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
      const file = fileOf(resolve(resolveDir, path), kind)
      return file && { path: file, external: true }
    })
  },
})
/** A part that is loaded when it is used is a file of its own. */
const laterOf = (path, kind) =>
  kind === 'dynamic-import' ? `./${basename(path).replace(/\.ts$/, '.js')}` : undefined

await writeApiTypes({ ifStale: true })
await rm(dist, { recursive: true, force: true })
const sources = await readdir(`${here}src`)
const texts = await Promise.all(
  sources.filter((name) => name.endsWith('.ts')).map((name) => readFile(`${here}src/${name}`, 'utf8')),
)
const later = texts.flatMap((text) => [...text.matchAll(/import\('\.\/([\w-]+\.ts)'\)/g)].map(([, name]) => name))

// What a first run needs is one file; what comes later, and the hooks, take what they share with it from there.
const { metafile } = await build({
  ...esm,
  entryPoints: [entries[0]],
  write: false,
  plugins: [foundIn(laterOf)],
})
const core = new Set(
  Object.keys(metafile.inputs)
    .map((path) => resolve(path))
    .filter((path) => path.startsWith(`${here}src/`)),
)
await build({
  ...esm,
  stdin: {
    contents: [...core].map((path) => `export * from ${JSON.stringify(path)}`).join('\n'),
    resolveDir: here,
    sourcefile: 'core.ts',
  },
  entryNames: 'core',
  plugins: [foundIn(laterOf)],
})
await build({
  ...esm,
  entryPoints: [...entries, ...later.map((name) => `${here}src/${name}`)],
  outbase: `${here}src`,
  splitting: true,
  plugins: [foundIn((path, kind) => laterOf(path, kind) ?? (core.has(path) && kind !== 'entry-point' ? '#core' : undefined))],
})

const { config } = ts.readConfigFile(`${here}tsconfig.json`, ts.sys.readFile)
const { options, errors } = ts.parseJsonConfigFileContent(config, ts.sys, here)
if (errors.length > 0) throw new Error(ts.formatDiagnostics(errors, ts.createCompilerHost({})))
const program = ts.createProgram(entries, {
  ...options,
  noEmit: false,
  declaration: true,
  emitDeclarationOnly: true,
  outDir: dist,
  rootDir: `${here}..`,
})
const emitted = new Map()
program.emit(undefined, (path, text) => emitted.set(path, text))
const prefix = `${dist}/client/src/`
for (const [path, text] of emitted) {
  if (!path.startsWith(prefix)) continue
  const target = `${dist}/${path.slice(prefix.length)}`
  await mkdir(target.slice(0, target.lastIndexOf('/')), { recursive: true })
  const declarations = target.endsWith('/wire.d.ts') ? `${wireTypes(program).join('\n')}\n` : text
  await writeFile(target, declarations.replace("'../generated/openapi.d.ts'", "'./openapi.js'").replace(/(from '\.[^']*)\.tsx?'/g, "$1.js'"))
}
await copyFile(`${here}generated/openapi.d.ts`, `${dist}/openapi.d.ts`)
