import { describe, expect, it } from 'vitest'
import { lasting } from '#main/alerts/sentences.ts'
import { asSentence } from '#main/notify/sentence.ts'

describe('lengths of time in messages', () => {
  it.each([
    [0, '0 s'],
    [-5000, '0 s'],
    [400, '0 s'],
    [59_600, '1 min'],
    [182_000, '3 min 2 s'],
    [3_600_000, '1 h'],
    [3_605_000, '1 h'],
    [3_900_000, '1 h 5 min'],
    [90_000_000, '1 d 1 h'],
    [400 * 86_400_000, '400 d'],
  ])('%i ms reads as %s', (durationMs, text) => {
    expect(lasting(durationMs)).toBe(text)
  })
})

describe('what somebody else said', () => {
  it.each([
    ['connection refused', 'connection refused.'],
    [' It is over. ', 'It is over.'],
    ['Really?', 'Really?'],
    ['', ''],
  ])('"%s" becomes "%s"', (text, sentence) => {
    expect(asSentence(text)).toBe(sentence)
  })
})
