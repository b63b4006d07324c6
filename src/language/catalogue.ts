import { audit } from './catalogue/audit.ts'
import { chat } from './catalogue/chat.ts'
import { dataset } from './catalogue/dataset.ts'
import { field } from './catalogue/field.ts'
import { finding } from './catalogue/finding.ts'
import { identity } from './catalogue/identity.ts'
import { investigation } from './catalogue/investigation.ts'
import { page } from './catalogue/page.ts'
import { prompt } from './catalogue/prompt.ts'
import { provider } from './catalogue/provider.ts'
import { publication } from './catalogue/publication.ts'
import { reject } from './catalogue/reject.ts'
import { report } from './catalogue/report.ts'
import { request } from './catalogue/request.ts'
import { socket } from './catalogue/socket.ts'
import { source } from './catalogue/source.ts'
import { stream } from './catalogue/stream.ts'
import { thing } from './catalogue/thing.ts'
import { title } from './catalogue/title.ts'
import { unusable } from './catalogue/unusable.ts'
import { upload } from './catalogue/upload.ts'
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
