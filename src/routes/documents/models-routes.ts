import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Model, ModelFields, Models } from '../../prompt/models.ts'
import type { OwnedRows } from '../../prompt/owned-rows.ts'
import { Name } from '../text.ts'
import { rowRoutes } from './owned-row-routes.ts'

export interface ModelRoutesOptions {
  models: Pick<Models, 'list'>
  ownModels: OwnedRows<ModelFields, Model>
}

const fields = {
  name: Name,
  provider: Type.String({ minLength: 1, maxLength: 64, description: 'the name of a configured provider' }),
  modelId: { ...Name, description: 'what the provider calls the model' },
}

/** Serves models under names of the service: everybody reads and uses them, and the owner changes them. */
export const modelRoutes: FastifyPluginAsyncTypebox<ModelRoutesOptions> = async (
  app,
  { models, ownModels },
) =>
  rowRoutes<ModelFields, Model>(app, {
    type: 'model',
    rows: ownModels,
    list: (_identity, limit, after) => models.list(limit, after),
    schema: Type.Object(fields),
    shown: Type.Object({ id: Type.Integer(), ...fields }),
    unset: {},
    summaries: {
      list: 'Models that prompts may be written for',
      create: 'Names a model of a provider',
      get: 'One model',
      change: 'Changes a model of mine',
      replace: 'Puts a model of mine in another’s place',
      remove: 'Removes a model of mine that no prompt uses',
    },
    refusals: [400, 401, 403, 404, 409],
  })
