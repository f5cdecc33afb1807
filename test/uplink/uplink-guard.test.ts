import { afterEach, describe, expect, it } from 'vitest'
import { createEvents } from '#main/events.ts'
import { createNotices } from '#main/notices.ts'
import type { Reference } from '#main/uplink/ask-reference.ts'
import { type UplinkGuard, watchUplink } from '#main/uplink/uplink-guard.ts'
import { memoryMetrics } from '#test/support/memory-metrics.ts'
import { fakePorts } from '#test/support/ports.ts'

const opened: UplinkGuard[] = []
afterEach(() => {
  for (const guard of opened.splice(0)) guard.close()
})

function open(isEnabled = true) {
  const ports = fakePorts()
  const { clock, timers, logger, time } = ports
  const metrics = memoryMetrics()
  const notices = createNotices(clock, logger, createEvents())
  const asked: string[] = []
  /** What answers, by the beginning of its name. */
  const answering = new Set(['192.0.2.1', '1.1.1.1', '9.9.9.9'])
  const guard = watchUplink({
    clock,
    timers,
    logger,
    metrics,
    notices,
    settings: () => ({ enabled: isEnabled, references: ['1.1.1.1:443', '9.9.9.9:443'] }),
    findGateway: async () => ({ address: '192.0.2.1', device: 'eth0' }),
    ask: async ({ name, host }: Reference) => {
      asked.push(name)
      return answering.has(host)
    },
  })
  opened.push(guard)
  const states = async () => {
    const [series] = await metrics.select([{ label: '__name__', op: '=', value: 'belfry_uplink_up' }], {
      from: 0,
      to: clock.now() + 1,
    })
    return [...(series?.values ?? [])]
  }
  return { guard, time, asked, answering, notices, states }
}

describe('the guard of the link', () => {
  it('asks nobody while nobody doubts and no remote target is watched', async () => {
    const { time, asked } = open()
    await time.advance(3_600_000)
    expect(asked).toEqual([])
  })

  it('asks all references once a remote target has answered, and seldom afterwards', async () => {
    const { guard, time, asked } = open()
    guard.noteAnswer()
    await time.advance(1000)
    expect(asked).toEqual(['192.0.2.1 (gateway)', '1.1.1.1:443', '9.9.9.9:443'])
    await time.advance(3_600_000)
    expect(asked.length).toBe(3 * 13)
  })

  it('finds the link there when the references answer a doubt', async () => {
    const { guard, time, notices } = open()
    guard.noteAnswer()
    await time.advance(1000)
    const answer = guard.confirmLostSince(0)
    await time.advance(10_000)
    await expect(answer).resolves.toBe(false)
    expect(notices.list()).toEqual([])
  })

  it('tells a loss once, for all who doubt, and its end with how long it was', async () => {
    const { guard, time, answering, asked, notices, states } = open()
    guard.noteAnswer()
    await time.advance(10_000)
    answering.clear()
    asked.length = 0
    const backs: string[] = []
    guard.onBack(() => backs.push('back'))
    const answers = Array.from({ length: 500 }, () => guard.confirmLostSince(5000))
    await time.advance(100)
    await expect(Promise.all(answers)).resolves.toEqual(answers.map(() => true))
    expect(asked.length).toBe(3)
    const [notice] = notices.list()
    expect(notice).toMatchObject({ id: 'uplink', level: 'error', title: 'This machine has lost its network' })
    expect(notice?.message).toContain('192.0.2.1 (gateway), 1.1.1.1:443, 9.9.9.9:443')
    await time.advance(60_000)
    expect(notices.list()).toEqual([notice])
    for (const name of ['192.0.2.1', '1.1.1.1', '9.9.9.9']) answering.add(name)
    await time.advance(2000)
    expect(backs).toEqual(['back'])
    const [end, ...others] = notices.list()
    expect(end).toMatchObject({ id: 'uplink', level: 'info', at: notice?.at })
    expect(end?.message).toMatch(/It was gone for 1m 2s/)
    expect(others).toEqual([])
    // What was measured while it was gone is doubtful still; what began afterwards is not.
    expect(guard.wasLostSince(20_000)).toBe(true)
    expect(guard.wasLostSince(75_000)).toBe(false)
    expect((await states()).filter((value, index, all) => value !== all[index - 1])).toEqual([1, 0, 1])
    await time.advance(600_000)
    expect(notices.list()).toEqual([])
  })

  it('does not take one silent reference, or one silent gateway, for a loss', async () => {
    for (const silent of ['192.0.2.1', '9.9.9.9']) {
      const { guard, time, answering } = open()
      guard.noteAnswer()
      await time.advance(10_000)
      answering.delete(silent)
      const answer = guard.confirmLostSince(5000)
      await time.advance(5000)
      await expect(answer).resolves.toBe(false)
    }
  })

  it('does not count references that never answered where targets do', async () => {
    const { guard, time, answering } = open()
    answering.delete('1.1.1.1')
    answering.delete('9.9.9.9')
    guard.noteAnswer()
    await time.advance(10_000)
    const answer = guard.confirmLostSince(5000)
    await time.advance(5000)
    await expect(answer).resolves.toBe(false)
  })

  it('recognises a loss that was there before it began', async () => {
    const { guard, time, answering } = open()
    answering.clear()
    const answer = guard.confirmLostSince(0)
    await time.advance(5000)
    await expect(answer).resolves.toBe(true)
  })

  it('finds nothing and asks nobody when it is switched off', async () => {
    const { guard, time, answering, asked } = open(false)
    answering.clear()
    guard.noteAnswer()
    await expect(guard.confirmLostSince(0)).resolves.toBe(false)
    await time.advance(600_000)
    expect(asked).toEqual([])
  })

  it('waits between rounds, however many doubt', async () => {
    const { guard, time, asked } = open()
    guard.noteAnswer()
    for (let second = 0; second < 60; second++) {
      void guard.confirmLostSince(0)
      await time.advance(1000)
    }
    expect(asked.length / 3).toBeLessThanOrEqual(31)
  })
})
