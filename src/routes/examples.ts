import type { RouteExample } from '../plugins/route-example.ts'
import { AUDIT_EXAMPLES } from './audit/audit-examples.ts'
import { CHANNEL_EXAMPLES } from './channels/channels-examples.ts'
import { CHAT_EXAMPLES } from './chat/chat-examples.ts'
import { DATASET_EXAMPLES } from './datasets/datasets-examples.ts'
import { DOCUMENT_EXAMPLES } from './documents/documents-examples.ts'
import { PROMPT_EXAMPLES } from './documents/prompt-examples.ts'
import { IDENTITY_EXAMPLES } from './identity/identity-examples.ts'
import { FINDING_EXAMPLES } from './investigations/finding-examples.ts'
import { INVESTIGATION_EXAMPLES } from './investigations/investigations-examples.ts'
import { OPENAI_EXAMPLES } from './openai/openai-examples.ts'
import { OPERATION_EXAMPLES } from './ops/ops-examples.ts'
import { UI_EXAMPLES } from './ui/ui-examples.ts'

const ends = ({ route }: RouteExample): boolean => route.startsWith('DELETE ') || route.endsWith('/logout')
const goesOn = (example: RouteExample): boolean => !ends(example)

const AFTER_SIGN_IN: readonly RouteExample[] = [
  ...OPERATION_EXAMPLES,
  ...DATASET_EXAMPLES,
  ...INVESTIGATION_EXAMPLES.filter(goesOn),
  ...FINDING_EXAMPLES,
  ...INVESTIGATION_EXAMPLES.filter(ends),
  ...CHAT_EXAMPLES,
  ...CHANNEL_EXAMPLES,
  ...UI_EXAMPLES,
  ...OPENAI_EXAMPLES,
  ...PROMPT_EXAMPLES,
  ...DOCUMENT_EXAMPLES,
  ...AUDIT_EXAMPLES,
]

/** An example of every operation, in an order in which they work on a fresh service: removals come last. */
export const EXAMPLES: readonly RouteExample[] = [
  ...IDENTITY_EXAMPLES.filter(goesOn),
  ...AFTER_SIGN_IN.filter(goesOn),
  ...AFTER_SIGN_IN.filter(ends),
  ...IDENTITY_EXAMPLES.filter(ends),
]
