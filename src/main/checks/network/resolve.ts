/**
 * Names to addresses, as the operating system resolves them (hosts file included). Lookups of one name at the same time
 * are made once: getaddrinfo occupies one of few threads, and a resolver that is down must not take all of them.
 */
import { promises as dns, type LookupAddress } from 'node:dns'
import { isIP } from 'node:net'

export type IpVersion = 'any' | '4' | '6'

const underway = new Map<string, Promise<LookupAddress[]>>()

/**
 * At least one address, in the resolver's order. Rejects with the resolver's error, or with the signal's reason when it
 * is aborted first.
 */
export function resolveHost(host: string, version: IpVersion, signal: AbortSignal): Promise<LookupAddress[]> {
  const literal = isIP(host)
  if (literal !== 0) return Promise.resolve([{ address: host, family: literal }])
  if (signal.aborted) return Promise.reject(signal.reason)
  return orAborted(lookup(host, version), signal)
}

function lookup(host: string, version: IpVersion): Promise<LookupAddress[]> {
  const key = `${version} ${host}`
  const pending = underway.get(key)
  if (pending !== undefined) return pending
  const family = version === 'any' ? 0 : Number(version)
  const started = dns.lookup(host, { all: true, family }).finally(() => underway.delete(key))
  underway.set(key, started)
  return started
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
