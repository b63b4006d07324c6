import t from 'tap'
import type { ReplayedEvent } from '../../src/feed/feed.ts'
import { turnFeed } from '../../src/feed/turn-feed.ts'
import { deferred } from '../../src/turn/deferred.ts'
import type { TurnWriter } from '../../src/turn/turn.ts'
import { openTestStore } from '../support/store.ts'
import { openTurns } from '../support/turns.ts'

const REST: readonly [what: string, tell: (turn: TurnWriter) => void, told: object[]][] = [
  ['more text', (turn) => turn.text('def'), [{ type: 'chunk', content: 'def' }]],
  [
    'a text that starts over',
    (turn) => {
      turn.reset('PROVIDER_TIMEOUT')
      turn.text('xyz')
    },
    [{ type: 'reset' }, { type: 'chunk', content: 'xyz' }],
  ],
  ['nothing', () => undefined, []],
]

for (const [what, tell, told] of REST)
  t.test(`a viewer whose turn ended while it was told the state is told ${what}, then the end`, async (t) => {
    const store = await openTestStore('sqlite')
    const { hub, streams, turns } = openTurns(t, store)
    const goOn = deferred<void>()
    const turn = await turns.start({
      kind: 'prompt',
      owner: 'alice',
      onDisconnect: 'continue',
      async answer(telling) {
        telling.text('abc')
        await goOn.promise
        tell(telling)
        return { provider: null, model: null, finishReason: 'stop' }
      },
    })
    await turn.firstText
    const feed = turnFeed({ streams, turns }, turn.stream)
    const { epoch, top } = await hub.history(feed.channel, Number.MAX_SAFE_INTEGER, 1)
    const position = { epoch, offset: top }
    t.match(await feed.snapshot?.(position), { content: 'abc' })
    goOn.resolve()
    await turn.ended
    const story: ReplayedEvent[] = []
    for await (const event of feed.replay?.(true, position) ?? []) story.push(event)
    t.match(
      story.map(({ data }) => JSON.parse(data)),
      [...told, { type: 'complete' }],
    )
    t.equal(story.length, told.length + 1)
    t.same(story.at(-1)?.terminal, true)
  })
