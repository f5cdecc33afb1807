/**
 * Whom TLS checks trust: Node's authorities, the system's and a check's own. Reading the system's takes some 60 ms and a
 * set of all of them 20 ms, so the usual set is made before anything is watched, and each other one once.
 */
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'

let everybody: readonly string[] | null = null
const contexts = new Map<string, SecureContext>()
const mostContexts = 50

/** `authorities`: PEM of those trusted in addition; empty: none. */
export function secureContextFor(authorities: string): SecureContext {
  const known = contexts.get(authorities)
  if (known !== undefined) return known
  everybody ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])]
  const context = createSecureContext({ ca: authorities === '' ? [...everybody] : [...everybody, authorities] })
  if (contexts.size >= mostContexts) contexts.delete(contexts.keys().next().value ?? '')
  contexts.set(authorities, context)
  return context
}

/** Makes the set that all checks without authorities of their own share. */
export function prepareSecureContexts(): void {
  secureContextFor('')
}
