import { describe, expect, it } from 'vitest'
import { createSampleWriter } from '#main/metrics/sample-writer.ts'
import type { AppendInput } from '#main/store/metrics/messages.ts'
import { fakeTime } from '#test/support/fake-time.ts'

function writerTo(send: (batch: AppendInput) => Promise<void>) {
  const time = fakeTime()
  return { time, writer: createSampleWriter(send, time.timers, () => {}) }
}

describe('samples on their way', () => {
  it('leave together, a quarter of a second after the first, one batch at a time', async () => {
    const batches: number[][] = []
    let release = () => {}
    const { time, writer } = writerTo((batch) => {
      batches.push([...batch.values])
      return new Promise((resolve) => {
        release = resolve
      })
    })
    writer.push(1, 0, 10)
    await time.advance(249)
    writer.push(2, 0, 20)
    expect(batches).toEqual([])
    await time.advance(1)
    expect(batches).toEqual([[10, 20]])
    writer.push(1, 1, 30)
    await time.advance(1000)
    expect(batches.length).toBe(1)
    release()
    await time.advance(250)
    expect(batches).toEqual([[10, 20], [30]])
  })

  it('are tried again in order, with their new series, until they are taken', async () => {
    let refuses = true
    const taken: AppendInput[] = []
    const { time, writer } = writerTo(async (batch) => {
      if (refuses) throw new Error('no space left')
      taken.push(batch)
    })
    writer.declare({ id: 1, name: 'a', labels: {} })
    writer.push(1, 0, 1)
    await time.advance(250)
    writer.push(1, 1, 2)
    await time.advance(1000)
    refuses = false
    await time.advance(2000)
    expect(taken.map(({ values }) => [...values])).toEqual([[1], [2]])
    expect(taken[0]?.newSeries.length).toBe(1)
  })

  it('are refused only when too many wait', async () => {
    const { writer } = writerTo(async () => {
      throw new Error('no space left')
    })
    let accepted = 0
    while (accepted < 3_000_000 && writer.push(1, accepted, 0)) accepted++
    expect(accepted).toBe(2_000_000)
    await expect(writer.flush()).rejects.toThrow('no space left')
  })
})
