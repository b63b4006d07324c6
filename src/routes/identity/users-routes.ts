import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { UserAdministration } from '../../identity/user-administration.ts'
import type { Users } from '../../identity/users.ts'
import { problemResponses } from '../problem-schema.ts'

const Role = Type.Union([
  Type.Literal('viewer'),
  Type.Literal('analyst'),
  Type.Literal('auditor'),
  Type.Literal('publisher'),
  Type.Literal('admin'),
])
const Password = Type.String({ minLength: 10, maxLength: 1024 })
const Email = Type.Union([Type.String({ pattern: '^[^\\s@]+@[^\\s@]+$', maxLength: 254 }), Type.Null()])

const User = Type.Object({
  id: Type.String(),
  username: Type.String(),
  role: Role,
  email: Type.Union([Type.String(), Type.Null()]),
  disabled: Type.Boolean(),
})

const NewUser = Type.Object({
  username: Type.String({
    minLength: 1,
    maxLength: 64,
    pattern: '^[^\\s\\u0000-\\u001f\\u007f-\\u009f|/]+$',
    description: 'without white space, control characters, | and /',
  }),
  password: Password,
  role: Role,
  email: Type.Optional(Email),
})

const UserChange = Type.Object(
  {
    disabled: Type.Optional(Type.Boolean()),
    role: Type.Optional(Role),
    password: Type.Optional(Password),
    email: Type.Optional(Email),
  },
  { minProperties: 1 },
)

const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })

const Page = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
  after: Type.Optional(Type.String({ minLength: 1, maxLength: 1024 })),
})

export interface UserRoutesOptions {
  users: Pick<Users, 'list'>
  userAdministration: UserAdministration
}

/** Serves users to administrators. */
export const userRoutes: FastifyPluginAsyncTypebox<UserRoutesOptions> = async (app, options) => {
  const { users, userAdministration } = options
  const tags = ['identity']
  const config = { access: 'administer' } as const

  app.post(
    '/api/v1/users',
    {
      config,
      schema: {
        tags,
        summary: 'Creates a user',
        body: NewUser,
        response: { 201: User, ...problemResponses(400, 401, 403, 409) },
      },
    },
    async (request, reply) => {
      const { username, password, role, email } = request.body
      const user = await userAdministration.create(request.actor(), {
        username,
        password,
        role,
        email: email ?? null,
      })
      return reply.code(201).header('location', `/api/v1/users/${user.id}`).send(user)
    },
  )

  app.get(
    '/api/v1/users',
    {
      config,
      schema: {
        tags,
        summary: 'Lists users by name',
        querystring: Page,
        response: {
          200: Type.Object({ items: Type.Array(User), next: Type.Union([Type.String(), Type.Null()]) }),
          ...problemResponses(400, 401, 403),
        },
      },
    },
    async (request) => {
      const { limit, after } = request.query
      const found = await users.list({ limit: limit + 1, ...(after === undefined ? {} : { after }) })
      const items = found.slice(0, limit)
      return { items, next: found.length > limit ? (items.at(-1)?.username ?? null) : null }
    },
  )

  app.patch(
    '/api/v1/users/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Changes a user',
        description: 'A new password, a new role or disabling ends the tokens that the user has.',
        params: Id,
        body: UserChange,
        response: { 200: User, ...problemResponses(400, 401, 403, 404, 409) },
      },
    },
    async (request) => {
      const { disabled, role, password, email } = request.body
      const change = {
        ...(disabled === undefined ? {} : { disabled }),
        ...(role === undefined ? {} : { role }),
        ...(password === undefined ? {} : { password }),
        ...(email === undefined ? {} : { email }),
      }
      return userAdministration.change(request.actor(), request.params.id, change)
    },
  )

  app.delete(
    '/api/v1/users/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Deletes a user, and ends what runs for them',
        params: Id,
        response: { 204: Type.Null(), ...problemResponses(401, 403, 404, 409) },
      },
    },
    async (request, reply) => {
      await userAdministration.remove(request.actor(), request.params.id)
      return reply.code(204).send(null)
    },
  )
}
