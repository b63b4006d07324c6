import type { FastifyPluginAsync } from 'fastify'
import { type ChatUiRoutesOptions, chatUiRoutes } from './chat-ui.ts'

export interface ChatUiInterfaceOptions extends ChatUiRoutesOptions {}

/** Serves conversations to the AI SDK's `useChat`. */
export const chatUiInterface: FastifyPluginAsync<ChatUiInterfaceOptions> = async (app, options) => {
  await app.register(chatUiRoutes, options)
}
