import t from 'tap'
import type { Problem } from '../../src/errors.ts'
import { promptExecution } from '../../src/prompt/execution.ts'
import { Models } from '../../src/prompt/models.ts'
import { Prompts } from '../../src/prompt/prompts.ts'
import { accessIn } from '../support/access.ts'
import { DIALECTS, openTestStore } from '../support/store.ts'

const MODEL = { name: 'Grok', provider: 'xai', modelId: 'grok-4' }
const PROMPT = { title: 'T', content: 'Resuma {{text}}', modelId: null, temperature: 0.3, maxTokens: 5 }
const codeOf = (error: unknown): string => (error as Problem).code

for (const dialect of DIALECTS)
  t.test(dialect, async (t) => {
    const store = await openTestStore(dialect)
    const models = new Models(store, (name) => name === 'xai')
    const prompts = new Prompts(store)

    await t.test('what is kept comes back as it was given', async (t) => {
      const model = await models.create('alice', MODEL)
      t.strictSame({ ...(await models.get(model.id)) }, { id: model.id, ...MODEL })
      const prompt = await prompts.create('alice', { ...PROMPT, modelId: model.id })
      t.strictSame({ ...(await prompts.get(prompt.id)) }, { id: prompt.id, ...PROMPT, modelId: model.id })
      const changed = await prompts.change(prompt.id, { modelId: null, maxTokens: null })
      t.strictSame({ ...changed }, { ...prompt, modelId: null, maxTokens: null })
      t.strictSame(await prompts.list('alice', 10, 0), [changed])
      t.strictSame(await prompts.list('bob', 10, 0), [])
      t.strictSame(await prompts.list(null, 10, prompt.id), [])
      await prompts.remove(prompt.id)
      await t.rejects(prompts.change(prompt.id, { title: 'x' }), { code: 'NOT_FOUND' })
      await t.rejects(prompts.remove(prompt.id), { code: 'NOT_FOUND' })
    })

    await t.test('a change is undone with what is written alongside it', async (t) => {
      const fail = async () => {
        throw new Error('no event')
      }
      const before = [await models.list(100, 0), await prompts.list(null, 100, 0)]
      const model = await models.create('alice', MODEL)
      const prompt = await prompts.create('alice', PROMPT)
      const changes: (() => Promise<unknown>)[] = [
        () => models.create('alice', MODEL, fail),
        () => models.change(model.id, { name: 'x' }, fail),
        () => models.remove(model.id, fail),
        () => prompts.create('alice', PROMPT, fail),
        () => prompts.change(prompt.id, { title: 'x' }, fail),
        () => prompts.remove(prompt.id, fail),
      ]
      for (const change of changes)
        await t.rejects(async () => void (await change()), { message: 'no event' })
      t.strictSame(
        [await models.list(100, 0), await prompts.list(null, 100, 0)],
        [
          [...(before[0] ?? []), model],
          [...(before[1] ?? []), prompt],
        ],
      )
    })

    await t.test('no prompt is left without its model, whoever comes first', async (t) => {
      for (let round = 0; round < 25; round++) {
        const { id } = await models.create('alice', MODEL)
        const other = await prompts.create('bob', PROMPT)
        const use = [
          () => prompts.create('alice', { ...PROMPT, modelId: id }),
          () => prompts.change(other.id, { modelId: id }),
        ]
        const remove = () => models.remove(id)
        const all = round % 2 === 0 ? [...use, remove] : [remove, ...use]
        const results = await Promise.allSettled(all.map((one) => one()))
        const failed = results.flatMap((one) => (one.status === 'rejected' ? [codeOf(one.reason)] : []))
        const users = (await prompts.list(null, 1000, 0)).filter(({ modelId }) => modelId === id)
        const isThere = (await models.get(id)) !== undefined
        t.equal(isThere, users.length > 0, 'the model is there as long as a prompt uses it')
        t.strictSame(failed, isThere ? ['CONFLICT'] : ['VALIDATION_FAILED', 'VALIDATION_FAILED'])
      }
    })

    await t.test('a prompt whose model nobody here can be asked for is not executed', async (t) => {
      const { id: modelId } = await models.create('alice', MODEL)
      const { id: promptId } = await prompts.create('alice', { ...PROMPT, modelId })
      const providersFor = () => ({ router: { has: () => false } })
      const execute = promptExecution({
        store,
        access: accessIn(store),
        prompts,
        models,
        providersFor,
      } as never)
      const alice = { identity: { id: 'alice', role: 'analyst' } }
      await t.rejects(
        execute(alice as never, { promptId, variables: new Map([['text', 'x']]), mayReset: false }),
        { code: 'INVALID_STATE', message: 'The model Grok is asked of xai, which is not configured here' },
      )
    })
  })
