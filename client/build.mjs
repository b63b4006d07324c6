// Builds the package: dist/*.js for each entry, dist/*.d.ts beside it. `npm run build -w client`, and before `npm pack`.
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises'
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

await writeApiTypes({ ifStale: true })
await rm(dist, { recursive: true, force: true })
await build({
  entryPoints: entries,
  outdir: dist,
  outbase: `${here}src`,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  packages: 'external',
  sourcemap: true,
  sourcesContent: false,
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
