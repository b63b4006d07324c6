import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Prompt, PromptFields, Prompts } from '../../prompt/prompts.ts'
import type { Store } from '../../store/database.ts'
import { rowRoutes } from './rows.ts'
import { Name } from './text.ts'

export interface PromptRoutesOptions {
  store: Store
  prompts: Prompts
}

const Nullable = <T extends ReturnType<typeof Type.Integer | typeof Type.Number>>(schema: T) =>
  Type.Union([schema, Type.Null()])
const told = {
  title: Name,
  content: Type.String({
    minLength: 1,
    maxLength: 100_000,
    pattern: '\\S',
    description: 'what is asked; {{name}} stands for a variable',
  }),
}
const settings = {
  modelId: Nullable(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
  temperature: Nullable(Type.Number({ minimum: 0, maximum: 2 })),
  maxTokens: Nullable(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
}

/** Prompts with placeholders: each belongs to the one who made it. */
export const promptRoutes: FastifyPluginAsyncTypebox<PromptRoutesOptions> = async (app, { store, prompts }) =>
  rowRoutes<PromptFields, Prompt>(app, {
    store,
    type: 'prompt',
    rows: prompts,
    list: ({ id, role }, limit, after) => prompts.list(role === 'admin' ? null : id, limit, after),
    readableWith: 'own',
    schema: Type.Object({ ...told, ...Type.Partial(Type.Object(settings)).properties }),
    shown: Type.Object({ id: Type.Integer(), ...told, ...settings }),
    unset: { modelId: null, temperature: null, maxTokens: null },
    summaries: {
      list: 'My prompts; everybody’s for administrators',
      create: 'Keeps a prompt',
      get: 'One prompt of mine',
      change: 'Changes a prompt of mine',
      replace: 'Puts a prompt of mine in another’s place',
      remove: 'Removes a prompt of mine',
    },
    refusals: [400, 401, 403, 404],
    events: { created: 'prompt.created', updated: 'prompt.updated', deleted: 'prompt.deleted' },
    told: {
      created: ({ title, modelId }) => ({ title, modelId }),
      updated: (changes) => ({ changed: Object.keys(changes) }),
    },
  })
