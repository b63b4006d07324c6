import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { constants, deflateRawSync } from 'node:zlib'
import t from 'tap'
import { BINARY, type Case, CLOSE, encode, frame, type Outcome, PING, runAll, TEXT } from './frame-cases.ts'
import { openService } from './service.ts'
import { until } from './stage.ts'

/** Bit of a compressed message. @see https://www.rfc-editor.org/rfc/rfc7692#section-7.2 */
const RSV1 = 4
const COMMAND = Buffer.from('{"type":"ping"}')

/** Compresses a message as clients do: flushed, without the last four bytes. */
const deflated = (payload: Buffer, level = 6): Buffer =>
  deflateRawSync(payload, { level, finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)

const compressed = (name: string, payload: Buffer, outcome: Outcome): Case =>
  frame(name, { opcode: TEXT, rsv: RSV1, payload }, outcome)

/** The same message in two frames, cut at every byte of its compressed form. */
const cuts = (name: string, payload: Buffer, outcome: Outcome): Case[] =>
  Array.from({ length: payload.length + 1 }, (_, at) => ({
    name: `${name} in two at ${at}`,
    bytes: [
      encode({ opcode: TEXT, rsv: RSV1, fin: false, payload: payload.subarray(0, at) }),
      encode({ opcode: PING }),
      encode({ opcode: 0, payload: payload.subarray(at) }),
    ],
    outcome,
  }))

const cases = (): Case[] => {
  const packed = deflated(COMMAND)
  const whole = deflateRawSync(COMMAND)
  const half = Math.floor(packed.length / 2)
  const noise = Buffer.from(Array.from({ length: 40_000 }, (_, n) => (n * n * 31 + n) % 251))
  return [
    ...Array.from({ length: 10 }, (_, level) =>
      compressed(`a command at level ${level}`, deflated(COMMAND, level), 'answered'),
    ),
    compressed('a command that ends its stream', whole, 'answered'),
    compressed(
      'a command in two blocks',
      Buffer.concat([
        deflateRawSync(COMMAND.subarray(0, 5), { finishFlush: constants.Z_SYNC_FLUSH }),
        deflated(COMMAND.subarray(5)),
      ]),
      'answered',
    ),
    compressed('an empty message', Buffer.from([0]), 'open'),
    frame('a command that is not compressed', { opcode: TEXT, payload: COMMAND }, 'answered'),
    frame('binary', { opcode: BINARY, rsv: RSV1, payload: packed }, 'open'),
    ...cuts('a command', packed, 'answered'),
    ...cuts('text in UTF-8', deflated(Buffer.from('κόσμε 😀')), 'open'),
    ...cuts('text that is not UTF-8', deflated(Buffer.from([0x7b, 0xc3, 0x28])), 1007),
    {
      name: 'a command byte by byte',
      bytes: [...encode({ opcode: TEXT, rsv: RSV1, payload: packed })].map((byte) => Buffer.from([byte])),
      outcome: 'answered',
    },
    {
      name: 'two commands, each by itself',
      bytes: Array(2).fill(encode({ opcode: TEXT, rsv: RSV1, payload: packed })),
      outcome: 'answered',
    },
    compressed('65,536 bytes inflated', deflated(Buffer.alloc(65_536, 'a')), 'open'),
    compressed('65,537 bytes inflated', deflated(Buffer.alloc(65_537, 'a')), 1009),
    compressed('a hundred megabytes inflated', deflated(Buffer.alloc(20_000_000, 'a')), 1009),
    compressed('more compressed than a message may have', deflated(Buffer.concat([noise, noise]), 0), 1009),
    compressed('no deflate at all', Buffer.from('this is no deflate'), 1007),
    compressed('an unknown kind of block', Buffer.from([0x07]), 1007),
    compressed('a distance behind the beginning', Buffer.from([0x02, 0x03, 0x42, 0x00]), 1007),
    ...[1, 2, 3, 5, 6, 7].flatMap((rsv) =>
      rsv === RSV1 ? [] : [frame(`reserved bits ${rsv}`, { opcode: TEXT, rsv, payload: packed }, 1002)],
    ),
    ...[CLOSE, PING, 10].map((opcode) =>
      frame(`a compressed control frame ${opcode}`, { opcode, rsv: RSV1 }, 1002),
    ),
    frame(
      'a compressed message without a mask',
      { opcode: TEXT, rsv: RSV1, payload: packed, masked: false },
      1002,
    ),
    {
      name: 'the bit on the second piece',
      bytes: [
        encode({ opcode: TEXT, rsv: RSV1, fin: false, payload: packed.subarray(0, half) }),
        encode({ opcode: 0, rsv: RSV1, payload: packed.subarray(half) }),
      ],
      outcome: 1002,
    },
    {
      name: 'the bit on the second piece alone',
      bytes: [encode({ opcode: TEXT, fin: false }), encode({ opcode: 0, rsv: RSV1, payload: packed })],
      outcome: 1002,
    },
    {
      name: 'a compressed message inside a message',
      bytes: [encode({ opcode: TEXT, fin: false }), encode({ opcode: TEXT, rsv: RSV1, payload: packed })],
      outcome: 1002,
    },
    {
      name: '16,000 compressed pieces',
      bytes: [
        Buffer.concat([
          encode({ opcode: TEXT, rsv: RSV1, fin: false }),
          ...Array<Buffer>(16_000).fill(encode({ opcode: 0, fin: false })),
        ]),
      ],
      outcome: 1008,
    },
  ]
}

t.test('each compressed message of the table leads to what RFC 7692 says', async (t) => {
  const service = await openService(t, { compression: true, sockets: { messageBurst: 100_000 } })
  const all = cases()
  t.same(await runAll(service, all, 'permessage-deflate'), [])
  t.comment(`${all.length} cases`)
  await until('no connection is left', () => service.connections.size === 0)
})

t.test('compression is agreed on as it was offered, or not at all', async (t) => {
  const service = await openService(t, { compression: true })
  const token = await service.tokenOf('ana')
  /** Returns the extensions that the answer to an upgrade names; its status where it is refused. */
  const agreed = async (offer: string): Promise<string | number> => {
    const asking = request(`${service.url}/api/v1/ws?token=${token}`, {
      headers: {
        connection: 'upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'sec-websocket-extensions': offer,
      },
    }).end()
    const [answer] = (await Promise.race([once(asking, 'upgrade'), once(asking, 'response')])) as [
      IncomingMessage,
    ]
    answer.socket.destroy()
    return answer.statusCode === 101
      ? (answer.headers['sec-websocket-extensions'] ?? '')
      : Number(answer.statusCode)
  }
  const plain = 'permessage-deflate; server_no_context_takeover; client_no_context_takeover'
  for (const [offer, answer] of [
    ['permessage-deflate', plain],
    ['permessage-deflate; client_max_window_bits', plain],
    ['x-webkit-deflate-frame, permessage-deflate', plain],
    ['permessage-deflate; server_max_window_bits=10', plain.replace(';', '; server_max_window_bits=10;')],
    ['x-webkit-deflate-frame', ''],
  ] as const)
    t.equal(await agreed(offer), answer, offer)
  for (const parameters of [
    'server_max_window_bits=7',
    'server_max_window_bits=16',
    'server_max_window_bits',
    'client_max_window_bits=0',
    'server_no_context_takeover=1',
    'server_no_context_takeover; server_no_context_takeover',
    'unheard_of',
  ])
    t.ok(['', 400].includes(await agreed(`permessage-deflate; ${parameters}`)), parameters)
  await until('no connection is left', () => service.connections.size === 0)
})
