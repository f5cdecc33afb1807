/**
 * Who may pass. A pure decision over what a request says of itself and what is known of its sender: the address it was
 * sent to (against DNS rebinding), the page it was sent from (against other sites in the same browser), who sends it,
 * and what the route asks for. Everything is refused that is not expressly allowed.
 */
import { type Caller, type Role, roleSuffices } from '#shared/contract/define.ts'
import type { ErrorCode } from '#shared/contract/errors.ts'

/** Any value will do: a page of another origin cannot send the header at all without being allowed to. */
export const csrfHeader = 'x-belfry-csrf'

export interface Approach {
  readonly method: string
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly hasCsrfHeader: boolean
}

export interface Identity {
  readonly caller: Caller
  /** What proved it. A cookie is sent by the browser on its own; a token only by who holds it. */
  readonly by: 'token' | 'session'
}

export interface Doors {
  /** Exact values of the Host header, lower case, such as `127.0.0.1:4680`. */
  readonly hosts: ReadonlySet<string>
  readonly scheme: 'http' | 'https'
}

export interface Refusal {
  readonly code: Extract<ErrorCode, 'unauthenticated' | 'forbidden'>
  readonly message: string
}

/** The first half, before anybody is asked who they are. Null: come in. */
export function refuseApproach(approach: Approach, doors: Doors): Refusal | null {
  const host = approach.host?.toLowerCase()
  if (host === undefined || !doors.hosts.has(host)) {
    return forbidden('This console does not answer to the host name it was asked by.')
  }
  if (approach.origin !== undefined && approach.origin !== `${doors.scheme}://${host}`) {
    return forbidden('Pages of other origins may not ask this console.')
  }
  return null
}

/** The second half: whether this sender may do what the route does. Null: go on. */
export function refuseSender(approach: Approach, access: Role | 'public', identity: Identity | null): Refusal | null {
  if (access === 'public') return null
  if (identity === null) {
    return {
      code: 'unauthenticated',
      message: 'Expected "Authorization: Bearer <token>" or a browser session; there was none that is valid.',
    }
  }
  if (!roleSuffices(identity.caller.role, access)) {
    return forbidden(`This needs the role ${access}; ${identity.caller.name} has ${identity.caller.role}.`)
  }
  if (identity.by === 'session' && !isSafe(approach.method) && !approach.hasCsrfHeader) {
    return forbidden(`A change made with a session must carry the header ${csrfHeader}.`)
  }
  return null
}

/** A socket carries changes, so a session must show that its own page opened it. */
export function refuseSocket(approach: Approach, identity: Identity | null): Refusal | null {
  // Opening a socket is a GET; what is said on it carries its own role by call.
  const refusal = refuseSender({ ...approach, method: 'GET' }, 'wall', identity)
  if (refusal) return refusal
  if (identity?.by === 'session' && approach.origin === undefined) {
    return forbidden("A session opens its socket from the console's own page, which names its origin.")
  }
  return null
}

/** The Host headers a listener on this address answers to. */
export function hostsOf(host: string, port: number, further: readonly string[], scheme: 'http' | 'https'): Set<string> {
  const names = new Set([bracketed(host), ...further.map(bracketed)])
  if (isLoopback(host)) for (const name of ['127.0.0.1', 'localhost', '[::1]']) names.add(name)
  const isDefaultPort = port === (scheme === 'http' ? 80 : 443)
  return new Set([...names].flatMap((name) => (isDefaultPort ? [name, `${name}:${port}`] : [`${name}:${port}`])))
}

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}

/** An IPv6 address as it stands in a URL or a Host header. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host.toLowerCase()}]` : host.toLowerCase()
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

function forbidden(message: string): Refusal {
  return { code: 'forbidden', message }
}
