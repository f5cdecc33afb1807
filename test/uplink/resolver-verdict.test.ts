import { expect, it } from 'vitest'
import { hasResolverFailed } from '#shared/domain/resolver-verdict.ts'

const lookups = (marks: string, atMs = 0) =>
  new Map([...marks].map((mark, index) => [`name-${index}`, { failed: mark === '-', atMs }]))

it.each([
  ['', false],
  ['-', false],
  ['--', true],
  ['--+', true],
  ['--++', false],
  ['-++', false],
  ['+++', false],
] as const)('lookups %s mean that the resolver has failed: %s', (marks, failed) => {
  expect(hasResolverFailed(lookups(marks), 1000)).toBe(failed)
})

it('forgets lookups of long ago', () => {
  expect(hasResolverFailed(lookups('--'), 299_000)).toBe(true)
  expect(hasResolverFailed(lookups('--'), 301_000)).toBe(false)
})
