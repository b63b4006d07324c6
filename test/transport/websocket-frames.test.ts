import fc from 'fast-check'
import t from 'tap'
import { fuzzCount, fuzzSeed } from '../support/long.ts'
import {
  BINARY,
  type Case,
  CLOSE,
  END,
  encode,
  frame,
  type Outcome,
  outcomeOf,
  PING,
  PONG,
  PROBE,
  runAll,
  TEXT,
  upgrade,
} from './frame-cases.ts'
import { openService } from './service.ts'
import { until } from './stage.ts'

t.setTimeout(7_000_000)

const utf8 = (bytes: number[]): Buffer => Buffer.from(bytes)

/** Every first byte and mask bit there is. */
function headerCases(): Case[] {
  const cases: Case[] = []
  for (let opcode = 0; opcode < 16; opcode++) {
    for (const fin of [true, false]) {
      for (let rsv = 0; rsv < 8; rsv++) {
        for (const masked of [true, false]) {
          const known = [TEXT, BINARY, CLOSE, PING, PONG].includes(opcode)
          const fragmentedControl = opcode >= CLOSE && !fin
          const broken = rsv !== 0 || !masked || !known || fragmentedControl
          const outcome = broken ? 1002 : opcode === CLOSE ? 1005 : 'open'
          const name = `opcode ${opcode} fin ${fin} rsv ${rsv} masked ${masked}`
          cases.push(frame(name, { opcode, fin, rsv, masked }, outcome))
        }
      }
    }
  }
  return cases
}

function lengthCases(): Case[] {
  const cases: Case[] = []
  for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 65_537]) {
    for (const opcode of [TEXT, BINARY]) {
      for (const lengthBits of [7, 16, 64] as const) {
        if (length > (lengthBits === 7 ? 125 : lengthBits === 16 ? 65_535 : Number.MAX_SAFE_INTEGER)) continue
        const outcome = length > 65_536 ? 1009 : 'open'
        const payload = Buffer.alloc(length, 'a')
        cases.push(
          frame(
            `${length} bytes in ${lengthBits} bits, opcode ${opcode}`,
            { opcode, payload, lengthBits },
            outcome,
          ),
        )
      }
    }
  }
  for (const claimed of [65_537n, 1n << 31n, 1n << 32n, 1n << 53n, 1n << 63n, (1n << 64n) - 1n]) {
    cases.push(frame(`${claimed} bytes claimed`, { opcode: TEXT, claimed, lengthBits: 64 }, 1009))
  }
  for (const opcode of [CLOSE, PING, PONG]) {
    for (const length of [126, 200, 70_000]) {
      const payload = Buffer.alloc(length, 'a')
      cases.push(frame(`a control frame of ${length} bytes, opcode ${opcode}`, { opcode, payload }, 1002))
    }
  }
  return cases
}

function closeCases(): Case[] {
  const close = (code: number, reason: Buffer): Buffer => {
    const payload = Buffer.alloc(2 + reason.length)
    payload.writeUInt16BE(code)
    reason.copy(payload, 2)
    return payload
  }
  const allowed = [
    1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
  ]
  const forbidden = [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535]
  return [
    ...allowed.map((code) =>
      frame(`close ${code}`, { opcode: CLOSE, payload: close(code, Buffer.from('bye')) }, code),
    ),
    ...forbidden.map((code) =>
      frame(`close ${code}`, { opcode: CLOSE, payload: close(code, Buffer.alloc(0)) }, 1002),
    ),
    frame('a close of one byte', { opcode: CLOSE, payload: utf8([3]) }, 1002),
    frame('a close whose reason is not UTF-8', { opcode: CLOSE, payload: close(1000, utf8([0xff])) }, 1007),
    frame(
      'a close with the longest reason',
      { opcode: CLOSE, payload: close(1000, Buffer.alloc(123, 'a')) },
      1000,
    ),
  ]
}

function textCases(): Case[] {
  const valid = ['a', 'é', '€', '😀', '\u0000', '\uffff', '\u{10ffff}', 'κόσμε']
  const invalid = [
    [0x80],
    [0xbf],
    [0xc0, 0xaf],
    [0xc1, 0xbf],
    [0xc3],
    [0xc3, 0x28],
    [0xe0, 0x80, 0x80],
    [0xe2, 0x82],
    [0xed, 0xa0, 0x80],
    [0xed, 0xbf, 0xbf],
    [0xf0, 0x80, 0x80, 0x80],
    [0xf0, 0x9f, 0x98],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf5, 0x80, 0x80, 0x80],
    [0xfe],
    [0xff],
  ]
  const texts: [string, Buffer, Outcome][] = [
    ...valid.map((text): [string, Buffer, Outcome] => [JSON.stringify(text), Buffer.from(text), 'open']),
    ['a command', Buffer.from('{"type":"ping"}'), 'answered'],
    ...invalid.map((bytes): [string, Buffer, Outcome] => [`bytes ${bytes}`, utf8(bytes), 1007]),
  ]
  return texts.flatMap(([name, payload, outcome]) => [
    frame(name, { opcode: TEXT, payload }, outcome),
    ...Array.from({ length: payload.length + 1 }, (_, at) => ({
      name: `${name} in two at ${at}`,
      bytes: [
        encode({ opcode: TEXT, fin: false, payload: payload.subarray(0, at) }),
        PROBE,
        encode({ opcode: 0, payload: payload.subarray(at) }),
      ],
      outcome,
    })),
    {
      name: `${name} byte by byte`,
      bytes: [encode({ opcode: TEXT, payload })].flatMap((bytes) => [...bytes].map((byte) => utf8([byte]))),
      outcome,
    },
  ])
}

