import type { paths } from '../generated/openapi.d.ts'
import type { Http } from './http.ts'

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** A path cut at its slashes: `'/a/{id}'` is `['', 'a', '{id}']`. */
type Segments<S extends string> = S extends `${infer Head}/${infer Tail}` ? [Head, ...Segments<Tail>] : [S]

/** Tells whether a called path's segments are those of a path of the document, whose parameters take any segment. */
type IsCallOf<Called, Known> = Called extends [infer One, ...infer Rest]
  ? Known extends [infer Same, ...infer More]
    ? Same extends `{${string}}`
      ? IsCallOf<Rest, More>
      : One extends Same
        ? IsCallOf<Rest, More>
        : false
    : false
  : Known extends []
    ? true
    : false

type WithoutQuery<S extends string> = S extends `${infer Path}?${string}` ? Path : S

/** The path in the document that a call means; the one without parameters where there are two. */
type KnownPath<S extends string> = S extends keyof paths
  ? S
  : { [P in keyof paths]: IsCallOf<Segments<S>, Segments<P>> extends true ? P : never }[keyof paths]

type PathsWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [N in M]: object } ? P : never
}[keyof paths]
type AsCalled<P extends string> = P extends `${infer Before}{${string}}${infer After}`
  ? `${Before}${string}${AsCalled<After>}`
  : P

type OperationAt<P, M extends Method> = P extends keyof paths
  ? paths[P] extends { [N in M]: infer Operation }
    ? Operation
    : never
  : never
/** The document's description of a call; `never` for a call that the service does not know. */
type Operation<S extends string, M extends Method> = S extends string
  ? OperationAt<KnownPath<WithoutQuery<S>>, M>
  : never

/** A path that may be called; for an unknown one the paths that are there, so that an editor offers them. */
export type CallablePath<S extends string, M extends Method> = string extends S
  ? string
  : [Operation<S, M>] extends [never]
    ? AsCalled<PathsWith<M>>
    : S

type Told<R> = R extends { content: infer Content } ? Content[keyof Content] : undefined
type AnswerOf<O> = O extends { responses: infer Responses } ? Told<Responses[keyof Responses]> : unknown
type BodyOf<O> = O extends { requestBody: { content: infer Content } }
  ? [body: Content[keyof Content]]
  : O extends { requestBody?: { content: infer Content } }
    ? [body?: Content[keyof Content]]
    : [body?: unknown]

/** The answer to a call; `unknown` where the path is not known before the program runs. */
export type Answer<S extends string, M extends Method> = string extends S
  ? unknown
  : AnswerOf<Operation<S, M>>
/** The parameter that is the body of a call; optional where the service needs none. */
export type Body<S extends string, M extends Method> = string extends S
  ? [body?: unknown]
  : BodyOf<Operation<S, M>>

/**
 * Calls any route by its path as it is called, query and all; bodies and answers have the types of the service's
 * OpenAPI document. An answer without a body is undefined, one that is no JSON is its text.
 */
export interface Api {
  get<const S extends string>(path: CallablePath<S, 'get'> & S): Promise<Answer<S, 'get'>>
  post<const S extends string>(
    path: CallablePath<S, 'post'> & S,
    ...body: Body<S, 'post'>
  ): Promise<Answer<S, 'post'>>
  put<const S extends string>(
    path: CallablePath<S, 'put'> & S,
    ...body: Body<S, 'put'>
  ): Promise<Answer<S, 'put'>>
  patch<const S extends string>(
    path: CallablePath<S, 'patch'> & S,
    ...body: Body<S, 'patch'>
  ): Promise<Answer<S, 'patch'>>
  delete<const S extends string>(
    path: CallablePath<S, 'delete'> & S,
    ...body: Body<S, 'delete'>
  ): Promise<Answer<S, 'delete'>>
}

/** Makes the calls of {@link Api} over a client's own way to the service. */
export const apiOver = (http: Http): Api => {
  const call =
    (method: string) =>
    (path: string, body?: unknown): Promise<unknown> =>
      http.json(method, path, body)
  return {
    get: call('GET'),
    post: call('POST'),
    put: call('PUT'),
    patch: call('PATCH'),
    delete: call('DELETE'),
  } as Api
}
