import type { EventVocabulary } from '../protocol/frame.ts'

/**
 * Translates publications into bare `data:` payloads, as they were published: for chat, investigations, the audit
 * log, single channels.
 */
export const v1: EventVocabulary = ({ data }) => [{ data }]
