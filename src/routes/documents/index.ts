import type { FastifyPluginAsync } from 'fastify'
import { chatSubappRoutes } from './chat-subapp-routes.ts'
import { type ModelRoutesOptions, modelRoutes } from './models-routes.ts'
import { type PromptExecuteRoutesOptions, promptExecuteRoutes } from './prompt-execute-routes.ts'
import { type PromptRoutesOptions, promptRoutes } from './prompts-routes.ts'
import { type StreamActionRoutesOptions, streamActionRoutes } from './stream-actions.ts'
import { type StreamApiRoutesOptions, streamApiRoutes } from './stream-api-routes.ts'
import { streamChatRoutes } from './stream-chat-routes.ts'

export interface DocumentInterfacesOptions
  extends ModelRoutesOptions,
    PromptRoutesOptions,
    PromptExecuteRoutesOptions,
    StreamApiRoutesOptions,
    StreamActionRoutesOptions {}

/** Serves the interfaces of the five documents, which the service implements as they are. */
export const documentInterfaces: FastifyPluginAsync<DocumentInterfacesOptions> = async (app, options) => {
  await app.register(modelRoutes, options)
  await app.register(promptRoutes, options)
  await app.register(promptExecuteRoutes, options)
  await app.register(streamApiRoutes, options)
  await app.register(streamActionRoutes, options)
  await app.register(chatSubappRoutes, options)
  await app.register(streamChatRoutes, options)
}
