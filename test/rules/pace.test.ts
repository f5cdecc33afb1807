import { describe, expect, it } from 'vitest'
import { atPace, keepPace, resultAtPace } from '#main/rules/pace.ts'
import { eachOf } from '#shared/promql/steps.ts'

/** Every look at it takes a millisecond. */
function slowClock() {
  let nowMs = 0
  return { monotonicMs: () => nowMs++ }
}

/** Counts the turns of others until it is stopped. */
function countTurns() {
  let turns = 0
  let isCounting = true
  const count = () => {
    turns++
    if (isCounting) setImmediate(count)
  }
  setImmediate(count)
  return () => {
    isCounting = false
    return turns
  }
}

const numbers = Array.from({ length: 1000 }, (_, index) => index)

describe('long work', () => {
  it('visits everything in order and gives others a turn in between', async () => {
    const seen: number[] = []
    const turns = countTurns()
    await atPace(numbers, keepPace(slowClock()), (number) => void seen.push(number))
    expect(seen).toEqual(numbers)
    expect(turns()).toBeGreaterThan(100)
  })

  it('comes in steps that say nothing of time', async () => {
    const seen: number[] = []
    const turns = countTurns()
    await resultAtPace(
      eachOf(numbers, (number) => void seen.push(number)),
      keepPace(slowClock()),
    )
    expect(seen).toEqual(numbers)
    expect(turns()).toBeGreaterThan(5)
  })

  it('is done in one go when it takes no time', async () => {
    const turns = countTurns()
    await atPace(numbers, keepPace({ monotonicMs: () => 0 }), () => {})
    expect(turns()).toBe(0)
  })

  it('ends with the reason when it is broken off', async () => {
    const controller = new AbortController()
    const visits: number[] = []
    const work = atPace(numbers, keepPace(slowClock(), controller.signal), (number) => void visits.push(number))
    controller.abort(new Error('too long'))
    await expect(work).rejects.toThrow('too long')
    expect(visits.length).toBeLessThan(20)
  })
})
