import type { NamedKind } from '../register.ts'

export type NameField = 'buyer' | 'supplier' | 'category' | 'modality' | 'status'

/** A name in a message, with what the dataset has for it. */
export interface Mention {
  readonly field: NameField
  readonly kind: NamedKind
  /** Names as the dataset has them; where it has none, what the person wrote. */
  readonly texts: readonly string[]
  /** As the person wrote it. */
  readonly asked: string
  /** Places of the first word and of the one after the last. */
  readonly from: number
  readonly to: number
  /** Whether the dataset has no such name. */
  readonly unknown: boolean
  /** Whether the name that was found differs from the one that was asked for: another kind of body, a slip mended. */
  readonly differs: boolean
}

export const FIELD_OF: Readonly<Record<NamedKind, NameField>> = {
  supplier: 'supplier',
  buyer: 'buyer',
  unit: 'buyer',
  category: 'category',
  modality: 'modality',
  status: 'status',
}

/** The roles that the other words of a message give to the names in it. */
export interface Roles {
  readonly received: boolean
  readonly spent: boolean
  /** Categories are what is asked about. */
  readonly categories: boolean
  /** Things are put side by side. */
  readonly beside: boolean
  /** The message has hardly any other words. */
  readonly lonely: boolean
}
