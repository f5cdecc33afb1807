import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StateInterval, TimelineState } from '#shared/contract/checks.ts'
import { heartbeatBar, timeline, totals, uptime } from '#shared/domain/timeline.ts'

const hole = { code: 'not-looked', message: 'Nobody looked.' }
const reason = { code: 'x', message: 'x' }
const states: TimelineState[] = ['up', 'degraded', 'down', 'unknown', 'maintenance', 'unobserved']

/** Ascending, without overlap, with holes. */
const intervalLists = fc
  .array(fc.record({ gap: fc.nat(500), length: fc.nat(1000), state: fc.constantFrom(...states) }), { maxLength: 30 })
  .map((steps) => {
    let at = 0
    return steps.map(({ gap, length, state }): StateInterval => {
      const from = at + gap
      at = from + length
      return { from, to: at, state, reason }
    })
  })
const windows = fc
  .tuple(fc.nat(20_000), fc.integer({ min: 1, max: 20_000 }))
  .map(([from, length]) => ({ from, to: from + length }))

describe('a timeline', () => {
  it('covers its window exactly: ascending, adjacent, nothing empty', () => {
    fc.assert(
      fc.property(intervalLists, windows, (list, window) => {
        const line = timeline(list, window, hole)
        expect(line[0]?.from).toBe(window.from)
        expect(line.at(-1)?.to).toBe(window.to)
        for (let index = 0; index < line.length; index++) {
          expect(line[index]?.to).toBeGreaterThan(line[index]?.from ?? Number.NaN)
          if (index > 0) expect(line[index]?.from).toBe(line[index - 1]?.to)
        }
      }),
    )
  })

  it('accounts each millisecond as its interval says, and as unobserved where there is none', () => {
    fc.assert(
      fc.property(
        intervalLists,
        windows,
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (list, window, share) => {
          const instant = Math.min(window.to - 1, Math.floor(window.from + share * (window.to - window.from)))
          const at = (all: StateInterval[]) => all.find((one) => one.from <= instant && instant < one.to)?.state
          expect(at(timeline(list, window, hole))).toBe(at(list) ?? 'unobserved')
        },
      ),
    )
  })

  it('has totals that sum to the window', () => {
    fc.assert(
      fc.property(intervalLists, windows, (list, window) => {
        const sums = totals(timeline(list, window, hole))
        expect(Object.values(sums).reduce((a, b) => a + b)).toBe(window.to - window.from)
      }),
    )
  })

  it('is the same when it is cut in two and joined', () => {
    fc.assert(
      fc.property(intervalLists, windows, fc.double({ min: 0, max: 1, noNaN: true }), (list, window, share) => {
        const middle = Math.round(window.from + share * (window.to - window.from))
        const whole = totals(timeline(list, window, hole))
        const left = totals(timeline(list, { from: window.from, to: middle }, hole))
        const right = totals(timeline(list, { from: middle, to: window.to }, hole))
        for (const state of states) expect(left[state] + right[state]).toBe(whole[state])
      }),
    )
  })
})

describe('uptime', () => {
  it.each([
    [{ up: 900, down: 100 }, 0.9, 1],
    [{ up: 450, degraded: 450, down: 100 }, 0.9, 1],
    [{ up: 500, unobserved: 500 }, 1, 0.5],
    [{ up: 500, unknown: 500 }, 1, 0.5],
    [{ down: 10, unobserved: 90 }, 0, 0.1],
    [{ unobserved: 100 }, null, 0],
    [{}, null, 0],
  ])('of %j is %s with coverage %s', (part, availabilityRatio, coverageRatio) => {
    const sums = { up: 0, degraded: 0, down: 0, unknown: 0, maintenance: 0, unobserved: 0, ...part }
    expect(uptime(sums)).toEqual({ availabilityRatio, coverageRatio })
  })
})

describe('a heartbeat bar', () => {
  it('has stretches that tile the window and down times that sum to its total', () => {
    fc.assert(
      fc.property(intervalLists, windows, fc.integer({ min: 1, max: 60 }), (list, window, count) => {
        const line = timeline(list, window, hole)
        const bar = heartbeatBar(line, window, count)
        expect(bar).toHaveLength(count)
        expect(bar[0]?.from).toBe(window.from)
        expect(bar.at(-1)?.to).toBe(window.to)
        expect(bar.reduce((sum, one) => sum + one.downMs, 0)).toBe(totals(line).down)
        for (const one of bar) expect(one.state === 'down').toBe(one.downMs > 0)
      }),
    )
  })

  it('shows the worst state, and up only where that was longer than nobody looked', () => {
    const line: StateInterval[] = [
      { from: 0, to: 40, state: 'up', reason },
      { from: 40, to: 100, state: 'unobserved', reason },
      { from: 100, to: 160, state: 'up', reason },
      { from: 160, to: 200, state: 'unobserved', reason },
      { from: 200, to: 299, state: 'up', reason },
      { from: 299, to: 300, state: 'down', reason },
    ]
    expect(heartbeatBar(line, { from: 0, to: 300 }, 3).map((one) => one.state)).toEqual(['unobserved', 'up', 'down'])
  })
})
