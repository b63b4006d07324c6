import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import t from 'tap'
import { fromRoot } from '../support/root.ts'

const run = promisify(execFile)
const ROOT = fromRoot('')
const CLIENT = join(ROOT, 'client')

/** Returns the output of a program, also where it failed. */
const said = async (command: string, args: readonly string[], cwd: string) => {
  const { stdout, stderr } = await run(command, args, { cwd, maxBuffer: 1e8 }).catch((error) => error)
  return `${stdout}${stderr}`
}

const project = await mkdtemp(join(tmpdir(), 'tributary-project-'))
t.teardown(() => rm(project, { recursive: true, force: true }))
const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', project], { cwd: CLIENT })
const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[')))
const tarball = join(project, packed.filename)

t.test('the package holds what its user needs, and its types no path of the repository', async (t) => {
  const names: string[] = packed.files.map(({ path }: { path: string }) => path)
  for (const name of [
    'README.md',
    'CHANGELOG.md',
    'dist/index.js',
    'dist/index.d.ts',
    'dist/react/index.d.ts',
  ])
    t.ok(names.includes(name), name)
  t.notOk(names.some((name) => name.startsWith('src/') || name.endsWith('.ts.map')))
  t.ok(packed.size < 120_000, `${packed.size} bytes packed`)
})

t.test('publint and attw find nothing', async (t) => {
  const publint = await said(
    process.execPath,
    [join(ROOT, 'node_modules/publint/src/cli.js'), tarball, '--strict'],
    ROOT,
  )
  t.match(publint, /All good/, publint)
  // It fails where it finds anything that the profile does not leave out.
  const attw = await run(process.execPath, [
    join(ROOT, 'node_modules/@arethetypeswrong/cli/dist/index.js'),
    ...[tarball, '--profile', 'esm-only', '--format', 'ascii'],
  ]).catch((error) => error)
  t.notOk(attw instanceof Error, attw.stdout)
  t.match(attw.stdout, /@tributary\/client\/react/)
})

t.test('an empty project installs it, compiles under both resolutions and runs it', async (t) => {
  await writeFile(join(project, 'package.json'), '{"name":"empty","private":true,"type":"module"}')
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], { cwd: project })
  await cp(join(CLIENT, 'types/usage.ts'), join(project, 'usage.ts'))
  for (const moduleResolution of ['bundler', 'nodenext']) {
    const module = moduleResolution === 'bundler' ? 'esnext' : 'nodenext'
    const folder = join(project, moduleResolution)
    await mkdir(folder)
    const compilerOptions = {
      module,
      moduleResolution,
      target: 'es2022',
      lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'],
      types: [],
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: false,
    }
    await writeFile(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['../usage.ts'] }),
    )
    t.equal(
      await said(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], project),
      '',
      moduleResolution,
    )
  }
  await writeFile(
    join(project, 'run.js'),
    `import { createClient, ApiError } from '@tributary/client'
const client = createClient({ url: 'http://127.0.0.1:1' })
client.close()
const error = await client.chat({ message: 'hello' }).result.catch((error) => error)
console.log(error instanceof ApiError, error.code)`,
  )
  t.equal(await said(process.execPath, ['run.js'], project), 'true CLOSED\n')
})

t.test('a wrong event name does not compile', async (t) => {
  const usage = await readFile(join(CLIENT, 'types/usage.ts'), 'utf8')
  await writeFile(join(project, 'wrong.ts'), usage.replaceAll(/^ *\/\/ @ts-expect-error.*\n/gm, ''))
  const errors = await said(
    process.execPath,
    [
      join(ROOT, 'node_modules/typescript/bin/tsc'),
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      'wrong.ts',
    ],
    project,
  )
  const expected = usage.match(/@ts-expect-error/g)?.length ?? 0
  t.equal(errors.match(/error TS/g)?.length, expected, errors)
  t.match(errors, /chonk/)
})

/** Most bytes, gzip, of what a page loads for its first run; uploads, exports and subscriptions come when they are used. */
const CORE_BYTES = 8192

/** The files that a page loads at once when it imports an entry, and the packages that it has to have itself. */
const loadedWith = async (imported: string) => {
  const { metafile, outputFiles } = await build({
    stdin: { contents: imported, resolveDir: project, sourcefile: 'page.js' },
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    outdir: 'out',
    external: ['react', 'react/jsx-runtime'],
    metafile: true,
    write: false,
  })
  const loaded = new Set<string>()
  const packages = new Set<string>()
  const load = (path: string): void => {
    if (loaded.has(path)) return
    loaded.add(path)
    for (const one of metafile.outputs[path]?.imports ?? [])
      if (one.external) packages.add(one.path)
      else if (one.kind === 'import-statement') load(one.path)
  }
  load('out/stdin.js')
  const files = outputFiles.filter(({ path }) => [...loaded].some((one) => path.endsWith(one)))
  t.equal(files.length, loaded.size)
  return { bytes: files.reduce((sum, { contents }) => sum + gzipSync(contents).byteLength, 0), packages }
}

t.test('the core of the package stays small, and the hooks ask for nothing but React', async (t) => {
  const core = await loadedWith("export { createClient } from '@tributary/client'")
  t.ok(core.bytes <= CORE_BYTES, `${core.bytes} bytes`)
  t.same([...core.packages], [])
  t.comment(`${core.bytes} bytes gzip`)
  const hooks = await loadedWith("export * from '@tributary/client/react'")
  t.same([...hooks.packages].sort(), ['react', 'react/jsx-runtime'])
  t.comment(`with the hooks ${hooks.bytes} bytes gzip`)
})
