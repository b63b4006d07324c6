export type { ChannelPosition, Loss, Publication, Recover, Subscription } from './channels.ts'
export {
  type ChatInput,
  type ClientOptions,
  createClient,
  type ExecutionInput,
  type InvestigationInput,
  type Revision,
  type TributaryClient,
} from './client.ts'
export { ApiError, type FieldError } from './error.ts'
export type { ExportedFile, ExportOptions } from './export.ts'
export type { AnyEvent, InvestigationEnd, PromptEnd, PromptEvent, TurnEnd } from './reading.ts'
export type { RoomMessage } from './room.ts'
export type { ContinuityEvent, Run, Started } from './run.ts'
export type { ConnectionState } from './state.ts'
export type { Transferred, UploadOptions, UploadSource } from './upload.ts'
export type { InvestigationEvent, TurnEvent } from './wire.ts'
