import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Outcome, StateInterval } from '#shared/contract/checks.ts'
import {
  advance,
  type CheckPolicy,
  type CheckState,
  confirming,
  initialCheckState,
  lapse,
  openIntervals,
  shownState,
} from '#shared/domain/check-state.ts'

const policy: CheckPolicy = {
  everyMs: 60_000,
  timeoutMs: 10_000,
  confirm: { failures: 2, of: 3, successes: 2, retryEveryMs: 15_000 },
  slowMs: null,
}
const outcomes = { U: 'up', G: 'degraded', D: 'down', X: 'unknown' } as const
type Letter = keyof typeof outcomes

interface Told {
  readonly state: CheckState
  readonly intervals: readonly StateInterval[]
  readonly transitions: readonly string[]
}

/** Results of letters, one a minute from minute 1 on unless `times` says otherwise. */
function tell(letters: string, options: { policy?: CheckPolicy; times?: number[]; durationMs?: number } = {}): Told {
  let state = initialCheckState
  const intervals: StateInterval[] = []
  const transitions: string[] = []
  ;[...letters].forEach((letter, index) => {
    const outcome: Outcome = outcomes[letter as Letter]
    const at = options.times?.[index] ?? (index + 1) * 60_000
    const reason = { code: outcome, message: outcome }
    const step = advance(state, { at, outcome, reason, durationMs: options.durationMs ?? 10 }, options.policy ?? policy)
    state = step.state
    intervals.push(...step.closed)
    if (step.transition) transitions.push(`${step.transition.to}@${step.transition.at / 60_000}`)
  })
  return { state, intervals, transitions }
}

describe('a confirmed state', () => {
  it.each([
    ['U', ['up@1']],
    ['UD', ['up@1']],
    ['UDD', ['up@1', 'down@2']],
    ['UDUD', ['up@1', 'down@2']],
    ['UDUUD', ['up@1']],
    ['UDDU', ['up@1', 'down@2']],
    ['UDDUU', ['up@1', 'down@2', 'up@4']],
    ['UDDUDUU', ['up@1', 'down@2', 'up@6']],
    ['UDDUXU', ['up@1', 'down@2', 'up@4']],
    ['DD', ['down@1']],
    ['D', []],
    ['X', ['unknown@1']],
    ['XU', ['unknown@1', 'up@2']],
    ['UX', ['up@1']],
    ['UXX', ['up@1', 'unknown@2']],
    ['UXXU', ['up@1', 'unknown@2', 'up@4']],
    ['UXXD', ['up@1', 'unknown@2']],
    ['UXXDD', ['up@1', 'unknown@2', 'down@4']],
    ['UDDXXU', ['up@1', 'down@2', 'unknown@4']],
    ['UDDXXUU', ['up@1', 'down@2', 'unknown@4', 'up@6']],
    ['UDDXXD', ['up@1', 'down@2', 'unknown@4', 'down@6']],
    ['UG', ['up@1']],
    ['UGG', ['up@1', 'degraded@2']],
    ['UGDD', ['up@1', 'down@3']],
    ['UGGU', ['up@1', 'degraded@2']],
    ['UGGUU', ['up@1', 'degraded@2', 'up@4']],
    ['UDDGG', ['up@1', 'down@2', 'degraded@4']],
    ['UDDGU', ['up@1', 'down@2', 'up@4']],
  ])('after %s has gone through %j', (letters, expected) => {
    expect(tell(letters).transitions).toEqual(expected)
  })

  it('says what is being confirmed and how far it is', () => {
    expect(confirming(tell('UD').state, policy)).toEqual({ toward: 'down', seen: 1, needed: 2 })
    expect(confirming(tell('UDD').state, policy)).toBeNull()
    expect(confirming(tell('UDDU').state, policy)).toEqual({ toward: 'up', seen: 1, needed: 2 })
    expect(confirming(tell('UG').state, policy)).toEqual({ toward: 'degraded', seen: 1, needed: 2 })
    expect(confirming(tell('UX').state, policy)).toEqual({ toward: 'unknown', seen: 1, needed: 2 })
    expect(confirming(tell('U').state, policy)).toBeNull()
    expect(confirming(initialCheckState, policy)).toBeNull()
  })

  it('tells the newest reason of an outage and keeps its beginning', () => {
    const { state } = tell('UDD')
    const later = advance(
      state,
      { at: 240_000, outcome: 'down', reason: { code: 'timeout', message: 't' }, durationMs: 1 },
      policy,
    ).state
    expect(later.confirmed).toEqual({ state: 'down', since: 120_000, reason: { code: 'timeout', message: 't' } })
  })

  it('survives a restart as JSON', () => {
    const { state } = tell('UGDXD', { policy: { ...policy, slowMs: 5 } })
    expect(JSON.parse(JSON.stringify(state))).toEqual(state)
  })
})

