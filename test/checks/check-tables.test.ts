import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startResultRetention } from '#main/checks/result-retention.ts'
import { repeatedWithEvidence, repeatedWithout } from '#main/store/families/checks.ts'
import type { CheckResult } from '#shared/contract/checks.ts'
import { fakePorts } from '#test/support/ports.ts'
import { type TemporaryState, temporaryState } from '#test/support/state-store.ts'

const dayMs = 86_400_000
const reason = { code: 'r', message: 'because' }
let state: TemporaryState
beforeEach(async () => {
  state = await temporaryState()
})
afterEach(() => state.close())

const result = (at: number, outcome: CheckResult['outcome'] = 'up', checkId = 'web'): CheckResult => ({
  id: `id-${at}`,
  checkId,
  at,
  trigger: 'scheduled',
  outcome,
  reason,
  durationMs: 1.5,
  phases: [{ name: 'connect', durationMs: 1 }],
  evidence: { output: 'x' },
})
const kept = (to: number, failuresOnly = false) =>
  state.ask('check.results', { checkId: 'web', from: 0, to, failuresOnly, limit: 1000, before: null })

describe('the tables of checks', () => {
  it('give back results as they were, newest first', async () => {
    await state.commit([['check.addResults', [{ result: result(1, 'down'), passing: false }]]])
    await state.commit([['check.addResults', [{ result: result(2), passing: true }]]])
    expect(await kept(10)).toEqual([result(2), result(1, 'down')])
    expect(await kept(10, true)).toEqual([result(1, 'down')])
    expect(await kept(2)).toEqual([result(1, 'down')])
  })

  it('keep the newest twenty passing results of a check and every other one', async () => {
    for (let at = 1; at <= 30; at++) {
      await state.commit([['check.addResults', [{ result: result(2 * at), passing: true }]]])
      await state.commit([['check.addResults', [{ result: result(2 * at + 1, 'down'), passing: false }]]])
    }
    const results = await kept(1000)
    expect(results.filter((one) => one.outcome === 'up').map((one) => one.at)).toEqual(
      Array.from({ length: 20 }, (_, index) => 60 - 2 * index),
    )
    expect(results.filter((one) => one.outcome === 'down')).toHaveLength(30)
  })

  it('keep a check that fails without end within bounds, however often it fails', async () => {
    const beginning = Array.from({ length: 20 }, (_, at) => ({ result: result(at, 'down'), passing: false }))
    await state.commit([['check.addResults', beginning]])
    const most = 20 + repeatedWithEvidence + repeatedWithout
    for (let from = 20; from < most + 1000; from += 500) {
      const more = Array.from({ length: 500 }, (_, n) => ({
        result: result(from + n, 'down'),
        passing: false,
        repeated: true,
      }))
      await state.commit([['check.addResults', more]])
    }
    const question = { checkId: 'web', from: 0, to: 1e6, failuresOnly: true, limit: 1e6, before: null }
    const found = await state.ask('check.results', question)
    expect(found).toHaveLength(most)
    const withEvidence = found.filter((one) => JSON.stringify(one.evidence) !== '{}').map((one) => one.at)
    expect(withEvidence).toHaveLength(20 + repeatedWithEvidence)
    expect(withEvidence.slice(0, repeatedWithEvidence)).toEqual(
      found.slice(0, repeatedWithEvidence).map((one) => one.at),
    )
    expect(withEvidence.slice(-20)).toEqual(Array.from({ length: 20 }, (_, index) => 19 - index))
  })

  it('find the stretches that overlap a range, the one that began before it included', async () => {
    const stretch = (from: number, to: number) => ({ checkId: 'web', from, to, state: 'up' as const, reason })
    await state.commit([['check.addIntervals', [stretch(0, 10), stretch(10, 20), stretch(20, 30), stretch(50, 60)]]])
    const found = async (from: number, to: number) =>
      (await state.ask('check.intervals', { checkIds: ['web', 'other'], from, to })).map((one) => one.from)
    expect(await found(15, 25)).toEqual([10, 20])
    expect(await found(10, 20)).toEqual([10])
    expect(await found(35, 45)).toEqual([])
    expect(await found(0, 100)).toEqual([0, 10, 20, 50])
  })

  it('refuse a whole unit when one of its stretches is impossible', async () => {
    const impossible = { checkId: 'web', from: 10, to: 10, state: 'up' as const, reason }
    const unit = state.commit([
      ['check.saveRuntimes', [{ checkId: 'web', state: '{}' }]],
      ['check.addIntervals', [impossible]],
    ])
    await expect(unit).rejects.toThrow()
    expect(await state.ask('check.runtimes', {})).toEqual({ observedUntil: null, runtimes: [] })
  })

  it('give up what is older than its retention, in slices', async () => {
    const ports = fakePorts()
    const now = ports.clock.now()
    const old = Array.from({ length: 1200 }, (_, index) => ({
      result: result(now - 40 * dayMs + index, 'down'),
      passing: false,
    }))
    const young = [{ result: result(now - dayMs, 'down'), passing: false }]
    await state.commit([['check.addResults', [...old, ...young]]])
    const slices: number[] = []
    const stop = startResultRetention(ports, {
      ...state,
      commit: async (unit) => {
        slices.push(unit.length)
        await state.commit(unit)
      },
    })
    await ports.time.advance(3_600_000 + 10_000)
    expect(await kept(now)).toHaveLength(1)
    expect(slices).toHaveLength(3)
    stop()
    expect(ports.time.pending()).toBe(0)
  })
})
