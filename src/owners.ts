import { conversationOwner, ownerOfTurn } from './chat/conversation-owner.ts'
import { datasetOwner } from './dataset/dataset-owner.ts'
import type { Owners } from './identity/owner.ts'
import { investigationOwner, ownerOfExecution } from './investigation/investigation-owner.ts'
import { modelOwner, promptOwner } from './prompt/prompt-owner.ts'
import { streamOwner } from './stream/stream-owner.ts'

/** Lists who tells the owners of each type of resource. */
export const OWNERS: Owners = {
  dataset: datasetOwner,
  investigation: investigationOwner,
  chat: conversationOwner,
  prompt: promptOwner,
  model: modelOwner,
  stream: streamOwner({ investigation: ownerOfExecution, chat: ownerOfTurn }),
}