function fragmentCases(): Case[] {
  const start = encode({ opcode: TEXT, fin: false, payload: Buffer.from('{') })
  const middle = encode({ opcode: 0, fin: false, payload: Buffer.from(' ') })
  const last = encode({ opcode: 0, payload: Buffer.from('}') })
  const sequences: [string, Buffer[], Outcome][] = [
    ['begin, middle, end', [start, middle, last], 'open'],
    ['begin and a ping inside', [start, PROBE, last], 'open'],
    ['begin and a pong inside', [start, encode({ opcode: PONG }), last], 'open'],
    ['a message inside a message', [start, encode({ opcode: TEXT })], 1002],
    ['a binary message inside a message', [start, encode({ opcode: BINARY, fin: false })], 1002],
    ['an end without a beginning', [last], 1002],
    ['a second end', [start, last, last], 1002],
    ['reserved bits in the middle', [start, encode({ opcode: 0, rsv: 4, fin: false })], 1002],
    ['a middle without mask', [start, encode({ opcode: 0, fin: false, masked: false })], 1002],
    ['a close inside a message', [start, encode({ opcode: CLOSE, payload: utf8([3, 0xe8]) })], 1000],
    ['frames after a close', [encode({ opcode: CLOSE, payload: utf8([3, 0xe8]) }), start, PROBE], 1000],
    ['empty pieces', [start, ...Array<Buffer>(500).fill(encode({ opcode: 0, fin: false })), last], 'open'],
    ['too many pieces', [start, ...Array<Buffer>(2000).fill(middle)], 1008],
    [
      '16,000 pieces of one byte',
      [Buffer.concat([start, ...Array<Buffer>(16_000).fill(middle), last])],
      1008,
    ],
    [
      'pieces above the limit',
      [
        start,
        ...Array<Buffer>(5).fill(encode({ opcode: 0, fin: false, payload: Buffer.alloc(16_384, 'a') })),
      ],
      1009,
    ],
  ]
  return sequences.map(([name, bytes, outcome]) => ({ name, bytes, outcome }))
}

t.test('each frame of the table leads to what RFC 6455 says', async (t) => {
  const service = await openService(t, { sockets: { messageBurst: 100_000 } })
  const cases = [...headerCases(), ...lengthCases(), ...closeCases(), ...textCases(), ...fragmentCases()]
  t.same(await runAll(service, cases), [])
  t.comment(`${cases.length} cases`)
  await until('no connection is left', () => service.connections.size === 0)
})

t.test('mutated frames never bring the service down or leave a connection behind', async (t) => {
  const service = await openService(t, { sockets: { messageBurst: 100_000 } })
  const token = await service.tokenOf('ana')
  const seeds = [
    ...lengthCases().slice(0, 12),
    ...closeCases(),
    ...textCases().slice(0, 30),
    ...fragmentCases().slice(0, 11),
  ].map(({ bytes }) => Buffer.concat(bytes))
  const mutated = fc
    .tuple(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 }),
      fc.nat(),
    )
    .map(([seed, changes, cut]) => {
      const bytes = Buffer.from(seed)
      for (const [at, value] of changes) bytes[at % bytes.length] = value
      return [bytes.subarray(0, cut % bytes.length), bytes.subarray(cut % bytes.length)]
    })
  const count = fuzzCount(600)
  let left = count
  let seed = fuzzSeed
  const work = async (): Promise<void> => {
    while (left > 0) {
      const samples = fc.sample(mutated, { numRuns: 10, seed: seed++ })
      left -= samples.length
      for (const one of samples) {
        const { socket } = await upgrade(service.url, token)
        for (const piece of one) socket.write(piece)
        socket.end(END)
        await new Promise((resolve) => socket.once('close', resolve).resume())
      }
    }
  }
  await Promise.all(Array.from({ length: 16 }, work))
  t.equal(await outcomeOf(service, token, { bytes: [], outcome: 'open' }), 'open', 'it still serves')
  t.comment(`seed ${fuzzSeed}, ${count} mutations`)
  await until('no connection is left', () => service.connections.size === 0)
})
