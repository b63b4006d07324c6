import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import t from 'tap'
import { freePort } from '../support/port.ts'
import { ADMIN_PASSWORD, login, startProcess } from '../support/process.ts'
import { program } from '../support/program.ts'
import { fromRoot } from '../support/root.ts'

const ROOT = fromRoot('')
const run = promisify(execFile)
const service = await startProcess({ SSE_KEEPALIVE_INTERVAL: '1' })
const admin = await login(service.url)
const folder = await mkdtemp(join(tmpdir(), 'tributary-examples-'))
t.teardown(() => rm(folder, { recursive: true, force: true }))
const alias = { '@tributary/client': join(ROOT, 'client/src/index.ts') }

const readme = await readFile(join(ROOT, 'examples/README.md'), 'utf8')
const rows = readme
  .split('\n')
  .filter((line) => line.startsWith('| ['))
  .map((line) => line.replaceAll('\\|', '¦').split('|'))
  .map(([, file = '', , command = '']) => ({
    file: /\((.*)\)/.exec(file)?.[1] ?? '',
    command: /`(.*?)`/.exec(command)?.[1]?.replaceAll('¦', '|') ?? '',
  }))

/** A Node example with the client of this repository in it. */
const bundled = async (file: string): Promise<string> => {
  const outfile = join(folder, file)
  await build({
    entryPoints: [join(ROOT, 'examples', file)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias,
    outfile,
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
    },
  })
  return outfile
}

/** Runs a command of the table; returns what it wrote. */
const said = async (command: string, url = service.url): Promise<string> => {
  const file = /^node examples\/(\S+)/.exec(command)?.[1]
  const runnable = file ? command.replace(`examples/${file}`, await bundled(file)) : command
  const env = {
    PATH: process.env.PATH,
    TRIBUTARY_URL: url,
    ...(command.includes('$TOKEN')
      ? {}
      : { TRIBUTARY_USERNAME: 'admin', TRIBUTARY_PASSWORD: ADMIN_PASSWORD }),
    TOKEN: admin.token,
  }
  const { stdout } = await run('bash', ['-c', runnable], { cwd: ROOT, env: env as never, maxBuffer: 1e8 })
  return stdout
}

