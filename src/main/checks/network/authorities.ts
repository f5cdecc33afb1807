/**
 * Whom TLS checks trust: Node's authorities, the system's and a check's own. Reading the system's takes some 60 ms and a
 * set of all of them 20 ms, so the usual set is made before anything is watched, and each other one once.
 */
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'

let everybody: readonly string[] | null = null
const contexts = new Map<string, SecureContext>()
const mostContexts = 50

export interface ClientCertificate {
  readonly certificate: string
  readonly key: string
}

/**
 * `authorities`: PEM of those trusted in addition; empty: none. `anyProtocol`: shakes hands in TLS 1.0 and with ciphers
 * that are no longer safe too, for a check that tells which are spoken; never for one that then sends a secret.
 */
export function secureContextFor(
  authorities: string,
  anyProtocol = false,
  client: ClientCertificate | null = null,
): SecureContext {
  const key = JSON.stringify([anyProtocol, authorities, client])
  const known = contexts.get(key)
  if (known !== undefined) return known
  everybody ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])]
  const context = createSecureContext({
    ca: authorities === '' ? [...everybody] : [...everybody, authorities],
    ...(client === null ? {} : { cert: client.certificate, key: client.key }),
    ...(anyProtocol ? { minVersion: 'TLSv1' as const, ciphers: 'DEFAULT:@SECLEVEL=0' } : {}),
  })
  if (contexts.size >= mostContexts) contexts.delete(contexts.keys().next().value ?? '')
  contexts.set(key, context)
  return context
}

/** Makes the set that all checks without authorities of their own share. */
export function prepareSecureContexts(): void {
  secureContextFor('')
}
