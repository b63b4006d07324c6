import { badField } from '../errors.ts'

/** What a channel is about. `audit` and `system` are single channels, the others have one per id. */
export const NAMESPACES = ['investigation', 'chat', 'stream', 'user', 'topic', 'audit', 'system'] as const

export type Namespace = (typeof NAMESPACES)[number]

export interface ChannelName {
  namespace: Namespace
  /** Empty for `audit` and `system`. */
  id: string
}

/** Longest channel name, in UTF-16 code units. */
export const MAX_CHANNEL_LENGTH = 255

const SINGLE: ReadonlySet<Namespace> = new Set(['audit', 'system'])

/** No white space, control, format, private, unassigned or lone surrogate characters; braces are Redis hash tags. */
const ALLOWED = /^[^\s\p{C}{}]+$/u

const PRIVATE_TOPIC = /^private\.([^.]*)(\.|$)/

const isNamespace = (text: string): text is Namespace => (NAMESPACES as readonly string[]).includes(text)

/**
 * Takes a name apart: `investigation:<id>`, `chat:<session_id>`, `stream:<stream_id>`, `user:<id>`, `topic:<name>`,
 * `topic:private.<role>.<rest>`, `audit`, `system`.
 * @param field what a refusal calls it
 * @throws {Problem} `VALIDATION_FAILED`
 */
export function parseChannel(text: string, field = 'channel'): ChannelName {
  if (text.length > MAX_CHANNEL_LENGTH) throw badField(field, `longer than ${MAX_CHANNEL_LENGTH} characters`)
  if (!ALLOWED.test(text)) {
    throw badField(field, 'empty, or with white space, control characters or braces')
  }
  const colon = text.indexOf(':')
  const namespace = colon < 0 ? text : text.slice(0, colon)
  const id = colon < 0 ? '' : text.slice(colon + 1)
  if (!isNamespace(namespace)) throw badField(field, `does not begin with one of ${NAMESPACES.join(', ')}`)
  if (SINGLE.has(namespace) && colon >= 0) throw badField(field, `${namespace} takes no id`)
  if (!SINGLE.has(namespace) && id === '') throw badField(field, `${namespace} needs an id`)
  const name = { namespace, id }
  if (privateRole(name) === '')
    throw badField(field, 'a private topic names its role: topic:private.<role>.<name>')
  return name
}

export const formatChannel = ({ namespace, id }: ChannelName): string =>
  SINGLE.has(namespace) ? namespace : `${namespace}:${id}`

/** The role that may read a `topic:private.<role>.…`; undefined for every other channel. */
export const privateRole = ({ namespace, id }: ChannelName): string | undefined =>
  namespace === 'topic' ? PRIVATE_TOPIC.exec(id)?.[1] : undefined
