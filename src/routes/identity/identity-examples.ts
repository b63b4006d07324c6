import type { RouteExample } from '../../plugins/route-example.ts'

/** Requests and answers of sign-in and users, in an order in which they work one after the other. */
export const IDENTITY_EXAMPLES: readonly RouteExample[] = [
  {
    route: 'POST /api/v1/auth/login',
    request: { body: { username: 'admin', password: 'correct-horse-battery' } },
    answer: {
      status: 200,
      means:
        'Tokens: the access token goes into `Authorization: Bearer`, the refresh token buys the next pair',
      body: {
        access_token: 'an-access-token',
        token_type: 'bearer',
        expires_in: 900,
        refresh_token: 'the-first-refresh-token',
      },
    },
  },
  {
    route: 'POST /auth/login',
    request: { body: { username: 'admin', password: 'correct-horse-battery' } },
    answer: {
      status: 200,
      means: 'The same as `POST /api/v1/auth/login`, on the path of an older interface',
      body: {
        access_token: 'an-access-token',
        token_type: 'bearer',
        expires_in: 900,
        refresh_token: 'the-second-refresh-token',
      },
    },
  },
  {
    route: 'POST /api/v1/auth/refresh',
    request: { body: { refresh_token: 'the-second-refresh-token' } },
    answer: {
      status: 200,
      means: 'The next pair of tokens; the refresh token that was sent is used up',
      body: {
        access_token: 'an-access-token',
        token_type: 'bearer',
        expires_in: 900,
        refresh_token: 'the-third-refresh-token',
      },
    },
  },
  {
    route: 'POST /api/v1/auth/tickets',
    answer: {
      status: 201,
      means: 'A ticket that opens one path once, as `?ticket=`, within `expires_in` seconds',
      body: { ticket: 'a-single-use-ticket', expires_in: 60 },
    },
  },
  {
    route: 'GET /api/v1/auth/session',
    answer: {
      status: 200,
      means: 'Who is signed in',
      body: {
        user: { id: '53e0fedd-2b18-449c-ad0e-0e1a36b154b3', username: 'admin', role: 'admin' },
        expires_in: 880,
      },
    },
  },
  {
    route: 'POST /api/v1/users',
    request: {
      body: { username: 'ana', password: 'a-long-password', role: 'analyst', email: 'ana@example.org' },
    },
    answer: {
      status: 201,
      means: 'The user that was made',
      body: {
        id: '881bf151-fbac-45a6-ad23-c802b7abb150',
        username: 'ana',
        role: 'analyst',
        email: 'ana@example.org',
        disabled: false,
      },
    },
  },
  {
    route: 'GET /api/v1/users',
    request: { query: { limit: 10 } },
    answer: {
      status: 200,
      means: 'A page of users; `next` goes into `after`',
      body: {
        items: [
          {
            id: '53e0fedd-2b18-449c-ad0e-0e1a36b154b3',
            username: 'admin',
            role: 'admin',
            email: null,
            disabled: false,
          },
        ],
        next: null,
      },
    },
  },
  {
    route: 'PATCH /api/v1/users/{id}',
    request: { params: { id: '881bf151-fbac-45a6-ad23-c802b7abb150' }, body: { role: 'auditor' } },
    answer: {
      status: 200,
      means: 'The user as it is now',
      body: {
        id: '881bf151-fbac-45a6-ad23-c802b7abb150',
        username: 'ana',
        role: 'auditor',
        email: 'ana@example.org',
        disabled: false,
      },
    },
  },
  {
    route: 'DELETE /api/v1/users/{id}',
    request: { params: { id: '881bf151-fbac-45a6-ad23-c802b7abb150' } },
    answer: { status: 204, means: 'The user is gone' },
  },
  {
    route: 'POST /api/v1/auth/logout',
    request: { body: { refresh_token: 'the-third-refresh-token' } },
    answer: { status: 204, means: 'The session, its tokens and its live connections are over' },
  },
]
