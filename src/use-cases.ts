import { openAuditFile } from './audit/export-file.ts'
import type { ExportRequest } from './audit/export-request.ts'
import { actionPlan } from './chat/action/order.ts'
import { chatRooms } from './chat/chat-rooms.ts'
import { callerLimits } from './chat/limits.ts'
import { datasetChanges } from './dataset/dataset-changes.ts'
import { channelUse } from './feed/channel-use.ts'
import type { Actor } from './identity/actor.ts'
import type { Sessions } from './identity/sessions.ts'
import { sharing } from './identity/sharing.ts'
import { signIn } from './identity/sign-in.ts'
import type { Tickets } from './identity/tickets.ts'
import { userAdministration } from './identity/user-administration.ts'
import type { Users } from './identity/users.ts'
import { investigationExports } from './investigation/investigation-export.ts'
import { reviews } from './investigation/reviews.ts'
import { contractRows } from './knowledge/contract-rows.ts'
import { promptExecution } from './prompt/execution.ts'
import { ownedRows } from './prompt/owned-rows.ts'
import type { Rooms } from './rooms.ts'
import { streamCancellation } from './stream/cancellation.ts'
import { startExport } from './stream/export-start.ts'
import { requestCancelOf } from './stream/stream-rows.ts'
import { completions } from './turn/completion.ts'

export interface UseCaseOptions {
  rooms: Rooms
  users: Users
  sessions: Sessions
  tickets: Tickets
  /** Called with what went wrong where nobody waits for it. */
  onError(error: unknown): void
}

/** Makes the use cases from the rooms. */
export const useCases = ({ rooms, users, sessions, tickets, onError }: UseCaseOptions) => {
  const { store, access, streams, turns, maxTokensPerDay, audit, known, prompts, models } = rooms
  const cancelStream = streamCancellation({ access, streams })
  return {
    cancelStream,
    signIn: signIn(sessions, tickets),
    userAdministration: userAdministration(users, requestCancelOf),
    datasetChanges: datasetChanges(rooms),
    contractRows: contractRows({ knowledge: known, datasets: rooms.datasets }),
    sharing: sharing({ store, access, users, shares: rooms.shares, onError }),
    channels: channelUse(rooms),
    chatRooms: chatRooms({ ...rooms, cancelStream, onError }),
    planAction: actionPlan({ store, log: audit, knowledgeFor: known.for, steering: rooms.steering }),
    limitsOf: callerLimits({ store, streams, maxTokensPerDay }),
    startCompletion: completions({ store, turns, maxTokensPerDay }),
    executePrompt: promptExecution({ ...rooms, providersFor: rooms.answerContextFor }),
    async exportAudit(actor: Actor, request: ExportRequest) {
      await audit.collect()
      return startExport(rooms.auditExports, actor, await openAuditFile(store, request))
    },
    investigationExports: investigationExports({ ...rooms, downloads: rooms.anomalyExports }),
    reviews: reviews({ store, access, hub: rooms.hub, onError }),
    ownModels: ownedRows({
      access,
      type: 'model',
      rows: models,
      fields: ['name', 'provider', 'modelId'],
      readableWith: 'shared',
      details: { created: ({ id: _, ...made }) => made, updated: (changes) => ({ ...changes }) },
    }),
    ownPrompts: ownedRows({
      access,
      type: 'prompt',
      rows: prompts,
      fields: ['title', 'content', 'modelId', 'temperature', 'maxTokens'],
      readableWith: 'own',
      details: {
        created: ({ title, modelId }) => ({ title, modelId }),
        updated: (changes) => ({ changed: Object.keys(changes) }),
      },
    }),
  }
}