describe('slowness', () => {
  const slowPolicy = { ...policy, slowMs: 100 }
  const run = (durations: number[]) => {
    let state = initialCheckState
    const transitions: string[] = []
    durations.forEach((durationMs, index) => {
      const step = advance(
        state,
        { at: (index + 1) * 60_000, outcome: 'up', reason: { code: 'ok', message: '' }, durationMs },
        slowPolicy,
      )
      state = step.state
      if (step.transition) transitions.push(`${step.transition.to}@${index + 1}`)
    })
    return { transitions, state }
  }
  it('is not concluded from one or two slow samples', () => {
    expect(run([10, 500, 10, 10, 500, 10]).transitions).toEqual(['up@1'])
  })
  it('degrades a check when the 95th percentile of the window is above the limit', () => {
    const { transitions, state } = run([10, 500, 500, 500])
    expect(transitions).toEqual(['up@1', 'degraded@4'])
    expect(state.confirmed?.reason.message).toBe('3 of the last 4 results took longer than 100 ms.')
  })
  it('ends when the slow results have left the window', () => {
    expect(run([10, 500, 500, 500, ...Array(20).fill(10)]).transitions).toEqual(['up@1', 'degraded@4', 'up@13'])
  })
  it('agrees with the nearest-rank percentile of the durations', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 3, maxLength: 10 }), (durations) => {
        const slow = durations.filter((one) => one > 100).length
        fc.pre(slow === 0 || slow >= 3)
        const sorted = [...durations].sort((a, b) => a - b)
        const p95 = sorted[Math.ceil(0.95 * sorted.length) - 1] ?? 0
        expect(run(durations).state.confirmed?.state).toBe(p95 > 100 ? 'degraded' : 'up')
      }),
    )
  })
})

describe('time nobody looked', () => {
  const vouchMs = 60_000 + 10_000 + 5000
  it('begins where the last result stops vouching and breaks no state', () => {
    const { state, intervals, transitions } = tell('UU', { times: [60_000, 1_000_000] })
    expect(transitions).toEqual(['up@1'])
    expect(intervals.map(({ from, to, state }) => [from, to, state])).toEqual([
      [60_000, 60_000 + vouchMs, 'up'],
      [60_000 + vouchMs, 1_000_000, 'unobserved'],
    ])
    expect(state.confirmed?.since).toBe(60_000)
  })
  it('does not let failures before and after it confirm an outage together', () => {
    expect(tell('UDD', { times: [60_000, 120_000, 9_000_000] }).transitions).toEqual(['up@1'])
  })
  it('is shown as unobserved with its reason once the check lapsed', () => {
    const paused = { code: 'paused', message: 'The check is paused.' }
    const state = lapse(tell('U').state, 70_000, paused)
    expect(shownState(state, 69_999).state).toBe('up')
    expect(shownState(state, 70_000)).toEqual({ state: 'unobserved', since: 70_000, reason: paused })
    expect(openIntervals(state, 100_000).map(({ from, to, state }) => [from, to, state])).toEqual([
      [60_000, 70_000, 'up'],
      [70_000, 100_000, 'unobserved'],
    ])
  })
  it('is never stretched by a clock that was set back', () => {
    const { intervals, state } = tell('UDDUU', { times: [600_000, 660_000, 100_000, 160_000, 900_000] })
    for (let index = 1; index < intervals.length; index++) expect(intervals[index]?.from).toBe(intervals[index - 1]?.to)
    expect(state.last?.at).toBe(900_000)
  })
})

const letterArrays = fc.array(
  fc.record({ letter: fc.constantFrom(...'UGDX'), waitMs: fc.integer({ min: -5000, max: 200_000 }) }),
  {
    minLength: 1,
    maxLength: 60,
  },
)
const policies = fc
  .record({
    failures: fc.integer({ min: 1, max: 5 }),
    of: fc.integer({ min: 1, max: 5 }),
    successes: fc.integer({ min: 1, max: 5 }),
  })
  .map((confirm) => ({
    ...policy,
    confirm: { ...confirm, of: Math.max(confirm.of, confirm.failures), retryEveryMs: 15_000 },
  }))

describe('whatever the results', () => {
  it('accounts for each millisecond since the first one exactly once', () => {
    fc.assert(
      fc.property(letterArrays, policies, fc.nat(300_000), (steps, drawn, afterMs) => {
        const { told, times } = play(steps, drawn)
        const now = (told.state.last?.at ?? 0) + afterMs
        const all = [...told.intervals, ...openIntervals(told.state, now)]
        let reached = times[0] ?? 0
        for (const interval of all) {
          expect(interval.from).toBe(reached)
          expect(interval.to).toBeGreaterThan(interval.from)
          reached = interval.to
        }
        expect(reached).toBe(now)
      }),
    )
  })
  it('never goes down on fewer failures than asked for, nor on failures to measure', () => {
    fc.assert(
      fc.property(letterArrays, policies, (steps, drawn) => {
        const { told } = play(steps, drawn)
        const downs = steps.filter(({ letter }) => letter === 'D').length
        if (downs < drawn.confirm.failures) expect(told.transitions.join()).not.toContain('down')
      }),
    )
  })
  it('changes state with each transition and says nothing twice', () => {
    fc.assert(
      fc.property(letterArrays, policies, (steps, drawn) => {
        const names = play(steps, drawn).told.transitions.map((one) => one.split('@')[0])
        for (let index = 1; index < names.length; index++) expect(names[index]).not.toBe(names[index - 1])
      }),
    )
  })
})

function play(steps: readonly { letter: string; waitMs: number }[], drawn: CheckPolicy) {
  let at = 1_000_000
  const times = steps.map(({ waitMs }) => {
    at += waitMs
    return at
  })
  return { told: tell(steps.map(({ letter }) => letter).join(''), { policy: drawn, times }), times }
}
