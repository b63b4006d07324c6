import { connect, type Socket } from 'node:net'
import type { Service } from './service.ts'
import { until } from './stage.ts'

/** RFC 6455 section 5.2. */
export interface FrameFields {
  fin?: boolean
  rsv?: number
  opcode: number
  payload?: Buffer
  masked?: boolean
  /** The form of the length; the shortest one unless said. */
  lengthBits?: 7 | 16 | 64
  /** A length that is not the payload's. */
  claimed?: bigint
}

/** Makes one frame of a client, right or wrong. */
export function encode({
  fin = true,
  rsv = 0,
  opcode,
  payload = Buffer.alloc(0),
  masked = true,
  ...rest
}: FrameFields): Buffer {
  const length = rest.claimed ?? BigInt(payload.length)
  const bits = rest.lengthBits ?? (length < 126n ? 7 : length < 65_536n ? 16 : 64)
  const mark = bits === 7 ? Number(length) : bits === 16 ? 126 : 127
  const head = Buffer.alloc(bits === 7 ? 2 : bits === 16 ? 4 : 10)
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode
  head[1] = (masked ? 0x80 : 0) | mark
  if (bits === 16) head.writeUInt16BE(Number(length), 2)
  if (bits === 64) head.writeBigUInt64BE(BigInt.asUintN(64, length), 2)
  if (!masked) return Buffer.concat([head, payload])
  const mask = Buffer.from([0x11, 0x9a, 0x3c, 0xe7])
  const hidden = Buffer.from(payload.map((byte, index) => byte ^ (mask[index % 4] as number)))
  return Buffer.concat([head, mask, hidden])
}

export const TEXT = 1
export const BINARY = 2
export const CLOSE = 8
export const PING = 9
export const PONG = 10
export const PROBE = encode({ opcode: PING, payload: Buffer.from('still there?') })

/**
 * The end of a case: the code of the server's close; `answered`, a command in it was understood; `open`, the connection
 * still answers a ping frame.
 */
export type Outcome = number | 'open' | 'answered'

/** Bytes that a client sends over a connection of their own, in these pieces, and what they must lead to. */
export interface Case {
  name: string
  bytes: Buffer[]
  outcome: Outcome
}

/** A case of one frame. */
export const frame = (name: string, fields: FrameFields, outcome: Outcome): Case => ({
  name,
  bytes: [encode(fields)],
  outcome,
})

/** Opens a bare connection that understands the server's frames. @param extensions what the client offers */
export async function upgrade(
  url: string,
  token: string,
  extensions?: string,
): Promise<{ socket: Socket; outcome(): Outcome | undefined }> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let received = Buffer.alloc(0)
  let outcome: Outcome | undefined
  let upgraded = false
  socket.on('error', () => {})
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    if (!upgraded) {
      const end = received.indexOf('\r\n\r\n')
      if (end < 0) return
      upgraded = received.toString('latin1', 0, 12) === 'HTTP/1.1 101'
      received = received.subarray(end + 4)
    }
    while (received.length >= 2) {
      const short = (received[1] as number) & 0x7f
      const head = short === 126 ? 4 : short === 127 ? 10 : 2
      if (received.length < head) return
      const length =
        short === 126 ? received.readUInt16BE(2) : short === 127 ? Number(received.readBigUInt64BE(2)) : short
      if (received.length < head + length) return
      const opcode = (received[0] as number) & 0x0f
      const payload = received.subarray(head, head + length)
      if (opcode === CLOSE) outcome = length < 2 ? 1005 : payload.readUInt16BE(0)
      if (opcode === PONG && payload.toString() === 'the end?') outcome ??= 'open'
      if (opcode === TEXT && payload.includes('"pong"')) outcome ??= 'answered'
      received = received.subarray(head + length)
    }
  })
  socket.write(
    `GET /api/v1/ws?token=${token} HTTP/1.1\r\nhost: ${hostname}\r\nconnection: upgrade\r\nupgrade: websocket\r\n` +
      'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
      `${extensions === undefined ? '' : `sec-websocket-extensions: ${extensions}\r\n`}\r\n`,
  )
  await until('it is upgraded', () => upgraded)
  return { socket, outcome: () => outcome }
}

/** Asks whether the connection is still there. */
export const END = encode({ opcode: PING, payload: Buffer.from('the end?') })

/** Sends the pieces of a case. Returns what they lead to; undefined where the connection was cut without a word. */
export async function outcomeOf(
  service: Service,
  token: string,
  { bytes, outcome: wanted }: Pick<Case, 'bytes' | 'outcome'>,
  extensions?: string,
): Promise<Outcome | undefined> {
  const { socket, outcome } = await upgrade(service.url, token, extensions)
  for (const piece of bytes) socket.write(piece)
  if (wanted !== 'answered') socket.write(END)
  await until('an outcome', () => outcome() !== undefined || socket.destroyed)
  socket.destroy()
  return outcome()
}

/** Runs all cases, many at once. Returns those with another outcome. */
export async function runAll(
  service: Service,
  cases: readonly Case[],
  extensions?: string,
): Promise<{ name: string; got: unknown; wanted: Outcome }[]> {
  const token = await service.tokenOf('ana')
  const wrong: { name: string; got: unknown; wanted: Outcome }[] = []
  const waiting = [...cases]
  const work = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const got = await outcomeOf(service, token, one, extensions)
      if (got !== one.outcome) wrong.push({ name: one.name, got, wanted: one.outcome })
    }
  }
  await Promise.all(Array.from({ length: 32 }, work))
  return wrong
}
