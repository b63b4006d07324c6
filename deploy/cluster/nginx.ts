import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { program } from '../../test/support/program.ts'
import type { Program } from './program.ts'

export interface NginxPlace {
  /** Where its files and logs are. */
  directory: string
  host: string
  port: number
  /** Ports of the instances behind it. */
  instances: readonly number[]
}

/** Resolves when something listens on that port, or at the signal. */
const listening = async (host: string, port: number, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    const socket = connect(port, host)
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    socket.destroy()
    if (open) return
    await sleep(20)
  }
}

/**
 * Returns an nginx with the repository's own configuration, in which paths, port and instances are those of this
 * machine. It writes `access.log` and `error.log` into its directory.
 * @throws {Error} with the line that installs it
 */
export const nginxProgram = async ({ directory, host, port, instances }: NginxPlace): Promise<Program> => {
  await mkdir(directory, { recursive: true })
  const servers = instances.map((instance) => `server 127.0.0.1:${instance} max_fails=1 fail_timeout=2s;`)
  const deployed = await readFile(join(import.meta.dirname, '../../..', 'deploy/nginx.conf'), 'utf8')
  const adapted = deployed
    .replace('server app:8000 max_fails=1 fail_timeout=2s;', servers.join('\n    '))
    .replace('listen 8080', `listen ${host}:${port}`)
    .replaceAll('/tmp/', `${directory}/`)
    .replace('/dev/stdout', `${directory}/access.log`)
    .replace('/dev/stderr', `${directory}/error.log`)
    .replace('worker_processes auto', 'worker_processes 1')
  const file = join(directory, 'nginx.conf')
  await writeFile(file, adapted)
  // Its workers would be nobody, who may not get into the directory.
  const asRoot = process.getuid?.() === 0 ? ' user root;' : ''
  return {
    name: 'nginx',
    command: program('nginx', 'nginx-light'),
    args: ['-e', join(directory, 'error.log'), '-c', file, '-g', `daemon off;${asRoot}`],
    ready: (gone) => listening(host, port, gone),
  }
}
