import { rootCertificates } from 'node:tls'
import { expect, it } from 'vitest'
import { checkKinds } from '#main/checks/kinds/index.ts'
import { secureContextFor } from '#main/checks/network/authorities.ts'

function durationOf(work: () => void): number {
  const startedMs = performance.now()
  work()
  return performance.now() - startedMs
}

it('leaves the first TLS probe nothing to load once the kinds are prepared', () => {
  const prepareMs = durationOf(() => {
    for (const kind of checkKinds) kind.prepare?.()
  })
  const firstUseMs = durationOf(() => secureContextFor(''))
  expect(firstUseMs).toBeLessThan(prepareMs / 5)
})

it('makes one set for each text of authorities', () => {
  const own = rootCertificates[0] ?? ''
  expect(secureContextFor(own)).toBe(secureContextFor(own))
  expect(secureContextFor(own)).not.toBe(secureContextFor(''))
})
