import type { Test } from 'tap'
import type { Deployment, Instance } from './deployment.ts'
import { type Follower, follow } from './follower.ts'
import { csvOf } from './planted/csv.ts'
import { plantedFile } from './planted/file.ts'
import type { Message } from './socket.ts'

/** Uploads a generated file with planted cases of every type. @returns its id */
export const uploadPlanted = async (instance: Instance, rows: number): Promise<string> => {
  const { contracts } = plantedFile(11, rows)
  const { text, mapping } = csvOf(contracts)
  const path = `/api/v1/datasets?name=planted&mapping=${encodeURIComponent(JSON.stringify(mapping))}`
  const answer = await instance.call('POST', path, { type: 'text/csv', body: text })
  if (answer.status !== 201)
    throw new Error(`upload answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  return answer.body.dataset_id
}

/** An investigation that has begun, and the two instances as it sees them. */
export interface Begun {
  id: string
  streamId: string
  /** Runs it. */
  holder: Instance
  other: Instance
}

const isEnd = (type: string): boolean => ['complete', 'error', 'cancelled'].includes(type)

/**
 * Starts an investigation on the first instance, and finds out which of the two runs it.
 * @param of a dataset's id, or what else the request names
 */
export const investigate = async (
  instances: readonly Instance[],
  of: string | { data_source: 'pncp' },
): Promise<Begun> => {
  const [first, second] = instances as [Instance, Instance]
  const { status, body } = await first.call('POST', '/api/v1/investigations', {
    body: { query: 'anything odd?', ...(typeof of === 'string' ? { dataset_id: of } : of) },
  })
  if (status !== 202) throw new Error(`the start answered ${status}: ${JSON.stringify(body)}`)
  for (;;) {
    const stream = (await first.call('GET', `/api/v1/streams/${body.stream_id}`)).body
    if (stream.instance === null) continue
    const holder = runs(first, stream.instance) ? first : second
    return {
      id: body.investigation_id,
      streamId: body.stream_id,
      holder,
      other: holder === first ? second : first,
    }
  }
}

/** Is this the instance of that name? */
export const runs = (instance: Instance, name: string | null): boolean =>
  name?.includes(`-${instance.pid}-`) ?? false

/** Follows an investigation where `address` says. */
export const watch = ({ token }: Deployment, id: string, address: () => string): Follower =>
  follow({ address, path: `/api/v1/investigations/stream/${id}`, token })

export const messagesOf = (follower: Follower): Message[] =>
  follower.events.map(({ data }) => JSON.parse(data) as Message)

/** Resolves with what a follower was told, once it has been told the end. */
export const toEnd = async (follower: Follower): Promise<Message[]> => {
  await follower.saw(({ data }) => isEnd(JSON.parse(data).type))
  follower.close()
  return messagesOf(follower)
}

/** What was found, as sorted ids. */
export const foundIn = (story: readonly Message[]): string[] =>
  story
    .filter(({ type }) => type === 'anomaly')
    .map(({ anomaly_id }) => anomaly_id)
    .sort()

/** One terminal event, at the end; no finding twice; progress that never falls. */
export const assertOneStory = (t: Test, story: readonly Message[], end: string): void => {
  t.same(
    story.filter(({ type }) => isEnd(type)).map(({ type }) => type),
    [end],
    'exactly one terminal event',
  )
  t.equal(story.at(-1)?.type, end, 'which is the last')
  const found = foundIn(story)
  t.equal(new Set(found).size, found.length, 'no finding twice')
  for (const figure of ['progress', 'records_processed'] as const) {
    const figures = story.filter(({ type }) => type === 'progress').map((event) => event[figure] as number)
    t.same(
      figures,
      [...figures].sort((x, y) => x - y),
      `${figure} never falls`,
    )
  }
}

/** Offsets of one epoch, one after the other, without a recovery in between. */
export const assertUnbroken = (t: Test, follower: Follower): void => {
  t.same(follower.recoveries, [], 'nothing to recover')
  t.equal(follower.connections, 1, 'over one connection')
  const ids = follower.events.map(({ id }) => id?.split(':') as [string, string])
  t.equal(new Set(ids.map(([epoch]) => epoch)).size, 1, 'one epoch')
  t.same(
    ids.map(([, offset]) => Number(offset)),
    ids.map((_, index) => index + 1),
    'offsets 1, 2, 3…',
  )
}
