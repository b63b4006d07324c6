import { audit } from './audit.ts'
import { auditEvent } from './audit-event.ts'
import { chat } from './chat.ts'
import { column } from './column.ts'
import { finding } from './finding.ts'
import { frame } from './frame.ts'
import { intake } from './intake.ts'
import { investigation } from './investigation.ts'
import { live } from './live.ts'
import { prompts } from './prompts.ts'

/** Every sentence of the console in one language. */
const wordsIn = (language: 'en' | 'pt' | 'es') => ({
  ...frame[language],
  investigate: { ...intake[language], ...investigation[language], ...finding[language] },
  column: column[language] as Readonly<Record<string, string>>,
  chat: chat[language],
  prompts: prompts[language],
  audit: { ...audit[language], tell: auditEvent[language] },
  live: live[language],
})

export type Words = ReturnType<typeof wordsIn>

export const CATALOGUES = { en: wordsIn('en'), pt: wordsIn('pt'), es: wordsIn('es') } as const
