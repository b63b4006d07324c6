import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { OwnedRows } from '../../prompt/owned-rows.ts'
import type { Prompt, PromptFields, Prompts } from '../../prompt/prompts.ts'
import { Name } from '../text.ts'
import { rowRoutes } from './owned-row-routes.ts'

export interface PromptRoutesOptions {
  prompts: Pick<Prompts, 'list'>
  ownPrompts: OwnedRows<PromptFields, Prompt>
}

const Nullable = <T extends ReturnType<typeof Type.Integer | typeof Type.Number>>(schema: T) =>
  Type.Union([schema, Type.Null()])
const required = {
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

/** Serves prompts with placeholders; each belongs to its owner. */
export const promptRoutes: FastifyPluginAsyncTypebox<PromptRoutesOptions> = async (
  app,
  { prompts, ownPrompts },
) =>
  rowRoutes<PromptFields, Prompt>(app, {
    type: 'prompt',
    rows: ownPrompts,
    list: ({ id, role }, limit, after) => prompts.list(role === 'admin' ? null : id, limit, after),
    schema: Type.Object({ ...required, ...Type.Partial(Type.Object(settings)).properties }),
    shown: Type.Object({ id: Type.Integer(), ...required, ...settings }),
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
  })
