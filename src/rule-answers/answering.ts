import type { Knowledge } from '../knowledge/fact.ts'
import type { Asked } from './dialogue.ts'
import type { Teller } from './telling/teller.ts'
import type { Texts } from './texts.ts'

/** The data, question, language and signal of one answer. */
export interface Answering {
  readonly knowledge: Knowledge
  readonly asked: Asked
  readonly texts: Texts
  readonly teller: Teller
  readonly signal: AbortSignal
}
