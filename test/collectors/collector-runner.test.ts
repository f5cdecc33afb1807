import { beforeEach, describe, expect, it } from 'vitest'
import { type CollectorRunner, createRunner } from '#main/collectors/collector-runner.ts'
import type { Collected, CollectedSample, Collector } from '#main/collectors/kind.ts'
import { memoryMetrics } from '#test/support/memory-metrics.ts'
import { fakePorts } from '#test/support/ports.ts'

const ports = () => {
  const fake = fakePorts()
  return { ...fake, metrics: memoryMetrics() }
}
let world: ReturnType<typeof ports>
beforeEach(() => {
  world = ports()
})

function runner(collect: Collector['collect']): CollectorRunner {
  return createRunner({ kind: 'test', title: 'Test', tier: 'fast', collect }, world)
}
const disk = (device: string, value: number): CollectedSample => ({ name: 'disk', labels: { device }, value })
const found = (...samples: CollectedSample[]): Collected => ({ samples, problems: [] })
const latest = async (at: number) => {
  const samples = await world.metrics.latest([{ label: '__name__', op: '=', value: 'disk' }], at)
  return samples.map(({ labels, at: sampledAt, value }) => [labels['device'], sampledAt, value])
}

describe('createRunner', () => {
  it('gives all samples of a run one instant, and its own duration beside them', async () => {
    const run = runner(async () => {
      await world.time.advance(20)
      return found(disk('a', 1), disk('b', 2))
    })
    await run.run(1000)
    expect(await latest(2000)).toEqual([
      ['a', 1000, 1],
      ['b', 1000, 2],
    ])
    const [duration] = await world.metrics.latest(
      [{ label: '__name__', op: '=', value: 'belfry_collector_duration_seconds' }],
      2000,
    )
    expect(duration).toMatchObject({ labels: { collector: 'test' }, value: 0.02 })
    expect(run.state()).toMatchObject({ lastAt: 1000, lastDurationMs: 20, samples: 2, problem: null })
  })

  it('ends a series that is not reported any more, and begins it again when it is', async () => {
    let present = ['a', 'b']
    const run = runner(async () => found(...present.map((device) => disk(device, 1))))
    await run.run(1000)
    present = ['a']
    await run.run(2000)
    expect(await latest(2000)).toEqual([['a', 2000, 1]])
    present = ['a', 'b']
    await run.run(3000)
    expect(await latest(3000)).toHaveLength(2)
  })

  it('ends everything when a run fails, and says why', async () => {
    let fails = false
    const run = runner(async () => {
      if (fails) throw Object.assign(new Error('x'), { code: 'EACCES' })
      return found(disk('a', 1))
    })
    await run.run(1000)
    fails = true
    await run.run(2000)
    expect(await latest(2000)).toEqual([])
    expect(run.state()).toMatchObject({ problem: 'EACCES (permission denied)', samples: 0, emptyRuns: 1, lastAt: 2000 })
    fails = false
    await run.run(3000)
    expect(run.state()).toMatchObject({ problem: null, emptyRuns: 0 })
    expect(world.logger.lines.map(({ level }) => level)).toEqual(['warn', 'info'])
  })

  it('stores no number that is none', async () => {
    await runner(async () => found(disk('a', Number.NaN), disk('b', Number.POSITIVE_INFINITY), disk('c', 1))).run(1000)
    expect(await latest(1000)).toEqual([['c', 1000, 1]])
  })

  it('never runs twice at once, and says so', async () => {
    let count = 0
    let finish = (_: Collected) => {}
    const run = runner(() => {
      count++
      return new Promise((resolve) => {
        finish = resolve
      })
    })
    const first = run.run(1000)
    await world.time.advance(3000)
    await run.run(4000)
    expect(count).toBe(1)
    expect(run.state().problem).toBe('this run was left out, for the one before has not ended')
    finish(found(disk('a', 1)))
    await first
    expect(run.state().problem).toBeNull()
  })

  it('takes what a collector knows at its deadline', async () => {
    const run = runner(
      (signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve({ samples: [disk('a', 1)], problems: ['b does not answer'] }))
        }),
    )
    const running = run.run(1000)
    await world.time.advance(4000)
    await running
    expect(await latest(1000)).toEqual([['a', 1000, 1]])
    expect(run.state().problem).toBe('b does not answer')
    expect(world.time.pending()).toBe(0)
  })

  it('gives a collector up that does not heed its deadline, and runs it again once it has ended', async () => {
    const answers: ((found: Collected) => void)[] = []
    const run = runner(() => new Promise((resolve) => answers.push(resolve)))
    const running = run.run(1000)
    await world.time.advance(5000)
    await running
    expect(run.state().problem).toBe('no answer within 4 s')
    await run.run(6000)
    expect(answers).toHaveLength(1)
    answers[0]?.(found(disk('late', 1)))
    await world.time.advance(0)
    const again = run.run(7000)
    answers[1]?.(found(disk('a', 1)))
    await again
    expect(await latest(7000)).toEqual([['a', 7000, 1]])
  })

  it('appends nothing after it was closed', async () => {
    let finish = (_: Collected) => {}
    const run = runner(
      () =>
        new Promise((resolve) => {
          finish = resolve
        }),
    )
    const running = run.run(1000)
    run.close()
    finish(found(disk('a', 1)))
    await running
    await run.run(2000)
    expect(await latest(2000)).toEqual([])
  })
})
