import type { FastifyPluginAsync } from 'fastify'
import { Problem } from '../../errors.ts'
import { say } from '../../language/sentence.ts'
import { type CompletionRoutesOptions, completionRoutes } from './completions.ts'
import { type ModelRoutesOptions, modelRoutes } from './model-list-routes.ts'
import { refuse } from './refusal.ts'

export interface OpenAiInterfaceOptions extends ModelRoutesOptions, CompletionRoutesOptions {}

/** Serves OpenAI's API under a prefix of its own; on every path there, errors have OpenAI's form. */
export const openAiInterface: FastifyPluginAsync<OpenAiInterfaceOptions> = async (app, options) => {
  // The routes have this plugin's prefix already.
  const within = { ...options, prefix: '' }
  app.setErrorHandler(refuse)
  app.setNotFoundHandler((request, reply) =>
    refuse(new Problem('NOT_FOUND', say('request.nothing_here')), request, reply),
  )
  await app.register(modelRoutes, within)
  await app.register(completionRoutes, within)
}