/** The output that each example must have, as far as it is known beforehand. */
const EXPECTED: Readonly<Record<string, { says: RegExp; command?: string }>> = {
  'test_stream_performance.py': { says: /answers (\d+) of \1\b/ },
  'follow_events.py': { says: /"type": "complete"/ },
  'publish.sh': { says: /"offset":3/ },
  'follow_socket.py': { says: /^1\n2\n3\n$/ },
  'follow_investigation.mjs': {
    says: /^severity,type(.*\n){8}$/,
    command: 'node examples/follow_investigation.mjs sample',
  },
  'monitor.mjs': { says: /ok {2}store ok.*\nevent-streams/, command: 'node examples/monitor.mjs 0 2' },
  'openai_chat.mjs': { says: /Construtora Exemplo/ },
  'ai_sdk_chat.mjs': { says: /Construtora Exemplo[\s\S]*Construtora Exemplo/ },
  'curl/identity.sh': { says: /"username":"admin"[\s\S]*\nid,timestamp,/ },
  'curl/chat.sh': { says: /"type":"complete"[\s\S]*"content":[\s\S]*"role":"user"/ },
  'curl/datasets.sh': { says: /"rows":2[\s\S]*Papelaria Sol/ },
  'curl/investigations.sh': { says: /"type":"complete"[\s\S]*"severity":"critical"[\s\S]*# / },
  'curl/streams.sh': { says: /"state":"completed"[\s\S]*behind \S+:\d+:[\s\S]*"type":"complete"/ },
  'curl/channels.sh': { says: /"items":[\s\S]*event: publication[\s\S]*"number":3/ },
  'curl/audit.sh': { says: /"items":[\s\S]*prev_hash,hash[\s\S]*"valid":true/ },
  'curl/openai.sh': { says: /"object":"list"[\s\S]*\[DONE\]/ },
  'curl/ui.sh': { says: /"type":"text-delta"[\s\S]*\[DONE\]/ },
  'curl/documents.sh': {
    says: /event: response_complete[\s\S]*active_streams[\s\S]*event: end[\s\S]*"type":"done"/,
  },
  'curl/operations.sh': { says: /"status":"ok"[\s\S]*stream_chat_started_total/ },
}
/** Those that are looked at elsewhere: in a browser, behind nginx below, or as a part of others. */
const ELSEWHERE = [
  'stream_client.html',
  'StreamChatComponent.tsx',
  'nginx.conf',
  'signed-in.mjs',
  'curl/common.sh',
]

t.test('every example is in the table, and does what its command promises', async (t) => {
  const files = (await readdir(join(ROOT, 'examples'), { recursive: true }))
    .filter((name) => /\.\w+$/.test(name) && name !== 'README.md')
    .sort()
  t.same(rows.map(({ file }) => file).sort(), files)
  t.same([...Object.keys(EXPECTED), ...ELSEWHERE].sort(), files)
  for (const [file, { says, command }] of Object.entries(EXPECTED))
    t.match(await said(command ?? rows.find((row) => row.file === file)?.command ?? ''), says, file)
})

t.test('behind the nginx of the example, streams and sockets pass', async (t) => {
  const port = await freePort()
  const snippet = (await readFile(join(ROOT, 'examples/nginx.conf'), 'utf8'))
    .replace('listen 8080', `listen 127.0.0.1:${port}`)
    .replace('http://127.0.0.1:8000', service.url)
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join('\n')
  const conf = join(folder, 'nginx.conf')
  await writeFile(
    conf,
    `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log; events {}\n` +
      `http { access_log off; ${paths}\n${snippet}}`,
  )
  const args = ['-e', join(folder, 'error.log'), '-c', conf]
  const nginx = spawn(program('nginx', 'nginx-light'), args, { stdio: 'ignore' })
  t.teardown(async () => {
    nginx.kill()
    await once(nginx, 'exit')
  })
  const url = `http://127.0.0.1:${port}`
  const reached = async (): Promise<boolean> =>
    (await fetch(`${url}/health/live`).catch(() => undefined))?.ok === true
  while (!(await reached())) await new Promise((resolve) => setImmediate(resolve))
  t.match(await said('python3 examples/follow_events.py sample', url), /"type": "complete"/)
  t.match(await said('seq 7 9 | bash examples/publish.sh topic:behind', url), /"offset":3/)
  t.equal(await said('python3 examples/follow_socket.py topic:behind 3', url), '7\n8\n9\n')
})

t.test('the README of the client is a program that compiles and runs', async (t) => {
  const text = await readFile(join(ROOT, 'client/README.md'), 'utf8')
  const blocks = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block = '']) => block)
  const [first = '', ...rest] = blocks
  const source = `${first.replace('{ createClient }', '{ type ApiError, createClient }')}
${rest.join('\n')}
`
  const prelude = `declare const password: string\ndeclare const show: (text: string) => void\n`
  const file = join(ROOT, 'client/types/.readme.ts')
  t.teardown(() => rm(file, { force: true }))
  await writeFile(file, `${prelude}${source}\nexport {}\n`)
  const tsconfig = join(ROOT, 'client/types/.readme.json')
  t.teardown(() => rm(tsconfig, { force: true }))
  await writeFile(
    tsconfig,
    JSON.stringify({
      extends: '../tsconfig.json',
      compilerOptions: { noUnusedLocals: false, paths: { '@tributary/client': ['../src/index.ts'] } },
      include: [],
      files: ['.readme.ts'],
    }),
  )
  const tsgo = join(ROOT, 'node_modules/@typescript/native-preview/bin/tsgo.js')
  const errors = await run(process.execPath, [tsgo, '-p', tsconfig]).catch(({ stdout }) => ({ stdout }))
  t.equal(errors.stdout, '')

  const { outputFiles } = await build({
    stdin: {
      contents: source.replace('http://localhost:8000', service.url),
      loader: 'ts',
      resolveDir: ROOT,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias,
    write: false,
    define: { password: JSON.stringify(ADMIN_PASSWORD), WebSocket: 'globalThis.WebSocket' },
  })
  const script = join(folder, 'readme.mjs')
  await writeFile(script, `globalThis.show = () => undefined\n${outputFiles[0]?.text}`)
  // Node 20 has no WebSocket of its own, where browsers and later ones have.
  const shim = join(folder, 'websocket.mjs')
  await writeFile(
    shim,
    `import { WebSocket } from ${JSON.stringify(import.meta.resolve('ws'))}\nglobalThis.WebSocket ??= WebSocket\n`,
  )
  const { stdout } = await run(process.execPath, ['--import', shim, script])
  t.match(stdout, /Construtora|critical|high/)
  t.match(stdout, /complete complete\ndone\ncomplete\n/)
  t.match(stdout, /ApiError/)
})
