import { describe, expect, it } from 'vitest'
import { applyChanges } from '../../../src/renderer/live/use-checks.ts'
import { sampleChecks } from '../harness/sample/sample-checks.ts'

const [a, b, c] = sampleChecks(1_767_571_200_000, 3)
if (!a || !b || !c) throw new Error('expected three sample checks')

describe('changes of checks', () => {
  it('keep each check in its place and add new ones at the end', () => {
    const changed = { ...a, state: 'down' as const }
    expect(
      applyChanges(
        [a, b],
        new Map([
          [c.id, c],
          [a.id, changed],
        ]),
      ),
    ).toEqual([changed, b, c])
  })

  it('take removed checks away, known or not', () => {
    expect(
      applyChanges(
        [a, b],
        new Map([
          [a.id, null],
          ['gone', null],
        ]),
      ),
    ).toEqual([b])
  })

  it('leave the given list as it was', () => {
    const list = [a, b]
    applyChanges(list, new Map([[a.id, null]]))
    expect(list).toEqual([a, b])
  })
})
