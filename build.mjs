/**
 * `node build.mjs [--if-stale]` builds the service: what it starts from becomes a few files in `dist/`, with the
 * packages written in JavaScript in them, so that a start reads four files instead of a thousand.
 * `node build.mjs --tree` compiles `src`, `test`, `bench`, `deploy` and the client file by file into `built/`, for
 * tests, benchmarks and the cluster.
 */
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const ROOT = import.meta.dirname

/** Threads that a process starts, beside whose starter the file has to be. */
const THREADS = {
  'line-worker': 'src/store/lines/line-worker.ts',
  'reading/ingest-worker': 'src/dataset/reading/ingest-worker.ts',
}

/** Programs that start by themselves. */
const ENTRIES = {
  main: 'src/main.ts',
  demo: 'src/demo.ts',
  'audit/verify-file': 'src/audit/verify-file.ts',
  ...THREADS,
}

/**
 * Packages that stay outside of `dist/`: those with binaries, with files that they read from beside themselves, or that
 * import CommonJS by its names.
 */
export const EXTERNAL = [
  '@duckdb/node-bindings',
  '@photostructure/sqlite',
  '@fastify/swagger-ui',
  '@fastify/cookie',
  'pg-native',
]

/** CommonJS packages ask for `require` and for where they are, which ES modules do not have. */
const COMMONJS = `import { createRequire as __createRequire } from 'node:module'
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname`

const options = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.20',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
}

/**
 * Leaves packages out of the source maps, which are read at each start: gives each of their files a map of its own
 * that maps nothing but a line behind its end. One that maps nothing at all counts as none.
 */
const mapsOfSourcesOnly = {
  name: 'maps-of-sources-only',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules.*\.[cm]?js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      const map = { version: 3, sources: [''], mappings: `${';'.repeat(text.split('\n').length + 2)}AAAA` }
      const encoded = Buffer.from(JSON.stringify(map)).toString('base64')
      return {
        contents: `${text}\n//# sourceMappingURL=data:application/json;base64,${encoded}`,
        loader: 'js',
      }
    })
  },
}

/** How packages become part of what is built. */
const packed = { external: EXTERNAL, banner: { js: COMMONJS }, plugins: [mapsOfSourcesOnly] }

/**
 * Leaves comments and spaces out: Node keeps a script's text for good. It prints the line of an uncaught error too, so
 * lines stay short.
 */
const SHORT = { minifyWhitespace: true, lineLimit: 160 }

/** Keeps each file a file: the paths of imports are left as they are, but for their endings. */
const fileByFile = {
  name: 'file-by-file',
  setup({ onResolve }) {
    onResolve({ filter: /^\..*\.ts$/ }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: path.replace(/\.ts$/, '.js'), external: true },
    )
  },
}

/** Bundles the console: assets named by their content, each with its compressed twin, and the page that loads them. */
const buildConsole = async (outdir) => {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['console/src/main.tsx'],
    outdir: join(outdir, 'assets'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    alias: {
      '@tributary/client': join(ROOT, 'client/src/index.ts'),
      '@tributary/client/react': join(ROOT, 'client/src/react/index.ts'),
    },
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  })
  const main = Object.entries(metafile.outputs).find(
    ([, { entryPoint }]) => entryPoint === 'console/src/main.tsx',
  )
  const [script, { cssBundle }] = main
  const page = readFileSync(join(ROOT, 'console/index.html'), 'utf8')
    .replace('/assets/main.js', `/assets/${basename(script)}`)
    .replace('/assets/main.css', `/assets/${basename(cssBundle)}`)
  for (const path of Object.keys(metafile.outputs)) {
    const file = join(ROOT, path)
    writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }))
  }
  writeFileSync(join(outdir, 'index.html'), page)
}

const files = (folder, ending = '') =>
  readdirSync(join(ROOT, folder), { recursive: true })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))

/** True when a source, or what the sources rest on, is newer than the build. */
const isStale = () => {
  const changedAt = (path) => statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const builtAt = changedAt('dist/main.js')
  return [
    ...files('src'),
    ...files('console'),
    ...files('client/src'),
    'package.json',
    'package-lock.json',
    'build.mjs',
  ].some((path) => changedAt(path) > builtAt)
}

/** Builds the service. It builds beside `dist/` and puts the result in its place, so that nobody starts half of it. */
const buildService = async () => {
  const outdir = join(ROOT, `dist.${process.pid}`)
  try {
    await build({ ...options, ...packed, ...SHORT, entryPoints: ENTRIES, outdir, splitting: true })
    cpSync(join(ROOT, 'src/channel/lua'), join(outdir, 'lua'), { recursive: true })
    await buildConsole(join(outdir, 'console'))
    rmSync(join(ROOT, 'dist'), { recursive: true, force: true })
    renameSync(outdir, join(ROOT, 'dist'))
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}

/** Builds the service unless the build is newer than everything that it is made of. */
export const buildIfStale = async () => {
  if (isStale()) await buildService()
}

/**
 * Compiles every file of `src`, `test`, `bench`, `deploy` and the client into `built/`, and the threads as they are built
 * for `dist/`: one that reads a file is started for each. It writes what changed only, and removes what has no source any more: others may be running from it.
 * @returns {Promise<Record<string, string[]>>} what each file imports: files of the tree by their paths, and packages
 */
export const compileTree = async () => {
  const outdir = join(ROOT, 'built')
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: ['src', 'test', 'bench', 'deploy', 'client/src'].flatMap((folder) => files(folder, '.ts')),
    outdir,
    outbase: ROOT,
    packages: 'external',
    plugins: [fileByFile],
    metafile: true,
    write: false,
  })
  const threads = await build({
    ...options,
    ...packed,
    entryPoints: Object.values(THREADS),
    outdir,
    outbase: ROOT,
    write: false,
  })
  outputFiles.push(...threads.outputFiles)
  const contents = new Map(outputFiles.map(({ path, contents }) => [path, Buffer.from(contents)]))
  for (const path of ['package.json', ...files('src/channel/lua')])
    contents.set(join(outdir, path), readFileSync(join(ROOT, path)))
  mkdirSync(outdir, { recursive: true })
  for (const name of readdirSync(outdir, { recursive: true, withFileTypes: true })) {
    const path = join(name.parentPath, name.name)
    if (name.isFile() && !contents.has(path)) rmSync(path, { force: true })
  }
  for (const [path, content] of contents) {
    if (
      statSync(path, { throwIfNoEntry: false })?.size === content.length &&
      readFileSync(path).equals(content)
    )
      continue
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
  const named = (file, { path }) =>
    path.startsWith('.') ? join(dirname(file), path.replace(/\.js$/, '.ts')) : path
  return Object.fromEntries(
    Object.entries(metafile.inputs).map(([file, { imports }]) => [
      file,
      imports.map((one) => named(file, one)),
    ]),
  )
}

const commands = {
  '': buildService,
  '--if-stale': buildIfStale,
  '--tree': compileTree,
}
if (process.argv[1] === import.meta.filename) await commands[process.argv[2] ?? '']()
