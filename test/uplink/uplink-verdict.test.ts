import { expect, it } from 'vitest'
import { type ReferenceAnswer, uplinkVerdict } from '#shared/domain/uplink-verdict.ts'

/** `+` answered, `-` silent now, `x` has never answered. */
const round = (marks: string): ReferenceAnswer[] =>
  [...marks].map((mark, index) => ({
    name: `reference ${index}`,
    answered: mark === '+',
    hasAnsweredBefore: mark !== 'x',
  }))

it.each([
  ['+++', true, 'here'],
  ['++-', true, 'here'],
  ['+--', true, 'lost'],
  ['---', true, 'lost'],
  ['--', true, 'lost'],
  ['+-', true, 'here'],
  ['-', true, 'unsure'],
  ['', true, 'unsure'],
  ['++--', true, 'here'],
  ['+---', true, 'lost'],
  // A network that lets nobody out: two references never answered, but targets do.
  ['+xx', true, 'here'],
  ['-xx', true, 'unsure'],
  // A start in the middle of an outage: nobody has answered yet.
  ['xxx', false, 'lost'],
  ['+xx', false, 'lost'],
  ['x', false, 'unsure'],
] as const)(
  'references %s, with a remote target that answered: %s, mean that the link is %s',
  (marks, remote, verdict) => {
    expect(uplinkVerdict(round(marks), remote)).toBe(verdict)
  },
)

const all = (length: number): string[] =>
  length === 0 ? [''] : all(length - 1).flatMap((rest) => ['+', '-', 'x'].map((mark) => `${rest}${mark}`))

it('never finds the link gone because one more reference answered', () => {
  for (const marks of all(4)) {
    for (const remote of [true, false]) {
      if (uplinkVerdict(round(marks), remote) === 'lost') continue
      for (let index = 0; index < marks.length; index++) {
        const more = `${marks.slice(0, index)}+${marks.slice(index + 1)}`
        expect(uplinkVerdict(round(more), remote), `${marks} to ${more}`).not.toBe('lost')
      }
    }
  }
})

it('does not depend on the order of the references, nor find anything gone that one silent reference says alone', () => {
  for (const marks of all(4)) {
    const sorted = [...marks].sort().join('')
    for (const remote of [true, false]) {
      expect(uplinkVerdict(round(marks), remote)).toBe(uplinkVerdict(round(sorted), remote))
      if ([...marks].filter((mark) => mark !== '+').length < 2) {
        expect(uplinkVerdict(round(marks), remote)).not.toBe('lost')
      }
    }
  }
})
