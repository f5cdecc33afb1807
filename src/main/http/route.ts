/**
 * What a route is. Routes are declared in one table (routes.ts); the listener registers them from it, openapi.json is
 * written from it, and the guard reads from it who may come in. A route translates; what it says comes from the
 * contract's calls.
 */
import type { z } from 'zod'
import type { Caller, Role } from '#shared/contract/define.ts'
import { AppError } from '#shared/contract/errors.ts'
import { type CallName, contract, type InputOf, type OutputOf } from '#shared/contract/index.ts'
import { issuesOf } from '../transport/serve.ts'
import { epochOf, isoOf } from './instants.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

export interface Route {
  readonly method: Method
  /** With `{name}` where a part is a parameter, as OpenAPI writes it. */
  readonly path: string
  /** The least role that may use it; `public`: whoever reaches the listener. */
  readonly access: Role | 'public'
  /** One sentence for openapi.json; null keeps the route out of it (files of the page). */
  readonly summary: string | null
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  readonly answer?: z.ZodType
  /** Takes a body of any type as bytes, this many of them; the rest is let pass. Without it only JSON is taken. */
  readonly bodyBytes?: number
  /** Takes a body of any type as bytes, all of it; one that is longer is refused. */
  readonly wholeBodyBytes?: number
  /** Takes a form-encoded body instead of JSON; `body` has each name with all its values. */
  readonly form?: boolean
  /** Also lets in by Basic authorization with the token as the password, and answers failures in Prometheus's envelope. */
  readonly dialect?: 'prometheus'
  /** Instants cross as ISO 8601 instead of epoch milliseconds. */
  readonly isoInstants?: boolean
  handle(request: RouteRequest): Promise<RouteReply>
}

export interface RouteRequest {
  readonly params: Readonly<Record<string, string>>
  /** Each name with all its values, in order. */
  readonly query: Readonly<Record<string, readonly string[]>>
  readonly method: string
  /** Parsed JSON, or bytes where the route takes them; an empty object where none was sent. */
  readonly body: unknown
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly remoteAddress: string
  /** Null on public routes nobody logged in to. */
  readonly caller: Caller | null
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal
  /** Makes a call of the contract as this request's caller. Throws AppError with the call's own failure. */
  call<K extends CallName>(name: K, input: InputOf<K>): Promise<OutputOf<K>>
}

export interface RouteReply {
  /** Default 200. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** A value is sent as JSON; bytes and streams of them as they are. */
  readonly body: unknown
}

interface CallRoute<K extends CallName, Q extends z.ZodObject> {
  readonly method: Method
  readonly path: string
  readonly call: K
  /** Default: the call's own. */
  readonly summary?: string
  readonly query?: Q
  /** What the client sends, where it is not the call's whole input. */
  readonly body?: z.ZodType
  readonly status?: number
  /** The call's input from what came; it is validated by the call's own schema. */
  input(from: { readonly params: Readonly<Record<string, string>>; query: z.output<Q>; body: unknown }): unknown
  /** What is answered, where it is not the call's whole output. */
  readonly answer?: z.ZodType
  readonly shape?: (output: OutputOf<K>, from: { query: z.output<Q> }) => unknown
}

/** A REST route over one call of the contract: the same schema, the same role, the same errors; instants as ISO 8601. */
export function overCall<K extends CallName, Q extends z.ZodObject = z.ZodObject>(
  route: CallRoute<K, Q>,
  now: () => number,
): Route {
  const spec = contract.calls[route.call]
  const answer = route.answer ?? spec.output
  return {
    method: route.method,
    path: route.path,
    access: spec.role,
    summary: route.summary ?? spec.summary,
    ...(route.query ? { query: route.query } : {}),
    ...(route.body ? { body: route.body } : {}),
    answer,
    isoInstants: true,
    async handle(request) {
      const query = parseQuery(route.query, request.query)
      const asked = route.input({ params: request.params, query, body: request.body })
      const input = epochOf(spec.input, asked, now())
      // Whatever it is, `call` validates it with this very schema.
      const output = await request.call(route.call, input as InputOf<K>)
      const body = route.shape ? route.shape(output, { query }) : output
      return { status: route.status ?? 200, body: isoOf(answer, body) }
    },
  }
}

/** Each parameter as its schema wants it: all values for an array, else the only one. AppError `invalid`. */
export function parseQuery<Q extends z.ZodObject>(
  schema: Q | undefined,
  query: Readonly<Record<string, readonly string[]>>,
): z.output<Q> {
  // Without a schema no route reads its query, so an empty object is all there is to give.
  if (!schema) return {} as z.output<Q>
  const given = Object.entries(query).map(([name, values]) => [name, values.length === 1 ? values[0] : values])
  const parsed = schema.safeParse(Object.fromEntries(given))
  if (parsed.success) return parsed.data
  const issues = issuesOf(parsed.error)
  throw new AppError('invalid', `The query is wrong: ${issues[0]?.path || 'query'}: ${issues[0]?.message}`, issues)
}
