/**
 * The contract is declared once: each feature lists its calls (a question or a command with one answer) and its events
 * (something that happened). The handlers' type, the client's type, both ends' run-time validation, the HTTP routes and
 * openapi.json all follow from these declarations. What a call does is none of this file's business.
 */
import type { z } from 'zod'

/** What may cross a wire unchanged: IPC and WebSocket must behave alike, so nothing that only one of them can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** Resolves to T where T survives JSON, and to `never` where it does not (undefined, Date, Map, functions, bigint). */
export type JsonOf<T> = [T] extends [Json]
  ? T
  : T extends string | number | boolean | null
    ? T // A member of a union whose other members are not Json as they stand.
    : T extends readonly unknown[]
      ? { [K in keyof T]: JsonOf<T[K]> }
      : T extends Date | Map<never, never> | Set<never> | ((...rest: never[]) => unknown)
        ? never
        : T extends object
          ? { [K in keyof T]: undefined extends T[K] ? JsonOf<Exclude<T[K], undefined>> | undefined : JsonOf<T[K]> }
          : unknown extends T
            ? T
            : never

/** Least privilege first. A role may do all that the roles before it may. */
export const roles = ['wall', 'viewer', 'operator', 'admin'] as const
export type Role = (typeof roles)[number]
/** Roles for people and programs. `wall` is for a screen that sees its own wall and nothing else; see walls.link. */
export const grantableRoles = ['viewer', 'operator', 'admin'] as const
export type GrantableRole = (typeof grantableRoles)[number]

/** Whether `held` suffices where `needed` is asked for. */
export function roleSuffices(held: Role, needed: Role): boolean {
  return roles.indexOf(held) >= roles.indexOf(needed)
}

export interface CallSpec<In extends z.ZodType = z.ZodType, Out extends z.ZodType = z.ZodType> {
  /** One sentence for openapi.json and the palette. */
  readonly summary: string
  /** The least role that may make the call. */
  readonly role: Role
  readonly input: In
  readonly output: Out
  /** How long the client waits before it gives up. Default 15,000 ms. */
  readonly timeoutMs?: number
}

export interface Contract {
  readonly calls: Readonly<Record<string, CallSpec>>
  readonly events: Readonly<Record<string, z.ZodType>>
}

type JsonSpec<S> = S extends { input: infer In extends z.ZodType; output: infer Out extends z.ZodType }
  ? [z.input<In>] extends [JsonOf<z.input<In>>]
    ? [z.output<Out>] extends [JsonOf<z.output<Out>>]
      ? S
      : { error: 'the output does not survive JSON' }
    : { error: 'the input does not survive JSON' }
  : never

/** Declares one feature's calls and events. A schema whose type does not survive JSON does not compile. */
export function defineContract<
  const C extends Readonly<Record<string, CallSpec>>,
  const E extends Readonly<Record<string, z.ZodType>>,
>(contract: { calls: C & { [K in keyof C]: JsonSpec<C[K]> }; events: E }): { readonly calls: C; readonly events: E } {
  return contract
}

export type CallInput<S extends CallSpec> = z.input<S['input']>
export type CallOutput<S extends CallSpec> = z.output<S['output']>
/** What a handler receives: the input after defaults were filled in. */
export type HandlerInput<S extends CallSpec> = z.output<S['input']>

/** Who makes a call: from the session, the token or Electron's own window. */
export interface Caller {
  readonly role: Role
  /** A name for history and audit, such as `desktop`, `session` or `token:grafana`. */
  readonly name: string
  /** With the role `wall`: the names of the walls it was let in to. */
  readonly walls?: readonly string[]
}

export type Handlers<C extends Contract> = {
  readonly [K in keyof C['calls']]: (
    input: HandlerInput<C['calls'][K]>,
    context: { readonly caller: Caller; readonly signal: AbortSignalLike },
  ) => Promise<CallOutput<C['calls'][K]>> | CallOutput<C['calls'][K]>
}

/** The part of AbortSignal a handler needs; shared code may not name the platform's own. */
export interface AbortSignalLike {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

export type EventPayload<C extends Contract, K extends keyof C['events']> = z.output<C['events'][K] & z.ZodType>
