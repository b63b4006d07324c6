/** One event of a stream, as the documentation shows it. */
export interface EventExample {
  /** Name on its `event:` line, where it has one. */
  event?: string
  /** Its offset within the stream's epoch, or its whole `id:`, where it has one. */
  id?: number | string
  /** Data of the event; an object is shown as JSON. */
  data: unknown
  /** Sentence that describes when it comes. */
  means: string
}

/** A request that works as it is shown, with its answer. Ids are those of the examples before it. */
export interface RouteExample {
  /** Method and path, as OpenAPI writes them. */
  route: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`
  request?: {
    params?: Readonly<Record<string, string | number>>
    query?: Readonly<Record<string, string | number | readonly string[]>>
    body?: unknown
    /** Media type of the body; JSON by default. */
    contentType?: string
  }
  answer: {
    status: number
    means: string
    /** Media type of the body; JSON by default. */
    contentType?: string
    /**
     * Text, or a value that is shown as JSON; lists are cut to their first entry, and long text ends in an ellipsis.
     */
    body?: unknown
    /** Events of an answer that is an event-stream: each kind once, in the order of their first appearance. */
    events?: readonly EventExample[]
    /** Names the events that come in other cases. */
    mayAlsoCome?: string
  }
}

interface MediaType {
  schema?: unknown
  example?: unknown
}

interface Operation {
  parameters?: { name: string; example?: unknown }[]
  requestBody?: { content: Record<string, MediaType> }
  responses?: Record<string, { description?: string; content?: Record<string, MediaType> }>
}

/** The part of an OpenAPI document that examples are put into. */
export interface Paths {
  paths?: Record<string, object | undefined>
}

const EPOCH = '4ad3a441c8293686'
const RETRY = 'retry: 2000\n\n'
const JSON_TYPE = 'application/json'

const bytesOf = ({ event, id, data }: EventExample): string =>
  [
    ...(id === undefined ? [] : [`id: ${typeof id === 'number' ? `${EPOCH}:${id}` : id}`]),
    ...(event === undefined ? [] : [`event: ${event}`]),
    `data: ${typeof data === 'string' ? data : JSON.stringify(data)}`,
    '\n',
  ].join('\n')

const nameOf = ({ event, data }: EventExample): string => {
  if (event !== undefined) return event
  const type = (data as { type?: unknown } | null)?.type
  if (typeof type === 'string') return type
  return typeof data === 'string' ? data : 'data'
}

const describeEvents = (events: readonly EventExample[], mayAlsoCome: string | undefined): string =>
  [
    '',
    '',
    ...events.map((event) => `- \`${nameOf(event)}\`: ${event.means}`),
    ...(mayAlsoCome === undefined ? [] : ['', `May also come: ${mayAlsoCome}.`]),
  ].join('\n')

const contentOf = ({ events, body, contentType = JSON_TYPE }: RouteExample['answer']) => {
  if (events) return { type: 'text/event-stream', example: RETRY + events.map(bytesOf).join('') }
  return body === undefined ? undefined : { type: contentType, example: body }
}

/** Puts an example's values, and the description of its answer, into an operation. */
const illustrate = (operation: Operation, { request = {}, answer }: RouteExample): void => {
  const values = { ...request.params, ...request.query }
  for (const parameter of operation.parameters ?? [])
    if (parameter.name in values) parameter.example = values[parameter.name]
  if (request.body !== undefined) {
    operation.requestBody ??= { content: {} }
    const type = request.contentType ?? JSON_TYPE
    operation.requestBody.content[type] = { ...operation.requestBody.content[type], example: request.body }
  }
  operation.responses ??= {}
  const { responses } = operation
  // Fastify describes the answer of a route without a schema under 200, whatever its status.
  if (String(answer.status) !== '200' && responses['200']?.description === 'Default Response')
    delete responses['200']
  const response = responses[answer.status] ?? {}
  response.description =
    answer.means + (answer.events ? describeEvents(answer.events, answer.mayAlsoCome) : '')
  const content = contentOf(answer)
  if (content)
    response.content = {
      ...response.content,
      [content.type]: { ...response.content?.[content.type], example: content.example },
    }
  responses[answer.status] = response
}

/** Puts schemas into an OpenAPI document, for the JSON of answers that have an example there and no schema. */
export const addAnswers = <Document extends Paths>(
  document: Document,
  answers: Readonly<Partial<Record<string, object>>>,
): Document => {
  for (const [route, schema] of Object.entries(answers)) {
    const [method = '', path = ''] = route.split(' ')
    const operation = (document.paths?.[path] as Record<string, Operation> | undefined)?.[
      method.toLowerCase()
    ]
    for (const [status, { content }] of Object.entries(operation?.responses ?? {}))
      if (status.startsWith('2') && content?.[JSON_TYPE])
        content[JSON_TYPE] = { schema, ...content[JSON_TYPE] }
  }
  return document
}

/** Puts examples into an OpenAPI document: of parameters, bodies and answers, and each stream's events one by one. */
export const addExamples = <Document extends Paths>(
  document: Document,
  examples: readonly RouteExample[],
): Document => {
  for (const example of examples) {
    const [method, path] = example.route.split(' ') as [string, string]
    const operation = (document.paths?.[path] as Record<string, Operation> | undefined)?.[
      method.toLowerCase()
    ]
    if (operation) illustrate(operation, example)
  }
  return document
}
