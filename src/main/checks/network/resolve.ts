/**
 * Names to addresses, as the operating system resolves them (hosts file included). The system's lookup cannot be called
 * off and occupies one of few threads, for many seconds when the server is silent: so one name is looked up once for
 * all who ask at the same time, only so many at once, and one that nobody waits for any more is not begun.
 */
import { promises as dns, type LookupAddress } from 'node:dns'
import { isIP } from 'node:net'

export type IpVersion = 'any' | '4' | '6'

/** At least one address. */
export type Lookup = (host: string, version: IpVersion) => Promise<LookupAddress[]>

/**
 * At least one address, in the resolver's order; an address is its own answer, whatever the resolver does. Rejects with
 * the resolver's error, or with the signal's reason when it is aborted first.
 */
export type Resolve = (host: string, version: IpVersion, signal: AbortSignal) => Promise<LookupAddress[]>

/** Leaves threads for lookups of others: of 32 (thread-pool.ts), 16 may look up names. */
const mostLookups = 12

export const resolveHost: Resolve = createResolver(
  (host, version) => dns.lookup(host, { all: true, family: version === 'any' ? 0 : Number(version) }),
  mostLookups,
)

interface Shared {
  readonly key: string
  readonly begin: () => void
  readonly addresses: Promise<LookupAddress[]>
  askers: number
}

export function createResolver(lookup: Lookup, mostAtOnce: number): Resolve {
  const underway = new Map<string, Shared>()
  const waiting = new Set<Shared>()
  let running = 0

  function beginNext(): void {
    for (const next of waiting) {
      if (running >= mostAtOnce) return
      waiting.delete(next)
      running++
      next.begin()
    }
  }

  function shared(host: string, version: IpVersion): Shared {
    const key = `${version} ${host}`
    const known = underway.get(key)
    if (known !== undefined) return known
    let begin = () => {}
    const addresses = new Promise<void>((resolve) => {
      begin = resolve
    })
      .then(() => lookup(host, version))
      .finally(() => {
        running--
        underway.delete(key)
        beginNext()
      })
    const made: Shared = { key, begin, addresses, askers: 0 }
    underway.set(key, made)
    waiting.add(made)
    return made
  }

  return async (host, version, signal) => {
    const literal = isIP(host)
    if (literal !== 0) return [{ address: host, family: literal }]
    signal.throwIfAborted()
    const one = shared(host, version)
    one.askers++
    beginNext()
    try {
      return await orAborted(one.addresses, signal)
    } finally {
      one.askers--
      // What was begun runs to its end, for whoever asks meanwhile.
      if (one.askers === 0 && waiting.delete(one)) underway.delete(one.key)
    }
  }
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
