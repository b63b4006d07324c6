import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { nginxProgram } from '../../deploy/cluster/nginx.ts'
import { start } from '../../deploy/cluster/program.ts'
import { freePort } from './port.ts'

/**
 * Runs the deployed configuration with its own paths, port and instances in the nginx of this machine, until the test
 * is over.
 * @param instances their ports on 127.0.0.1
 */
export const startNginx = async (t: Pick<Test, 'teardown'>, instances: readonly number[]) => {
  const directory = await mkdtemp(join(tmpdir(), 'nginx-'))
  const port = await freePort()
  const nginx = await start(await nginxProgram({ directory, host: '127.0.0.1', port, instances }))
  t.teardown(async () => {
    await nginx.stop()
    await rm(directory, { recursive: true, force: true })
  })
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    /** Ends nginx, so that everything is written. */
    async logs() {
      await nginx.stop()
      return {
        access: await readFile(join(directory, 'access.log'), 'utf8'),
        error: await readFile(join(directory, 'error.log'), 'utf8'),
      }
    },
  }
}
