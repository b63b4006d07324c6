import t from 'tap'
import { chunkOf, chunkWriter } from '../../src/protocol/chunk-text.ts'
import { eventHead, leadingMembers, singleLine, terminalTest } from '../../src/protocol/event-text.ts'
import { anomalyIdOf } from '../../src/protocol/investigation-event.ts'
import { turnEventHead, turnEventOf, turnEventText } from '../../src/protocol/turn-event.ts'

t.test('a head is a prefix of the texts that it is made for, and of no others', async (t) => {
  const text = turnEventText('s1', { type: 'chunk', content: 'a', index: 0 })
  t.ok(text.startsWith(eventHead('chunk')))
  t.ok(text.startsWith(turnEventHead('chunk', 's1')))
  t.notOk(text.startsWith(turnEventHead('chunk', 's')), 'an id that another one begins with')
  t.notOk(text.startsWith(turnEventHead('complete', 's1')))
  t.ok(JSON.stringify({ type: 'x', id: 'a"b' }).startsWith(eventHead('x', 'id', 'a"b')))
})

t.test('leading members are read in their order, or not at all', async (t) => {
  const read = leadingMembers('type', 'stream_id')
  t.same(read('{"type":"start","stream_id":"s1","more":{"type":"x"}}'), ['start', 's1'])
  t.same(read('{"type":"start","stream_id":"s1"}'), ['start', 's1'])
  for (const other of [
    '{"stream_id":"s1","type":"start"}',
    '{"type":"start"}',
    '{"type":"start","stream_id":7}',
    '{"type":"start","stream_id":"s1',
    '{"type":"a\\"b","stream_id":"s1"}',
    '["type"]',
    '',
  ])
    t.equal(read(other), undefined, other)
})

t.test('the end of a stream is told by its text: of any stream, or of one', async (t) => {
  const [any, one] = [terminalTest(), terminalTest('s1')]
  for (const type of ['complete', 'error', 'cancelled']) {
    const data = JSON.stringify({ type, stream_id: 's1' })
    t.ok(any({ data }) && one({ data }), type)
    t.notOk(one({ data: JSON.stringify({ type, stream_id: 's2' }) }), `${type} of another stream`)
  }
  for (const type of ['start', 'chunk', 'completed', 'paused'])
    t.notOk(any({ data: JSON.stringify({ type, stream_id: 's1' }) }), type)
})

t.test('ids are read out of the events that have them', async (t) => {
  const anomaly = { type: 'anomaly', investigation_id: 'i1', anomaly_id: 'a1', title: 'x' }
  t.equal(anomalyIdOf(JSON.stringify(anomaly)), 'a1')
  t.equal(anomalyIdOf(JSON.stringify({ ...anomaly, type: 'progress' })), undefined)
  t.equal(anomalyIdOf('{"type":"complete","investigation_id":"i1"}'), undefined)
  t.same(turnEventOf(turnEventText('s1', { type: 'reset', reason: 'r' })), { type: 'reset', streamId: 's1' })
  t.equal(turnEventOf('{"type":"typing","user":"ana"}'), undefined)
})

t.test('a chunk that is written is read as it was published, on one line', async (t) => {
  const write = chunkWriter('s1')
  for (const content of ['plain', '"quoted" \\ ","index":9}', 'line\u2028end\u0085', '{"type":"chunk"}'])
    t.same(chunkOf(write(content, 3)), { streamId: 's1', json: singleLine(content), index: 3 })
  t.notMatch(write('a\u2028b', 0), /\u2028/)
})
