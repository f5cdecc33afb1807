import { describe, expect, it } from 'vitest'
import {
  certificateUrgency,
  certificateWords,
  checkStateWord,
  confirmingWords,
  phaseWord,
} from '../../../src/renderer/features/checks/check-words.ts'
import { check } from './check-builder.ts'

const now = 1_767_571_200_000
const day = 86_400_000

describe('checkStateWord', () => {
  it('says why nobody looks at a check', () => {
    expect(checkStateWord(check({ enabled: false, state: 'unobserved' }))).toBe('Paused')
    expect(checkStateWord(check({ state: 'unobserved', last: null }))).toBe('Waiting')
    expect(checkStateWord(check({ state: 'unobserved' }))).toBe('Not observed')
    expect(checkStateWord(check({ state: 'down' }))).toBe('Down')
  })
})

describe('certificates', () => {
  it.each([
    [40 * day, 'fine', '40 days'],
    [29.5 * day, 'soon', '29 days'],
    [1.5 * day, 'urgent', '1 day'],
    [-1, 'urgent', 'expired yesterday'],
    [-3 * day, 'urgent', 'expired 3 days ago'],
  ] as const)('%i ms before expiry are %s and read "%s"', (left, urgency, words) => {
    expect([certificateUrgency(now + left, now), certificateWords(now + left, now)]).toEqual([urgency, words])
  })
})

describe('confirmingWords', () => {
  it('counts the results that point elsewhere', () => {
    expect(confirmingWords({ toward: 'down', seen: 1, needed: 2 })).toBe('1 of 2 results says down')
    expect(confirmingWords({ toward: 'up', seen: 2, needed: 3 })).toBe('2 of 3 results say up')
  })
})

describe('phaseWord', () => {
  it('names the phases of blackbox_exporter and keeps a name it has not heard of', () => {
    expect(['resolve', 'processing', 'handshake'].map(phaseWord)).toEqual(['DNS', 'First byte', 'Handshake'])
  })
})
