import type { EventVocabulary } from '../protocol/frame.ts'

/** Bare `data:` payloads, as they were published: chat, investigations, the audit log, one channel. */
export const v1: EventVocabulary = ({ data }) => [{ data }]
