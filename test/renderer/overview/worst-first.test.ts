import { describe, expect, it } from 'vitest'
import type { CheckView } from '#shared/contract/checks.ts'
import { isAbnormal, worstFirst } from '../../../src/renderer/features/overview/worst-first.ts'
import { sampleChecks } from '../harness/sample/sample-checks.ts'

const now = 1_767_571_200_000
const [plain] = sampleChecks(now, 1)
if (!plain) throw new Error('expected a sample check')
const check = (name: string, more: Partial<CheckView>): CheckView => ({
  ...plain,
  id: name,
  name,
  confirming: null,
  state: 'up',
  stateSince: now,
  ...more,
})
const order = (...checks: CheckView[]) => worstFirst(checks).map(({ name }) => name)

describe('the order of the overview', () => {
  it('goes from what needs a person to what does not', () => {
    const confirming = { toward: 'down', seen: 1, needed: 2 } as const
    expect(
      order(
        check('up', {}),
        check('unobserved', { state: 'unobserved' }),
        check('maintenance', { state: 'maintenance' }),
        check('unknown', { state: 'unknown' }),
        check('degraded', { state: 'degraded' }),
        check('turning', { confirming }),
        check('down', { state: 'down' }),
      ),
    ).toEqual(['down', 'turning', 'degraded', 'unknown', 'maintenance', 'unobserved', 'up'])
  })

  it('puts the news first among the bad ones, and names in order among the good ones', () => {
    expect(
      order(
        check('old', { state: 'down', stateSince: now - 1000 }),
        check('new', { state: 'down', stateSince: now }),
        check('b', { stateSince: now }),
        check('a', { stateSince: now - 1000 }),
      ),
    ).toEqual(['new', 'old', 'a', 'b'])
  })

  it('does not call a check abnormal for recovering, nor for maintenance', () => {
    expect(isAbnormal(check('x', { confirming: { toward: 'up', seen: 1, needed: 2 } }))).toBe(false)
    expect(isAbnormal(check('x', { state: 'maintenance' }))).toBe(false)
    expect(isAbnormal(check('x', { state: 'unknown' }))).toBe(true)
  })
})
