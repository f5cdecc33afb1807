import { describe, expect, it } from 'vitest'
import { systemClock, systemTimers } from '#main/adapters/clock.ts'
import { createCollection } from '#main/collectors/collection.ts'
import type { Collector, CollectorTier } from '#main/collectors/kind.ts'
import { createEvents } from '#main/events.ts'
import { createNotices } from '#main/notices.ts'
import { memoryMetrics } from '#test/support/memory-metrics.ts'
import { fakePorts, memoryLogger } from '#test/support/ports.ts'

const settings = { fastMs: 5000, mediumMs: 30_000, slowMs: 300_000 }

function counting(tier: CollectorTier, problem: string | null = null) {
  const collector = {
    kind: tier,
    title: `Title of ${tier}`,
    tier,
    runs: 0,
    problem,
    async collect() {
      collector.runs++
      if (collector.problem !== null) return { samples: [], problems: [collector.problem] }
      return { samples: [{ name: 'x', labels: { tier }, value: collector.runs }], problems: [] }
    },
  }
  return collector satisfies Collector
}

function collecting(collectors: readonly Collector[]) {
  const ports = fakePorts()
  const notices = createNotices(ports.clock, ports.logger, createEvents())
  const metrics = memoryMetrics()
  return { ports, notices, metrics, collection: createCollection({ ports, metrics, settings, notices, collectors }) }
}

describe('createCollection', () => {
  it('looks at once, again a second later, and then on the grid', async () => {
    const tiers = [counting('fast'), counting('medium'), counting('slow')]
    const { ports, collection } = collecting(tiers)
    const runs = () => tiers.map((tier) => tier.runs)
    collection.start()
    await ports.time.advance(0)
    expect(runs()).toEqual([1, 1, 1])
    await ports.time.advance(1000)
    expect(runs()).toEqual([2, 2, 1])
    await ports.time.advance(29_000)
    expect(runs()).toEqual([8, 3, 1])
    collection.close()
    await ports.time.advance(600_000)
    expect(runs()).toEqual([8, 3, 1])
    expect(ports.time.pending()).toBe(0)
  })

  it('shows each collector with its last run', async () => {
    const { ports, collection } = collecting([counting('fast'), counting('slow', 'no sensor')])
    expect(collection.collectors()[0]).toMatchObject({ kind: 'fast', everyMs: 5000, lastAt: null, samples: 0 })
    collection.start()
    await ports.time.advance(0)
    collection.setTiers({ ...settings, fastMs: 2000 })
    expect(collection.collectors()).toMatchObject([
      { kind: 'fast', title: 'Title of fast', everyMs: 2000, samples: 1, problem: null },
      { kind: 'slow', tier: 'slow', everyMs: 300_000, samples: 0, problem: 'no sensor' },
    ])
    collection.close()
  })

  it('tells the operator of a part that stays dark, until it is light again', async () => {
    const dark = counting('fast', 'EACCES (permission denied)')
    const { ports, notices, collection } = collecting([dark])
    collection.start()
    await ports.time.advance(1000)
    expect(notices.list()).toEqual([])
    await ports.time.advance(4000)
    expect(notices.list()).toMatchObject([{ id: 'collector-fast', title: 'Title of fast cannot be read' }])
    dark.problem = null
    await ports.time.advance(5000)
    expect(notices.list()).toEqual([])
    collection.close()
  })

  it('has the load, memory, disks and network of this very machine at once', async () => {
    const logger = memoryLogger()
    const metrics = memoryMetrics()
    const notices = createNotices(systemClock, logger, createEvents())
    const ports = { clock: systemClock, timers: systemTimers, logger }
    const collection = createCollection({ ports, metrics, settings, notices })
    collection.start()
    // The loop's delay is known from the second look on.
    await expect.poll(() => collection.loopDelay(), { timeout: 10_000 }).not.toBeNull()
    expect(collection.collectors().every(({ lastAt }) => lastAt !== null)).toBe(true)
    collection.close()
    const names = await metrics.names('')
    expect(names).toEqual(
      expect.arrayContaining([
        'belfry_event_loop_delay_seconds',
        'node_cpu_seconds_total',
        'node_memory_MemAvailable_bytes',
        'node_uname_info',
        'process_cpu_seconds_total',
        'process_resident_memory_bytes',
      ]),
    )
    expect(collection.collectors().filter(({ problem }) => problem !== null)).toEqual([])
    expect(collection.processes().processes.length).toBeGreaterThan(0)
    expect(collection.facts()).toMatchObject({ cpuCount: expect.any(Number), hostname: expect.stringMatching(/./) })
    expect(collection.facts().bootAt).toBeLessThan(Date.now())
  })
})
