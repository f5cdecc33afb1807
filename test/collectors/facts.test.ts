import { describe, expect, it } from 'vitest'
import { systemTimers } from '#main/adapters/clock.ts'
import { fullFacts, quickFacts } from '#main/collectors/facts.ts'
import { fakeTime } from '#test/support/fake-time.ts'
import { memoryLogger } from '#test/support/ports.ts'

describe('the facts of this machine', () => {
  const quick = quickFacts(fakeTime().clock)

  it('are there at once', () => {
    expect(quick).toMatchObject({
      hostname: expect.stringMatching(/./),
      operatingSystem: expect.stringMatching(/./),
      kernel: expect.stringMatching(/\d/),
      cpuCount: expect.any(Number),
      memoryBytes: expect.any(Number),
      bootAt: expect.any(Number),
    })
  })

  it('get the processor from systeminformation where the kernel does not name it', async () => {
    const facts = await fullFacts({ ...quick, cpuModel: 'unknown' }, systemTimers, memoryLogger())
    expect(facts.cpuModel).not.toBe('unknown')
    expect(facts).toMatchObject({ hostname: quick.hostname, bootAt: quick.bootAt })
  })

  const unnamed = { ...quick, cpuModel: '' }

  it('keep the quick answer when the rest takes too long, and say so', async () => {
    const time = fakeTime()
    const logger = memoryLogger()
    const asking = fullFacts(unnamed, time.timers, logger, () => new Promise(() => {}))
    await time.advance(20_000)
    expect(await asking).toBe(unnamed)
    expect(logger.lines).toHaveLength(1)
  })

  it('keep the quick answer when the rest fails, and leave no timer behind', async () => {
    const time = fakeTime()
    const logger = memoryLogger()
    const asking = fullFacts(unnamed, time.timers, logger, () => Promise.reject(new Error('lscpu is missing')))
    expect(await asking).toBe(unnamed)
    expect(logger.lines).toMatchObject([{ level: 'warn', fields: { error: { message: 'lscpu is missing' } } }])
    expect(time.pending()).toBe(0)
  })
})
