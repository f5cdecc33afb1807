import { describe, expect, it } from 'vitest'
import type { RuleGroup } from '#main/rules/rule.ts'
import { nextSlotAt, scheduleGroups } from '#main/rules/schedule.ts'
import { fakePorts } from '#test/support/ports.ts'

const group = (id: string, everyMs = 15_000): RuleGroup => ({
  id,
  name: id,
  file: 'f',
  origin: 'file',
  everyMs,
  limit: 0,
  queryOffsetMs: 0,
  rules: [],
})

function scheduled(evaluate: (id: string, at: number) => Promise<void> = async () => {}) {
  const ports = fakePorts()
  const runs: string[] = []
  const startedAt = ports.clock.now()
  const schedule = scheduleGroups(ports, async ({ id }, at) => {
    runs.push(`${id}@${(at - startedAt) / 1000}`)
    await evaluate(id, at)
  })
  return { ports, runs, schedule }
}

function gate() {
  let release = () => {}
  const promise = new Promise<void>((resolve) => {
    release = resolve
  })
  return { promise, release }
}

describe('the schedule of groups', () => {
  it('evaluates each at its interval, spread over it', async () => {
    const { ports, runs, schedule } = scheduled()
    schedule.replace([group('a'), group('b'), group('c', 60_000)])
    await ports.time.advance(60_000)
    expect(runs.filter((run) => run.startsWith('a'))).toHaveLength(4)
    expect(runs.filter((run) => run.startsWith('c'))).toHaveLength(1)
    expect(new Set(['a', 'b', 'c'].map((id) => nextSlotAt(id, 15_000, 0) % 15_000)).size).toBe(3)
    await schedule.close()
    expect(ports.time.pending()).toBe(0)
  })

  it('never evaluates a group twice at once: it skips and counts', async () => {
    const { promise, release } = gate()
    const { ports, runs, schedule } = scheduled(() => promise)
    schedule.replace([group('a')])
    await ports.time.advance(45_000)
    expect(runs).toHaveLength(1)
    expect(schedule.skipped().get('a')).toBe(2)
    release()
    await ports.time.advance(15_000)
    expect(runs).toHaveLength(2)
    await schedule.close()
  })

  it('follows a running evaluation with one more when it is asked to, however often', async () => {
    const releases: (() => void)[] = []
    const { ports, runs, schedule } = scheduled(() => new Promise((resolve) => void releases.push(resolve)))
    schedule.replace([group('a')])
    const asked = [schedule.evaluateNow(['a']), schedule.evaluateNow(['a']), schedule.evaluateNow(['a'])]
    await ports.time.advance(0)
    expect(runs).toHaveLength(1)
    releases[0]?.()
    await ports.time.advance(0)
    expect(runs).toHaveLength(2)
    releases[1]?.()
    await Promise.all(asked)
    expect(runs).toHaveLength(2)
    await schedule.close()
  })

  it('counts what a stall made it miss', async () => {
    const { ports, schedule } = scheduled()
    schedule.replace([group('a')])
    ports.time.setWallClock(ports.clock.now() + 3_600_000)
    await ports.time.advance(15_000)
    expect(schedule.skipped().get('a')).toBeGreaterThanOrEqual(239)
    await schedule.close()
  })

  it('forgets groups that are gone and knows nothing of strangers', async () => {
    const { ports, runs, schedule } = scheduled()
    schedule.replace([group('a'), group('b')])
    schedule.replace([group('b')])
    await schedule.evaluateNow(['a', 'nobody'])
    await ports.time.advance(15_000)
    expect(runs.map((run) => run[0])).toEqual(['b'])
    await schedule.close()
  })

  it('waits for what runs when it is closed, and starts nothing after', async () => {
    const { promise, release } = gate()
    const { ports, runs, schedule } = scheduled(() => promise)
    schedule.replace([group('a')])
    void schedule.evaluateNow(['a'])
    const again = schedule.evaluateNow(['a'])
    const ends: string[] = []
    const closing = schedule.close().then(() => ends.push('closed'))
    await ports.time.advance(60_000)
    expect(ends).toEqual([])
    release()
    await Promise.all([closing, again])
    expect(runs).toHaveLength(1)
  })
})
