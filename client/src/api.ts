import type { Http } from './http.ts'

/** Calls any route; an answer without a body is undefined. */
export interface Api {
  get(path: string): Promise<unknown>
  post(path: string, body?: unknown): Promise<unknown>
  patch(path: string, body?: unknown): Promise<unknown>
  delete(path: string, body?: unknown): Promise<unknown>
}

/** Makes the calls of {@link Api} over a client's own way to the service. */
export const apiOver = (http: Http): Api => ({
  get: (path) => http.json('GET', path),
  post: (path, body) => http.json('POST', path, body),
  patch: (path, body) => http.json('PATCH', path, body),
  delete: (path, body) => http.json('DELETE', path, body),
})
