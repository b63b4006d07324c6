import type { FastifyRequest } from 'fastify'
import type { Viewer } from '../feed/viewer.ts'
import type { Identity } from '../identity/identity.ts'

/** Converts a caller into the viewer that transports use. */
export function viewerOf(identity: Identity, request: FastifyRequest): Viewer {
  const { id, username, expiresAt, revoked } = identity
  return { id, username, address: request.ip, expiresAt, revoked }
}
