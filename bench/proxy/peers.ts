import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../test/support/port.ts'
import type { Processes } from '../processes.ts'

/** What stands between the vendor and the clients. */
export interface Peer {
  name: string
  path: string
  body: string
  /** Starts it in front of a vendor. @returns the process whose cost counts */
  start(processes: Processes, port: number, upstream: number): Promise<ChildProcess>
}

const NGINX = '/usr/sbin/nginx'

const COMPLETION = JSON.stringify({
  model: 'bench/bench',
  stream: true,
  messages: [{ role: 'user', content: 'hi' }],
})
export const CHAT = JSON.stringify({ message: 'hi', provider: 'bench' })

const nginxConfig = (folder: string, port: number, upstream: number): string =>
  `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 1000000000; client_body_temp_path ${folder}; proxy_temp_path ${folder};
fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
upstream llm { server 127.0.0.1:${upstream}; keepalive 200; keepalive_requests 1000000000; }
server { listen 127.0.0.1:${port}; location / { proxy_pass http://llm; proxy_http_version 1.1;
proxy_set_header Connection ""; proxy_buffering off; } } }`

const relay: Peer = {
  name: 'relay, parse and re-emit',
  path: '/v1/chat/completions',
  body: COMPLETION,
  async start(processes, port, upstream) {
    const child = processes.script('relay', port, upstream)
    await once(child, 'message')
    return child
  },
}

const nginx: Peer = {
  name: 'nginx proxy_pass',
  path: '/v1/chat/completions',
  body: COMPLETION,
  start(processes, port, upstream) {
    const { folder } = processes
    const file = join(folder, 'nginx.conf')
    writeFileSync(file, nginxConfig(folder, port, upstream))
    return processes.listening(port, NGINX, ['-p', folder, '-c', file])
  },
}

const inOneProcess: Peer['start'] = (processes, port, upstream) => processes.withVendor(port, upstream)

const behindRedis: Peer['start'] = async (processes, port, upstream) => {
  const redis = await freePort()
  const args = ['--port', String(redis), '--save', '', '--dir', processes.folder]
  await processes.listening(redis, 'redis-server', [...args, '--daemonize', 'no', '--logfile', '/dev/null'])
  return processes.withVendor(port, upstream, { REDIS_URL: `redis://127.0.0.1:${redis}` })
}

/** The first one is what the others are compared with. */
export const PEERS: readonly Peer[] = [
  relay,
  ...(existsSync(NGINX) ? [nginx] : []),
  { name: 'ours, /v1', path: '/v1/chat/completions', body: COMPLETION, start: inOneProcess },
  { name: 'ours, chat', path: '/api/v1/chat/stream', body: CHAT, start: inOneProcess },
  { name: 'ours, /v1, Redis', path: '/v1/chat/completions', body: COMPLETION, start: behindRedis },
  { name: 'ours, chat, Redis', path: '/api/v1/chat/stream', body: CHAT, start: behindRedis },
]
