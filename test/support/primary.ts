import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Broker } from '../../src/channel/broker.ts'
import { BrokerServer } from '../../src/channel/broker-server.ts'
import type { Verbs } from '../../src/channel/line.ts'

/** A broker as a primary serves it: each connection is a worker's. */
export const servedBroker = (broker: Broker, more: Verbs = {}) => {
  const server = new BrokerServer(broker)
  const folder = mkdtempSync(join(tmpdir(), 'tributary-line-'))
  const path = join(folder, 'line')
  /** The primary's ends. */
  const ends = new Set<Socket>()
  const listening = createServer((end) => {
    ends.add(end)
    end.on('close', () => ends.delete(end))
    server.join(end, more)
  }).listen(path)
  return {
    server,
    ends,
    connect: (): Socket => connect(path),
    close() {
      for (const end of ends) end.destroy()
      listening.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
