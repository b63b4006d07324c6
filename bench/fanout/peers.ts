import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Processes } from '../processes.ts'
import type { Load } from './load.ts'

export const PORT = Number(process.env.BENCH_PORT ?? 18_600)
const PASSWORD = 'bench-password-1'
export const NCHAN = '/usr/lib/nginx/modules/ngx_nchan_module.so'

/** Signs the first user in to the service. */
export const tokenOf = async (password: string): Promise<string> => {
  const answer = await fetch(`http://127.0.0.1:${PORT}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password }),
  })
  return ((await answer.json()) as { access_token: string }).access_token
}

/** A server that fans out, and how it is spoken to. */
export interface Peer {
  name: string
  /** Starts it; returns its process, and headers that it wants of everybody. */
  start(processes: Processes): Promise<{ pid: number; headers?: string[] } | undefined>
  sse?: Pick<Load, 'path' | 'publish' | 'ready'>
  websocket?: Pick<Load, 'path' | 'publish' | 'ready' | 'send'>
}

/** The least that it can cost. */
export const floor: Peer = {
  name: 'C loop',
  async start(processes) {
    const program = join(processes.folder, 'floor')
    const { status } = spawnSync('cc', ['-O2', '-o', program, 'bench/fanout/floor.c'], { stdio: 'inherit' })
    if (status !== 0) return undefined
    return { pid: (await processes.listening(PORT, program, [String(PORT)])).pid as number }
  },
  sse: { path: '/#', publish: '/#', ready: 'chunked' },
  websocket: { path: '/#', publish: '/#', ready: '101' },
}

export const tributary: Peer = {
  name: 'Tributary',
  async start(processes) {
    const { pid } = await processes.service(PORT, { ADMIN_PASSWORD: PASSWORD, PASSWORD_COST: '10' })
    return { pid: pid as number, headers: [`authorization: Bearer ${await tokenOf(PASSWORD)}`] }
  },
  sse: {
    path: '/api/v1/channels/topic:#/events',
    publish: '/api/v1/channels/topic:#/publications',
    ready: 'retry:',
  },
  websocket: {
    path: '/api/v1/ws',
    publish: '/api/v1/channels/topic:#/publications',
    send: '{"type":"subscribe","channel":"topic:#"}',
    ready: '"subscribed"',
  },
}

export const loop: Peer = {
  name: 'Node loop (response.write, ws)',
  async start(processes) {
    const script = new URL('loop.js', import.meta.url).pathname
    return { pid: (await processes.listening(PORT, process.execPath, [script, String(PORT)])).pid as number }
  },
  sse: { path: '/#', publish: '/#', ready: 'event-stream' },
  websocket: { path: '/#', publish: '/#', ready: '101' },
}

export const nchan: Peer = {
  name: 'nginx with Nchan',
  async start(processes) {
    if (!existsSync(NCHAN)) return undefined
    const conf = join(processes.folder, 'nginx.conf')
    writeFileSync(
      conf,
      `load_module ${NCHAN};
daemon off; master_process off; pid ${processes.folder}/nginx.pid; error_log /dev/null;
events { worker_connections 20000; }
http {
  access_log off; client_body_temp_path ${processes.folder}; proxy_temp_path ${processes.folder};
  fastcgi_temp_path ${processes.folder}; uwsgi_temp_path ${processes.folder}; scgi_temp_path ${processes.folder};
  server {
    listen 127.0.0.1:${PORT} backlog=4096;
    location ~ ^/sub/(.+)$ { nchan_subscriber; nchan_channel_id $1; nchan_subscriber_first_message newest; }
    location ~ ^/pub/(.+)$ { nchan_publisher; nchan_channel_id $1; nchan_message_buffer_length 10; }
  }
}
`,
    )
    return { pid: (await processes.listening(PORT, 'nginx', ['-c', conf])).pid as number }
  },
  sse: { path: '/sub/#', publish: '/pub/#', ready: 'event-stream' },
  websocket: { path: '/sub/#', publish: '/pub/#', ready: '101' },
}

export const bare: Peer = {
  name: 'bare Fastify',
  async start(processes) {
    const script = new URL('bare.js', import.meta.url).pathname
    return { pid: (await processes.listening(PORT, process.execPath, [script, String(PORT)])).pid as number }
  },
  sse: { path: '/#', publish: '/#', ready: '' },
}
