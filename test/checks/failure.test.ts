import { describe, expect, it } from 'vitest'
import { failureOf, type Stage } from '#main/checks/network/failure.ts'
import { resolveHost } from '#main/checks/network/resolve.ts'

const coded = (code: string) => Object.assign(new Error(code), { code })

describe('a network failure', () => {
  it.each([
    ['ECONNREFUSED', 'connect', 'down', 'connection-refused'],
    ['ECONNRESET', 'processing', 'down', 'reset'],
    ['ENOTFOUND', 'resolve', 'down', 'dns-not-found'],
    ['EHOSTUNREACH', 'connect', 'down', 'host-unreachable'],
    ['HPE_HEADER_OVERFLOW', 'processing', 'down', 'headers-too-large'],
    ['HPE_INVALID_CONSTANT', 'processing', 'down', 'protocol-error'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls', 'down', 'tls-handshake'],
    ['EAI_AGAIN', 'resolve', 'unknown', 'dns-unavailable'],
    ['ESERVFAIL', 'resolve', 'unknown', 'dns-failed'],
    ['EMFILE', 'connect', 'unknown', 'out-of-descriptors'],
    ['ENFILE', 'connect', 'unknown', 'out-of-descriptors'],
    ['ENETUNREACH', 'connect', 'unknown', 'network-unreachable'],
    ['EADDRNOTAVAIL', 'connect', 'unknown', 'no-local-port'],
    ['EACCES', 'connect', 'unknown', 'not-permitted'],
  ] as const)('%s while it was about to %s is %s (%s)', (code, stage: Stage, outcome, reason) => {
    expect(failureOf(coded(code), stage, 'example.com:443')).toMatchObject({ outcome, reason: { code: reason } })
  })

  it('of several addresses is the one that speaks of the target', () => {
    const error = new AggregateError([coded('ENETUNREACH'), coded('ECONNREFUSED')])
    expect(failureOf(error, 'connect', 'localhost:1')).toMatchObject({ reason: { code: 'connection-refused' } })
    expect(failureOf(new AggregateError([coded('ENETUNREACH')]), 'connect', 'x:1')).toMatchObject({
      outcome: 'unknown',
    })
  })
})

describe('a name', () => {
  it('is not looked up for somebody who went away, and a lookup nobody waits for harms nobody', async () => {
    const gone = AbortSignal.abort(new Error('gone'))
    await expect(resolveHost('nowhere.invalid', 'any', gone)).rejects.toThrow('gone')
    const leaving = new AbortController()
    const lookups = [
      resolveHost('nowhere.invalid', 'any', leaving.signal),
      resolveHost('localhost', 'any', leaving.signal),
    ]
    leaving.abort(new Error('left'))
    for (const lookup of lookups) await expect(lookup).rejects.toThrow('left')
  })
  it('is looked up once for all who ask at the same time', async () => {
    const { signal } = new AbortController()
    const [first, second] = await Promise.all([
      resolveHost('localhost', 'any', signal),
      resolveHost('localhost', 'any', signal),
    ])
    expect(first).toBe(second)
    expect(await resolveHost('192.0.2.1', 'any', signal)).toEqual([{ address: '192.0.2.1', family: 4 }])
  })
})
