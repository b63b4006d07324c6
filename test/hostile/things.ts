import { type Client, login, newUser, USER_PASSWORD } from '../support/process.ts'

const CSV =
  'numero;fornecedor;cnpj;objeto;valor;data\n' +
  '1/2024;ACME LTDA;12.345.678/0001-95;Papel A4;1.000,00;05/03/2024\n' +
  '1/2024;ACME LTDA;12.345.678/0001-95;Papel A4;1.000,00;05/03/2024\n' +
  '2/2024;ACME LTDA;12.345.678/0001-95;Papel A4;1.000,00;06/03/2024\n'

/** The things that a request may name by their ids. */
export interface Thing {
  id: string
  /** The stream that made it. */
  stream?: string
  /** A finding of an investigation. */
  finding?: string
}

const idOf = ({ body, status, text }: Awaited<ReturnType<Client['post']>>, name = 'id'): string => {
  if (status >= 300) throw new Error(`${status}: ${text}`)
  return String(body[name])
}

/**
 * Makes things of `owner`, each when it is first asked for. Investigations and conversations are shared with the user
 * `shared`.
 */
export const thingsOf = (url: string, admin: Client, owner: Client) => {
  let made = 0
  const share = async (path: string): Promise<void> => {
    idOf(await owner.post(`${path}/share`, { username: 'shared' }))
  }
  const converse = async (send: (id: string) => Promise<{ headers: Headers }>): Promise<Thing> => {
    const id = `conversation-${made++}`
    const { headers } = await send(id)
    await share(`/api/v1/chat/sessions/${id}`)
    return { id, stream: headers.get('x-stream-id') ?? '' }
  }
  const makers = {
    dataset: async (): Promise<Thing> => ({
      id: idOf(await owner.upload(new TextEncoder().encode(CSV)), 'dataset_id'),
    }),
    investigation: async (): Promise<Thing> => {
      const { investigation_id: id, stream_id, stream_url } = await owner.investigate('sample')
      await (await owner.events(stream_url)).ended()
      await share(`/api/v1/investigations/${id}`)
      const { body } = await owner.get(`/api/v1/investigations/${id}/anomalies?limit=1`)
      return { id, stream: stream_id, finding: body.items[0].anomaly_id }
    },
    conversation: () =>
      converse((id) => owner.post('/api/v1/chat/stream', { message: 'How many contracts?', session_id: id })),
    uiConversation: () =>
      converse((id) =>
        owner.post('/api/v1/chat/ui', {
          id,
          messages: [{ id: `q-${id}`, role: 'user', parts: [{ type: 'text', text: 'How many contracts?' }] }],
        }),
      ),
    user: async (): Promise<Thing> => {
      const body = { username: `user-${made++}`, password: USER_PASSWORD, role: 'viewer' }
      return { id: idOf(await admin.post('/api/v1/users', body)) }
    },
    model: async (): Promise<Thing> => ({
      id: idOf(await owner.post('/api/models', { name: `m-${made++}`, provider: 'local', modelId: 'local' })),
    }),
    prompt: async (): Promise<Thing> => {
      const { id } = await makers.model()
      const body = { title: 'Spending', content: 'How much did {{body}} spend?', modelId: Number(id) }
      return { id: idOf(await owner.post('/api/prompts', body)) }
    },
  }
  const known = new Map<keyof typeof makers, Promise<Thing>>()
  return {
    get(kind: keyof typeof makers): Promise<Thing> {
      const thing = known.get(kind) ?? makers[kind]()
      known.set(kind, thing)
      return thing
    },
    /** Has the thing made anew when it is asked for again. */
    forget: (kind: keyof typeof makers) => known.delete(kind),
    /** Makes a name that nothing has. */
    newName: () => `new-${made++}`,
    /** Signs a user in anew, so that the session can be ended. */
    newSession: async () => {
      const name = `user-${made++}`
      await newUser(admin, url, name, 'viewer')
      const { body } = await (await login(url, name, USER_PASSWORD)).post('/auth/login', {
        username: name,
        password: USER_PASSWORD,
      })
      return body as { refresh_token: string }
    },
  }
}

export type Things = ReturnType<typeof thingsOf>
export type ThingKind = Parameters<Things['get']>[0]
