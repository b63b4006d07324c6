import t from 'tap'
import { feedVocabulary } from '../../src/transport/frames.ts'
import { channelFrames } from '../../src/vocabulary/socket.ts'
import { v1 } from '../../src/vocabulary/v1.ts'

t.test('subscribers of one feed share its frames, under the name that they know', async (t) => {
  const named = (name: string) => feedVocabulary(channelFrames.events, { events: v1, name })
  const inner = { channel: 'chat:a:1', epoch: 'e', offset: 1, data: '{}' }
  for (const name of ['chat:a', 'chat:b']) {
    t.equal(named(name), named(name), 'one vocabulary makes frames once')
    t.match(JSON.parse(named(name)(inner)[0]?.data ?? ''), { channel: name, offset: 1 })
  }
})
