import type { FastifyPluginAsync } from 'fastify'
import type { CompletionRoutesOptions } from '../openai/completions.ts'
import { type ChatRoomRouteOptions, chatRoomRoute } from './chat-room-routes.ts'
import { type ChatRoutesOptions, chatRoutes } from './chat-routes.ts'
import { type ChatSessionRoutesOptions, chatSessionRoutes } from './chat-sessions.ts'
import { directRoutes } from './direct-routes.ts'
import { type LimitsRoutesOptions, limitsRoutes } from './limits-routes.ts'

export interface ChatInterfaceOptions
  extends ChatRoutesOptions,
    CompletionRoutesOptions,
    ChatSessionRoutesOptions,
    ChatRoomRouteOptions,
    LimitsRoutesOptions {}

/** Serves conversations: messages, sessions and rooms, one provider asked directly, and the caller's limits. */
export const chatInterface: FastifyPluginAsync<ChatInterfaceOptions> = async (app, options) => {
  await app.register(chatRoutes, options)
  await app.register(directRoutes, options)
  await app.register(chatSessionRoutes, options)
  await app.register(chatRoomRoute, options)
  await app.register(limitsRoutes, options)
}
