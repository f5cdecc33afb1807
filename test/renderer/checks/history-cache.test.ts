import { describe, expect, it } from 'vitest'
import type { CheckHistory } from '#shared/contract/checks.ts'
import { AppError } from '#shared/contract/errors.ts'
import { createHistoryCache } from '../../../src/renderer/features/checks/history-cache.ts'

const history = (id: string): CheckHistory => {
  const uptime = { availabilityRatio: 1, coverageRatio: 1 }
  return { id, bar: [], uptime: { day: uptime, week: uptime, month: uptime }, latencyMs: [] }
}
const settled = () => new Promise((resolve) => setImmediate(resolve))

function rig() {
  const asked: string[][] = []
  const time = { now: 0 }
  const answers: { current: (ids: readonly string[]) => Promise<readonly CheckHistory[]> } = {
    current: async (ids) => ids.map(history),
  }
  const cache = createHistoryCache({
    ask(ids) {
      asked.push([...ids])
      return answers.current(ids)
    },
    now: () => time.now,
    isExpected: (error): error is AppError => error instanceof AppError,
    freshForMs: 60_000,
  })
  return { cache, asked, time, answers }
}

describe('the history cache', () => {
  it('asks only for what is in sight and not yet known', async () => {
    const { cache, asked } = rig()
    cache.want(['a', 'b'])
    await settled()
    cache.want(['b', 'c'])
    await settled()
    expect(asked).toEqual([['a', 'b'], ['c']])
    expect([...cache.histories().keys()]).toEqual(['a', 'b', 'c'])
  })

  it('asks in pages and lets go of what scrolled away before its turn', async () => {
    const { cache, asked, answers } = rig()
    let answerFirst = () => {}
    answers.current = () =>
      new Promise((resolve) => {
        answerFirst = () => resolve([])
      })
    cache.want(Array.from({ length: 450 }, (_, index) => `old-${index}`))
    answers.current = async (ids) => ids.map(history)
    cache.want(['new'])
    answerFirst()
    await settled()
    expect(asked.map((ids) => [ids[0], ids.length])).toEqual([
      ['old-0', 200],
      ['new', 1],
    ])
  })

  it('asks again when a history is old or its check has changed', async () => {
    const { cache, asked, time } = rig()
    for (const id of ['a', 'b']) cache.refresh(id, 'up')
    cache.want(['a', 'b'])
    await settled()
    cache.refresh('a', 'up')
    cache.refresh('b', 'down')
    cache.want(['a', 'b'])
    await settled()
    time.now = 60_000
    cache.want(['a'])
    await settled()
    cache.expireAll()
    await settled()
    expect(asked).toEqual([['a', 'b'], ['b'], ['a'], ['a']])
  })

  it('keeps what it knew when a question fails, and says so until one is answered', async () => {
    const { cache, answers, time } = rig()
    cache.want(['a'])
    await settled()
    answers.current = async () => {
      throw new AppError('unavailable', 'The read worker is starting.')
    }
    time.now = 60_000
    cache.want(['a'])
    await settled()
    expect(cache.failure()?.code).toBe('unavailable')
    expect(cache.histories().has('a')).toBe(true)
    answers.current = async (ids) => ids.map(history)
    time.now = 120_000
    cache.want(['a'])
    await settled()
    expect(cache.failure()).toBeNull()
  })
})
