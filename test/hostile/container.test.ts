import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, readFile } from 'node:fs/promises'
import t from 'tap'
import { ADMIN_PASSWORD, isTerminal, login, temporaryFolder, told, wholeStory } from '../support/process.ts'
import { fromRoot } from '../support/root.ts'

t.setTimeout(120_000)

const NOBODY = 65_534
const CSV =
  'numero;fornecedor;cnpj;objeto;valor;data\n' +
  '1/2024;ACME LTDA;12.345.678/0001-95;Papel A4;1.000,00;05/03/2024\n' +
  '1/2024;ACME LTDA;12.345.678/0001-95;Papel A4;1.000,00;05/03/2024\n'

/** Makes the whole file system read-only but for one folder, and gives up all rights and the hope of new ones. */
const INSIDE = `
set -e
mount --bind "$DATA_DIR" "$DATA_DIR"
mount -o remount,bind,ro /
grep -q ' /tmp ' /proc/self/mounts && mount -o remount,bind,ro /tmp || true
exec setpriv --reuid ${NOBODY} --regid ${NOBODY} --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
  "$NODE" --enable-source-maps dist/main.js
`
/** Mounts of one's own need a right that a container may not have. */
const mayMount = spawnSync('unshare', ['--mount', '--propagation', 'private', 'true']).status === 0

t.test(
  'without root, on a read-only file system and without new privileges everything works',
  { skip: mayMount ? false : 'mounts of its own are not allowed here: run it as root' },
  async (t) => {
    const dataDir = await temporaryFolder()
    await chown(dataDir, NOBODY, NOBODY)
    await chmod(dataDir, 0o700)
    const child = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', INSIDE], {
      cwd: fromRoot(''),
      env: {
        PATH: process.env.PATH,
        NODE: process.execPath,
        DATA_DIR: dataDir,
        HOST: '127.0.0.1',
        PORT: '0',
        ADMIN_PASSWORD,
        PASSWORD_COST: '10',
        DUCKDB_MEMORY_LIMIT: '256MB',
        TMPDIR: dataDir,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    t.teardown(() => child.kill('SIGKILL'))
    let output = ''
    const url = await new Promise<string>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text
          const address = /^Tributary listens on (\S+)\n/m.exec(output)?.[1]
          if (address) resolve(address)
        })
      child.once('exit', () => reject(new Error(output)))
    })

    const status = await readFile(`/proc/${child.pid}/status`, 'utf8')
    t.match(status, new RegExp(`^Uid:\\t${NOBODY}\\t${NOBODY}\\t${NOBODY}\\t${NOBODY}$`, 'm'))
    t.match(status, /^NoNewPrivs:\t1$/m)
    for (const set of ['CapEff', 'CapPrm', 'CapBnd', 'CapAmb', 'CapInh'])
      t.match(status, new RegExp(`^${set}:\\t0+$`, 'm'), `no right is left in ${set}`)
    const root = (await readFile(`/proc/${child.pid}/mountinfo`, 'utf8'))
      .split('\n')
      .find((line) => / \/ \/ /.test(line))
    t.match(root, / \/ \/ ro,/, 'the root is read-only')

    const admin = await login(url)
    const uploaded = await admin.upload(new TextEncoder().encode(CSV))
    t.equal(uploaded.status, 201, uploaded.text)
    for (const dataset of [uploaded.body.dataset_id, 'sample']) {
      const { stream_url } = await admin.investigate(dataset)
      const story = told(await wholeStory(await admin.events(stream_url)))
      t.match(story.at(-1), { type: 'complete' })
    }
    const answer = await admin.events('/api/v1/chat/stream', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'Who are the largest suppliers?' }),
    })
    t.match(told(await wholeStory(answer)).filter(isTerminal), [{ type: 'complete' }])
    const socket = await admin.socket('/api/v1/ws')
    t.match(await socket.ofType('connected'), { user: 'admin' })
    socket.close()
    for (const path of ['/', '/docs/json', '/metrics', '/api/v1/audit/export', '/api/v1/audit/verify'])
      t.equal((await admin.get(path)).status, 200, path)
    t.notMatch(output, /"level":[56]0/, 'and nothing went wrong')
    child.kill('SIGTERM')
    t.same((await once(child, 'exit'))[0], 0)
  },
)
