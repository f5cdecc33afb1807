import { expect, it } from 'vitest'
import { createEvents } from '#main/events.ts'
import { watchHeap } from '#main/health/heap-watch.ts'
import { createNotices } from '#main/notices.ts'
import { fakePorts } from '#test/support/ports.ts'

it('tells once that the heap is nearly full, has others wait, and ends that well below', async () => {
  const { clock, timers, logger, time } = fakePorts()
  const notices = createNotices(clock, logger, createEvents())
  const asked: boolean[] = []
  const use = { usedBytes: 0, limitBytes: 1000 * 2 ** 20 }
  const stop = watchHeap({ timers, notices, relieve: (isShort) => asked.push(isShort), heap: () => use })
  const seen: number[] = []
  for (const ratio of [0.5, 0.84, 0.86, 0.95, 0.8, 0.71, 0.6, 0.84, 0.85]) {
    use.usedBytes = ratio * use.limitBytes
    await time.advance(10_000)
    seen.push(notices.list().length)
  }
  expect(seen).toEqual([0, 0, 1, 1, 1, 1, 0, 0, 1])
  expect(asked).toEqual([true, false, true])
  expect(notices.list()[0]?.message).toContain('850 of 1000 MiB')
  stop()
  expect(time.pending()).toBe(0)
})

it('knows the heap of this process', async () => {
  const { timers, time } = fakePorts()
  const raised: string[] = []
  const notices = { raise: ({ id }: { id: string }) => void raised.push(id), withdraw: () => {} }
  watchHeap({ timers, notices, relieve: () => {} })
  await time.advance(60_000)
  expect(raised).toEqual([])
})
