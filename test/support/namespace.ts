import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { program } from './program.ts'

const run = promisify(execFile)

/** A network of its own for a server, on a cable to this machine's. */
export interface Network {
  /** Of the server. */
  readonly address: string
  /** Addresses at this end of the cable: one that stays, and one that can go away. */
  readonly here: string
  readonly going: string
  /** Starts a command in it. */
  readonly under: readonly string[]
  /** Drops every packet to and from {@link going}, without a word to either side. */
  vanish(): Promise<void>
}

/**
 * Makes a network namespace for a server, and removes it with the test. It needs root and iproute2.
 * @param retries how often its kernel sends again what nobody acknowledges
 */
export const openNetwork = async (t: Pick<Test, 'teardown'>, retries: number): Promise<Network> => {
  const ip = program('ip', 'iproute2')
  const name = `tributary${process.pid}`
  const [near, far] = [`tn${process.pid}`, `tf${process.pid}`]
  const call = (line: string) => run(ip, line.split(' '))
  await call(`netns add ${name}`)
  t.teardown(async () => {
    // The cable goes with one of its ends.
    await call(`link delete ${near}`).catch(() => undefined)
    await call(`netns delete ${name}`)
  })
  const part = process.pid % 250
  const [address, here, going] = [1, 2, 3].map((host) => `10.211.${part}.${host}`) as [string, string, string]
  await call(`link add ${near} type veth peer name ${far} netns ${name}`)
  await call(`-n ${name} address add ${address}/29 dev ${far}`)
  await call(`-n ${name} link set ${far} up`)
  await call(`-n ${name} link set lo up`)
  for (const one of [here, going]) await call(`address add ${one}/29 dev ${near}`)
  await call(`link set ${near} up`)
  const under = [ip, 'netns', 'exec', name]
  await run(ip, ['netns', 'exec', name, 'sh', '-c', `echo ${retries} > /proc/sys/net/ipv4/tcp_retries2`])
  return {
    address,
    here,
    going,
    under,
    async vanish() {
      await call(`address delete ${going}/29 dev ${near}`)
    },
  }
}
