import t from 'tap'
import { frameOf, frameReader, KIND } from '../../src/channel/line.ts'
import { readPush, writePush } from '../../src/channel/push.ts'

t.test('frames are the same, wherever their bytes are split', async (t) => {
  const sent: [number, string][] = [
    [KIND.call, '[1,"publish","ção 🎉"]'],
    [KIND.interrupted, ''],
    [KIND.signal, 'x'.repeat(300)],
    [KIND.answer, '[1]'],
  ]
  const bytes = Buffer.concat(sent.map(([kind, text]) => frameOf(kind as 1, text)))
  const readIn = (cut: (at: number) => number): [number, string][] => {
    const heard: [number, string][] = []
    const read = frameReader((kind, body) => heard.push([kind, body.toString()]))
    for (let at = 0; at < bytes.length; at = cut(at)) read(bytes.subarray(at, cut(at)))
    return heard
  }
  for (let cut = 1; cut <= bytes.length; cut++) {
    t.same(
      readIn((at) => (at < cut ? cut : bytes.length)),
      sent,
      `at ${cut}`,
    )
  }
  t.same(
    readIn((at) => at + 1),
    sent,
    'byte by byte',
  )
})

t.test('a push is read as it was written', async (t) => {
  const epoch = 'abcdef'
  const trace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  const publications = ['{"a":":"}', '"ção 🎉 \\u2028"', '1'].map((data, index) => ({
    channel: 'topic:a',
    epoch,
    offset: 7 + index,
    data,
  }))
  for (const wanted of [
    publications.slice(1, 2),
    publications,
    publications.map((publication) => ({ ...publication, trace })),
  ])
    t.same(readPush('topic:a', writePush(wanted)), wanted)
})
