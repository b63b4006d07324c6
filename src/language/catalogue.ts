import { audit } from './catalogue/audit-sentences.ts'
import { chat } from './catalogue/chat-sentences.ts'
import { dataset } from './catalogue/dataset-sentences.ts'
import { field } from './catalogue/field-sentences.ts'
import { finding } from './catalogue/finding-sentences.ts'
import { identity } from './catalogue/identity-sentences.ts'
import { investigation } from './catalogue/investigation-sentences.ts'
import { page } from './catalogue/page-sentences.ts'
import { prompt } from './catalogue/prompt-sentences.ts'
import { provider } from './catalogue/provider-sentences.ts'
import { publication } from './catalogue/publication-sentences.ts'
import { reject } from './catalogue/reject-sentences.ts'
import { report } from './catalogue/report-sentences.ts'
import { request } from './catalogue/request-sentences.ts'
import { socket } from './catalogue/socket-sentences.ts'
import { source } from './catalogue/source-sentences.ts'
import { stream } from './catalogue/stream-sentences.ts'
import { thing } from './catalogue/thing-sentences.ts'
import { title } from './catalogue/title-sentences.ts'
import { unusable } from './catalogue/unusable-sentences.ts'
import { upload } from './catalogue/upload-sentences.ts'
import type { Area } from './entry.ts'

/** Every sentence that people read, by area; each area has a file of its own. */
export const CATALOGUE = {
  title,
  request,
  field,
  identity,
  page,
  socket,
  dataset,
  reject,
  unusable,
  finding,
  report,
  thing,
  publication,
  stream,
  chat,
  prompt,
  provider,
  source,
  audit,
  upload,
  investigation,
} as const satisfies Readonly<Record<string, Area>>
