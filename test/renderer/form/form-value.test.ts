import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  hasIssueUnder,
  issuesAt,
  issuesElsewhere,
  sameJson,
  withEntry,
} from '../../../src/renderer/ui/form/form-value.ts'

const issues = [
  { path: 'config.port', message: 'expected 1 to 65535, got 70000' },
  { path: 'config.assertions[0].path', message: 'expected a JSONPath' },
  { path: 'surprise', message: 'unknown field' },
]

describe('issues', () => {
  it('belong to the field with their path, whichever way an index is written', () => {
    expect(issuesAt(issues, 'config.port')).toEqual(['expected 1 to 65535, got 70000'])
    expect(issuesAt(issues, 'config.assertions.0.path')).toEqual(['expected a JSONPath'])
    expect(issuesAt(issues, 'config')).toEqual([])
  })

  it('are found below a folded field, but not by a shared beginning of the name', () => {
    expect(hasIssueUnder(issues, 'config.assertions')).toBe(true)
    expect(hasIssueUnder(issues, 'config.assert')).toBe(false)
  })

  it('are told by the form itself when no field shows them', () => {
    expect(issuesElsewhere(issues, ['config']).map(({ path }) => path)).toEqual(['surprise'])
  })
})

describe('withEntry', () => {
  it('sets and removes without changing the object it was given', () => {
    const before = Object.freeze({ a: 1, b: 2 })
    expect(withEntry(before, 'a', 3)).toEqual({ a: 3, b: 2 })
    expect(withEntry(before, 'a', undefined)).toEqual({ b: 2 })
  })
})

describe('sameJson', () => {
  it('agrees with equality of what was written and read back, whatever the order of entries', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const copy = z.json().parse(JSON.parse(JSON.stringify(value)))
        const reversed = z
          .json()
          .parse(
            JSON.parse(JSON.stringify(copy), (_, inner: unknown) =>
              typeof inner === 'object' && inner !== null && !Array.isArray(inner)
                ? Object.fromEntries(Object.entries(inner).reverse())
                : inner,
            ),
          )
        expect(sameJson(copy, reversed)).toBe(true)
        expect(sameJson([copy], [copy, 1])).toBe(false)
        expect(sameJson({ a: copy }, { b: copy })).toBe(false)
      }),
    )
  })
})
