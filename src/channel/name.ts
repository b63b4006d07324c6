import { badField } from '../errors.ts'
import { say } from '../language/sentence.ts'

/** The rules of one namespace of channels. */
export interface NamespaceRules {
  /**
   * True when it has one channel for each id, `<namespace>:<id>`; otherwise its only channel has the namespace's
   * name.
   */
  readonly hasIds: boolean
  /** True when other services may publish to its channels. */
  readonly isPublishable: boolean
}

/** All namespaces. A name of any other namespace is refused. */
export const NAMESPACES = {
  investigation: { hasIds: true, isPublishable: false },
  reviews: { hasIds: true, isPublishable: false },
  chat: { hasIds: true, isPublishable: false },
  stream: { hasIds: true, isPublishable: false },
  user: { hasIds: true, isPublishable: false },
  topic: { hasIds: true, isPublishable: true },
  audit: { hasIds: false, isPublishable: false },
  system: { hasIds: false, isPublishable: false },
} as const satisfies Record<string, NamespaceRules>

export type Namespace = keyof typeof NAMESPACES

export interface ChannelName {
  namespace: Namespace
  /** Empty where the namespace has no ids. */
  id: string
}

/** Longest channel name, in UTF-16 code units. */
export const MAX_CHANNEL_LENGTH = 255

/** No white space, control, format, private, unassigned or lone surrogate characters; braces are Redis hash tags. */
const ALLOWED = /^[^\s\p{C}{}]+$/u

const PRIVATE_TOPIC = /^private\.([^.]*)(\.|$)/

const isNamespace = (text: string): text is Namespace => Object.hasOwn(NAMESPACES, text)

/** Returns the rules of a channel's namespace. */
export const namespaceOf = ({ namespace }: ChannelName): NamespaceRules => NAMESPACES[namespace]

/**
 * Splits a channel's name into namespace and id: `investigation:<id>`, `reviews:<investigation_id>`, `chat:<session_id>`,
 * `stream:<stream_id>`, `user:<id>`, `topic:<name>`, `topic:private.<role>.<rest>`, `audit`, `system`.
 * @param field name of the request's field in a refusal
 * @throws {Problem} `VALIDATION_FAILED`
 * @example parseChannel('topic:budget') // { namespace: 'topic', id: 'budget' }
 */
export function parseChannel(text: string, field = 'channel'): ChannelName {
  if (text.length > MAX_CHANNEL_LENGTH)
    throw badField(field, say('field.longer_than', { count: MAX_CHANNEL_LENGTH }))
  if (!ALLOWED.test(text)) {
    throw badField(field, say('field.channel_characters'))
  }
  const colon = text.indexOf(':')
  const namespace = colon < 0 ? text : text.slice(0, colon)
  const id = colon < 0 ? '' : text.slice(colon + 1)
  if (!isNamespace(namespace))
    throw badField(field, say('field.channel_namespace', { allowed: Object.keys(NAMESPACES) }))
  const { hasIds } = NAMESPACES[namespace]
  if (!hasIds && colon >= 0) throw badField(field, say('field.channel_no_id', { namespace }))
  if (hasIds && id === '') throw badField(field, say('field.channel_id', { namespace }))
  const name = { namespace, id }
  if (privateRole(name) === '') throw badField(field, say('field.channel_role'))
  return name
}

/** Returns the name of a channel. */
export const formatChannel = ({ namespace, id }: ChannelName): string =>
  NAMESPACES[namespace].hasIds ? `${namespace}:${id}` : namespace

/** Returns the role that may read a `topic:private.<role>.…`; undefined for every other channel. */
export const privateRole = ({ namespace, id }: ChannelName): string | undefined =>
  namespace === 'topic' ? PRIVATE_TOPIC.exec(id)?.[1] : undefined
