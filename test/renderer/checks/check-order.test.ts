import { describe, expect, it } from 'vitest'
import type { CheckHistory } from '#shared/contract/checks.ts'
import { sortChecks, worstFirst } from '../../../src/renderer/features/checks/check-order.ts'
import { check } from './check-builder.ts'

const none = new Map<string, CheckHistory>()
const names = (checks: readonly { name: string }[]) => checks.map(({ name }) => name)

describe('sortChecks', () => {
  it('puts the worst first, and among equals by name with numbers in their order', () => {
    const sorted = sortChecks(
      [
        check({ name: 'paused', state: 'unobserved', enabled: false }),
        check({ name: 'web 10' }),
        check({ name: 'web 2' }),
        check({ name: 'slow', state: 'degraded' }),
        check({ name: 'broken', state: 'down' }),
        check({ name: 'odd', state: 'unknown' }),
      ],
      worstFirst,
      none,
    )
    expect(names(sorted)).toEqual(['broken', 'slow', 'odd', 'web 2', 'web 10', 'paused'])
  })

  it('puts a check that is about to go down before those that are well', () => {
    const turning = check({ name: 'turning', confirming: { toward: 'down', seen: 1, needed: 2 } })
    const sorted = sortChecks([check({ name: 'a' }), turning, check({ name: 'z', state: 'down' })], worstFirst, none)
    expect(names(sorted)).toEqual(['z', 'turning', 'a'])
  })

  it('puts the newest trouble first', () => {
    const old = check({ name: 'a', state: 'down', stateSince: 1000 })
    const fresh = check({ name: 'b', state: 'down', stateSince: 2000 })
    expect(names(sortChecks([old, fresh], worstFirst, none))).toEqual(['b', 'a'])
  })

  it('keeps checks without a value last in both directions', () => {
    const checks = [
      check({ name: 'none', last: null }),
      check({ name: 'fast', durationMs: 10 }),
      check({ name: 'slow', durationMs: 900 }),
    ]
    expect(names(sortChecks(checks, { column: 'latency', isDescending: false }, none))).toEqual([
      'fast',
      'slow',
      'none',
    ])
    expect(names(sortChecks(checks, { column: 'latency', isDescending: true }, none))).toEqual(['slow', 'fast', 'none'])
  })

  it('does not change the list it was given', () => {
    const checks = Object.freeze([check({ name: 'b' }), check({ name: 'a' })])
    expect(names(sortChecks(checks, { column: 'name', isDescending: false }, none))).toEqual(['a', 'b'])
    expect(names(checks)).toEqual(['b', 'a'])
  })
})
