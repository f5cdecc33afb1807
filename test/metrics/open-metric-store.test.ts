import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import type { SeriesHandle } from '#main/metrics/metric-store.ts'
import { AppError } from '#shared/contract/errors.ts'
import { isStaleAt, type Matcher } from '#shared/domain/series.ts'
import { type HarnessOptions, openHarness, type StoreHarness } from './store-harness.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const open: StoreHarness[] = []
const harnessOf = async (options: HarnessOptions = {}) => {
  const harness = await openHarness(options)
  open.push(harness)
  return harness
}
const crashed = async (harness: StoreHarness, beforeStart?: (directory: string) => void) => {
  const survivor = await harness.afterCrash(beforeStart)
  open.push(survivor)
  return survivor
}
afterEach(async () => {
  for (const harness of open.splice(0)) await harness.close()
})

const named = (name: string): Matcher[] => [{ label: '__name__', op: '=', value: name }]
const given = (handle: SeriesHandle | undefined): SeriesHandle => {
  if (!handle) throw new Error('expected a handle')
  return handle
}

/** Appends `value(i)` every `stepMs` while time passes; every tenth time all is written and all due chores are done. */
async function record(
  harness: StoreHarness,
  name: string,
  lengthMs: number,
  stepMs: number,
  value: (i: number) => number,
) {
  const handle = given(harness.store.series(name, {}))
  const count = Math.round(lengthMs / stepMs)
  for (let i = 0; i < count; i++) {
    harness.store.append(harness.time.clock.now(), [[handle, value(i)]])
    harness.time.setWallClock(harness.time.clock.now() + stepMs)
    if (i % 10 !== 9 && i !== count - 1) continue
    await harness.store.flush()
    await harness.tend()
  }
}

describe('samples', () => {
  it('are there after flush, bit for bit, and after a crash', async () => {
    const harness = await harnessOf()
    const at = harness.time.clock.now()
    const values = [0.1 + 0.2, -0, Number.POSITIVE_INFINITY, 5e-324, Number.NaN, 42]
    const handle = given(harness.store.series('odd', { b: '2', a: '1' }))
    for (const [i, value] of values.entries()) harness.store.append(at + i, [[handle, value]])
    harness.store.markStale(at + 99, [handle])
    await harness.store.flush()
    for (const { store } of [harness, await crashed(harness)]) {
      const [series] = await store.select(named('odd'), { from: at, to: at + 100 })
      expect(series?.labels).toEqual({ a: '1', b: '2' })
      expect([...(series?.times ?? [])]).toEqual([0, 1, 2, 3, 4, 5, 99].map((ms) => at + ms))
      expect([...(series?.values ?? [])].slice(0, 6)).toEqual(values)
      expect(isStaleAt(series?.values ?? new Float64Array(1), 6)).toBe(true)
      expect(isStaleAt(series?.values ?? new Float64Array(1), 4)).toBe(false)
    }
  })

  it('of one instant keep the value that came last', async () => {
    const harness = await harnessOf()
    const at = harness.time.clock.now()
    const handle = given(harness.store.series('twice', {}))
    harness.store.append(at, [[handle, 1]])
    harness.store.append(at + 1, [[handle, 5]])
    harness.store.append(at, [[handle, 2]])
    await harness.store.flush()
    const [series] = await harness.store.select(named('twice'), { from: at, to: at + 10 })
    expect([...(series?.values ?? [])]).toEqual([2, 5])
  })

  it('are rounded for sources that know their precision', async () => {
    const harness = await harnessOf()
    const at = harness.time.clock.now()
    const handle = given(harness.store.series('cpu', {}, { decimals: 2 }))
    harness.store.append(at, [[handle, 1.23456]])
    await harness.store.flush()
    const [series] = await harness.store.select(named('cpu'), { from: at, to: at + 1 })
    expect(series?.values[0]).toBe(1.23)
  })

  it('that come late are merged into their sealed hour, and much later ones are counted and refused', async () => {
    const harness = await harnessOf()
    const start = harness.time.clock.now()
    await record(harness, 'late', 90 * minute, 30 * second, (i) => i)
    const handle = given(harness.store.series('late', {}))
    harness.store.append(start + 5, [[handle, -1]])
    harness.store.append(start - 2 * hour, [[handle, -2]])
    await harness.store.flush()
    harness.time.setWallClock(harness.time.clock.now() + hour)
    await harness.tend()
    for (const { store } of [harness, await crashed(harness)]) {
      const [series] = await store.select(named('late'), { from: 0, to: start + day })
      expect(series?.times.length).toBe(181)
      expect([...(series?.values ?? [])].slice(0, 3)).toEqual([0, -1, 1])
    }
    expect((await harness.store.usage()).refusedSamples).toBe(1)
    expect((await harness.store.usage()).samplesStored).toBe(181)
  })

  it('wait in memory while the disk refuses, and are written in order when it takes them again', async () => {
    let refuses = true
    const harness = await harnessOf({
      wrap: (methods) => ({
        ...methods,
        'metrics.append': (input) => {
          if (refuses) throw new AppError('unavailable', 'The disk is full.')
          methods['metrics.append'](input)
        },
      }),
    })
    const at = harness.time.clock.now()
    const handle = given(harness.store.series('patient', {}))
    harness.store.append(at, [[handle, 1]])
    await expect(harness.store.flush()).rejects.toThrow('The disk is full.')
    harness.store.append(at, [[handle, 2]])
    await expect(harness.store.flush()).rejects.toThrow('The disk is full.')
    expect(harness.notices.list().map(({ id }) => id)).toContain('metrics.unwritable')
    refuses = false
    await harness.store.flush()
    expect(harness.notices.list()).toEqual([])
    const [series] = await harness.store.select(named('patient'), { from: at, to: at + 1 })
    expect([...(series?.values ?? [])]).toEqual([2])
  })

  it('are written by themselves a tick after they came', async () => {
    const harness = await harnessOf()
    const at = harness.time.clock.now()
    harness.store.append(at, [[given(harness.store.series('ticking', {})), 1]])
    await harness.time.advance(250)
    // The head answers after the batch that was sent to it before.
    const [series] = await harness.store.select(named('ticking'), { from: at, to: at + 1 })
    expect([...(series?.values ?? [])]).toEqual([1])
  })

  it('are announced once a second at most', async () => {
    const harness = await harnessOf()
    const handle = given(harness.store.series('announced', {}))
    for (let i = 0; i < 5; i++) {
      harness.store.append(harness.time.clock.now(), [[handle, i]])
      await harness.store.flush()
      await harness.time.advance(100)
    }
    expect(harness.advancedAt.length).toBe(1)
    await harness.time.advance(1000)
    expect(harness.advancedAt.length).toBe(2)
  })
})

describe('history', () => {
  it('stays whole while hours are sealed and days compacted', async () => {
    const harness = await harnessOf()
    const start = harness.time.clock.now()
    await record(harness, 'steady', 2 * day, 4 * minute, (i) => i % 100)
    expect(readdirSync(join(harness.directory, 'metrics')).filter((name) => name.startsWith('raw-'))).toHaveLength(1)
    for (const { store } of [harness, await crashed(harness)]) {
      const [series] = await store.select(named('steady'), { from: start, to: start + 2 * day })
      expect(series?.times.length).toBe(720)
      expect(series?.times.every((at, i) => at === start + i * 4 * minute)).toBe(true)
      expect(series?.values.every((value, i) => value === i % 100)).toBe(true)
      expect((await store.usage()).samplesStored).toBe(720)
    }
  })

  it('answers steps of an hour from summaries and small ones from raw samples, with the same sums', async () => {
    const harness = await harnessOf()
    const start = harness.time.clock.now()
    await record(harness, 'counter', day + 4 * hour, minute, (i) => (i % 500) * 2)
    const range = { from: start, to: start + day + 4 * hour }
    const coarse = await harness.store.reduce(named('counter'), range, hour)
    const middle = await harness.store.reduce(named('counter'), range, 5 * minute)
    const fine = await harness.store.reduce(named('counter'), range, minute)
    expect([coarse.tier, middle.tier, fine.tier]).toEqual(['1h', '5m', 'raw'])
    for (const column of ['count', 'sum', 'increase', 'increaseMs'] as const) {
      const totals = [coarse, middle, fine].map(({ series }) => series[0]?.[column].reduce((a, b) => a + b, 0))
      expect(totals[0], column).toBe(totals[2])
      expect(totals[1], column).toBe(totals[2])
    }
    expect(Math.max(...(coarse.series[0]?.max ?? []))).toBe(998)
    expect(fine.series[0]?.increase[500]).toBe(0)
    expect(fine.series[0]?.increase[501]).toBe(2)
  })

  it('goes on as summaries when raw samples are given up, and each tier in its turn', async () => {
    const harness = await harnessOf()
    const start = harness.time.clock.now()
    await record(harness, 'kept', 2 * day + 4 * hour, 5 * minute, (i) => i)
    const now = harness.time.clock.now()
    const range = { from: start, to: now }
    expect(await harness.store.applyRetention(now, { raw: 1, fiveMinute: 30, hour: 90 })).toBe(288)
    expect((await harness.store.select(named('kept'), { from: start, to: start + day })).length).toBe(0)
    const widened = await harness.store.reduce(named('kept'), range, minute)
    expect([widened.tier, widened.stepMs]).toEqual(['5m', 5 * minute])
    expect(widened.series[0]?.count.reduce((a, b) => a + b)).toBe(2 * 288 + 48)
    await harness.store.applyRetention(now, { raw: 1, fiveMinute: 1, hour: 90 })
    const hourly = await harness.store.reduce(named('kept'), range, minute)
    expect([hourly.tier, hourly.stepMs]).toEqual(['1h', hour])
    expect(hourly.series[0]?.count.reduce((a, b) => a + b)).toBe(2 * 288 + 48)
    await harness.store.applyRetention(now, { raw: 1, fiveMinute: 1, hour: 1 })
    const rest = await harness.store.reduce(named('kept'), range, minute)
    expect(rest.series[0]?.count.reduce((a, b) => a + b)).toBe(288 + 48)
  })

  it('loses files that were held open when they were given up with the next round of retention', async () => {
    const harness = await harnessOf()
    const start = harness.time.clock.now()
    await record(harness, 'held', 2 * day + 4 * hour, 10 * minute, (i) => i)
    const history = join(harness.directory, 'metrics')
    writeFileSync(join(history, 'raw-2025-11-30.1.db'), '')
    writeFileSync(join(history, '5m-2025-01.db'), '')
    writeFileSync(join(history, '1h-2022.db'), '')
    const before = readdirSync(history)
    await harness.store.applyRetention(harness.time.clock.now(), { raw: 15, fiveMinute: 180, hour: 1096 })
    expect(before.filter((name) => !readdirSync(history).includes(name))).toEqual([
      '1h-2022.db',
      '5m-2025-01.db',
      'raw-2025-11-30.1.db',
    ])
    const [series] = await harness.store.select(named('held'), { from: start, to: start + 3 * day })
    expect(series?.times.length).toBe(52 * 6)
  })

  it('does not keep what a clock that went back writes into days given up', async () => {
    const harness = await harnessOf()
    const start = harness.time.clock.now()
    await record(harness, 'backwards', 2 * day + 4 * hour, 10 * minute, (i) => i)
    const now = harness.time.clock.now()
    const keep = { raw: 1, fiveMinute: 30, hour: 90 }
    expect(await harness.store.applyRetention(now, keep)).toBe(144)
    harness.time.setWallClock(start + hour)
    await record(harness, 'backwards', 30 * minute, 10 * minute, (i) => -i)
    harness.time.setWallClock(now + hour + 59 * minute)
    await harness.tend()
    expect((await harness.store.select(named('backwards'), { from: start, to: start + day }))[0]?.times.length).toBe(3)
    expect(await harness.store.applyRetention(now, keep)).toBe(3)
    expect(await harness.store.select(named('backwards'), { from: start, to: start + day })).toEqual([])
    const { tier, series } = await harness.store.reduce(named('backwards'), { from: start, to: now }, minute)
    expect([tier, series[0]?.count.reduce((a, b) => a + b)]).toEqual(['5m', 2 * 144 + 24])
  })

  it('takes samples for a day that is compacted already, and compacts it again with them', async () => {
    const harness = await harnessOf()
    const start = harness.time.clock.now()
    const end = start + day + 4 * hour
    await record(harness, 'again', day + 4 * hour, 10 * minute, (i) => i)
    const handle = given(harness.store.series('again', {}))
    harness.time.setWallClock(start + 2 * hour)
    harness.store.append(start + hour, [[handle, -1]])
    harness.store.append(start + hour + 1, [[handle, -2]])
    await harness.store.flush()
    harness.time.setWallClock(end + hour + 59 * minute)
    await harness.tend()
    const files = readdirSync(join(harness.directory, 'metrics')).filter((name) => name.startsWith('raw-'))
    expect(files).toEqual(['raw-2026-01-05.2.db'])
    for (const { store } of [harness, await crashed(harness)]) {
      const [series] = await store.select(named('again'), { from: start, to: end })
      expect(series?.times.length).toBe(28 * 6 + 1)
      expect([...(series?.values ?? [])].slice(5, 9)).toEqual([5, -1, -2, 7])
      const { series: hourly } = await store.reduce(named('again'), { from: start, to: end }, hour)
      expect([...(hourly[0]?.count ?? [])].slice(0, 3)).toEqual([6, 7, 6])
      expect(hourly[0]?.min[1]).toBe(-2)
    }
  })

  it('names a damaged chunk and serves the rest', async () => {
    const harness = await harnessOf()
    const start = harness.time.clock.now()
    await record(harness, 'hurt', 4 * hour, minute, (i) => i)
    const db = new Database(join(harness.directory, 'metrics.db'))
    db.prepare("UPDATE chunk SET data = x'00112233' WHERE key = (SELECT min(key) FROM chunk)").run()
    db.close()
    const [series] = await harness.store.select(named('hurt'), { from: start, to: start + day })
    expect(series?.times.length).toBe(180)
    const notice = harness.notices.list().find(({ id }) => id === 'metrics.damage')
    expect(notice?.message).toContain(`hour ${start / hour}`)
  })

  it('reports a damaged frame and rebuilds the head from the others', async () => {
    const harness = await harnessOf()
    const at = harness.time.clock.now()
    const handle = given(harness.store.series('frames', {}))
    for (let i = 0; i < 3; i++) {
      harness.store.append(at + i, [[handle, i]])
      await harness.store.flush()
    }
    const db = new Database(join(harness.directory, 'metrics.db'))
    db.prepare("UPDATE frame SET data = x'0011223344' WHERE seq = 2").run()
    db.close()
    const survivor = await crashed(harness)
    const [series] = await survivor.store.select(named('frames'), { from: at, to: at + 10 })
    expect([...(series?.values ?? [])]).toEqual([0, 2])
    expect(survivor.notices.list()[0]?.message).toContain('Frame 2')
  })

  it('is begun anew beside a file that is no database, which is kept', async () => {
    const harness = await harnessOf()
    const survivor = await crashedWith(harness, 'this is no database')
    expect(survivor.notices.list().map(({ id }) => id)).toEqual(['metrics.setAside'])
    expect(readdirSync(survivor.directory).some((name) => name.startsWith('metrics.db.damaged-'))).toBe(true)
  })

  it('is begun anew where a flipped bit has given a column another name', async () => {
    const harness = await harnessOf()
    const survivor = await crashed(harness, (directory) => {
      const db = new Database(join(directory, 'metrics.db'))
      db.unsafeMode()
      db.pragma('writable_schema = ON')
      db.exec("UPDATE sqlite_schema SET sql = replace(sql, 'newest_hour', 'newest_hous') WHERE name = 'frame'")
      db.close()
    })
    expect(survivor.notices.list().map(({ id }) => id)).toEqual(['metrics.setAside'])
  })

  it('that is compacted is found again when metrics.db is lost, and its numbers are not given to other series', async () => {
    const harness = await harnessOf()
    const start = harness.time.clock.now()
    harness.store.series('other', {})
    await record(harness, 'lost', 3 * day + 4 * hour, 10 * minute, (i) => i)
    await harness.store.applyRetention(harness.time.clock.now(), { raw: 2, fiveMinute: 30, hour: 90 })
    await harness.store.flush()
    for (const damage of ['this is no database', 'all but the first page']) {
      const survivor = await crashed(harness, (directory) => damageDatabase(directory, damage))
      const notice = survivor.notices.list().find(({ id }) => id === 'metrics.setAside')
      expect(notice?.message).toContain('shown: 2;')
      const [series] = await survivor.store.select(named('lost'), { from: start, to: start + 4 * day })
      expect([series?.times.length, series?.values[0], series?.values.at(-1)]).toEqual([288, 144, 431])
      const range = { from: start, to: start + 3 * day }
      const { tier, series: reduced } = await survivor.store.reduce(named('lost'), range, 5 * minute)
      expect([tier, reduced[0]?.count.reduce((a, b) => a + b)]).toEqual(['5m', 3 * 144])
      expect((await survivor.store.usage()).samplesStored).toBe(288)
      expect(given(survivor.store.series('lost', {})).id).toBe(series?.id)
      expect(given(survivor.store.series('new', {})).id).not.toBe(series?.id)
      await record(survivor, 'lost', hour, 10 * minute, (i) => i)
      const [again] = await (await crashed(survivor)).store.select(named('lost'), { from: start, to: start + 4 * day })
      expect(again?.times.length).toBe(288 + 6)
      harness.time.setWallClock(start + 3 * day + 4 * hour)
    }
  })

  it('keeps files of days that nothing names any more, and calls their series by number', async () => {
    const harness = await harnessOf()
    const start = harness.time.clock.now()
    await record(harness, 'unnamed', day + 4 * hour, 10 * minute, (i) => i)
    const id = given(harness.store.series('unnamed', {})).id
    const survivor = await crashed(harness, (directory) => {
      damageDatabase(directory, 'this is no database')
      writeFileSync(join(directory, 'metrics', '1h-2026.db'), 'no database either'.repeat(1000))
    })
    expect(survivor.notices.list().map((notice) => notice.id)).toEqual(['metrics.setAside', 'metrics.damage'])
    const [series] = await survivor.store.select(named('belfry_nameless_series'), { from: start, to: start + day })
    expect([series?.labels['number'], series?.times.length]).toEqual([String(id), 144])
  })

  it('survives a clock that jumps ahead and comes back', async () => {
    const harness = await harnessOf()
    const start = harness.time.clock.now()
    await record(harness, 'jumpy', 2 * hour, minute, (i) => i)
    harness.time.setWallClock(start + 400 * day)
    await record(harness, 'jumpy', 10 * minute, minute, (i) => -i)
    harness.time.setWallClock(start + 2 * hour)
    await record(harness, 'jumpy', 3 * hour, minute, (i) => i)
    const [series] = await harness.store.select(named('jumpy'), { from: start, to: start + day })
    expect(series?.times.length).toBe(300)
    const [ahead] = await harness.store.select(named('jumpy'), { from: start + 400 * day, to: start + 401 * day })
    expect(ahead?.times.length).toBe(10)
    // Frames of the jump do not hold up those that came after it.
    expect((await harness.store.usage()).bytesHead).toBeLessThan(200 * 40)
  })
})

describe('the newest sample', () => {
  it('is told within the lookback, and not of a series that ended', async () => {
    const harness = await harnessOf()
    const at = harness.time.clock.now()
    const [a, b] = [given(harness.store.series('up', { job: 'a' })), given(harness.store.series('up', { job: 'b' }))]
    harness.store.append(at, [
      [a, 1],
      [b, 2],
    ])
    harness.store.markStale(at + 1, [b])
    await harness.store.flush()
    for (const { store } of [harness, await crashed(harness)]) {
      expect(await store.latest(named('up'), at + 10)).toEqual([{ ...a, at, value: 1 }])
      expect((await store.latest(named('up'), at)).map(({ value }) => value)).toEqual([1, 2])
      expect(await store.latest(named('up'), at + 5 * minute)).toEqual([])
      expect((await store.latest(named('up'), at + 5 * minute, 6 * minute)).length).toBe(1)
    }
  })
})

describe('series', () => {
  it('are found by every kind of matcher, anchored, in order', async () => {
    const harness = await harnessOf()
    const at = harness.time.clock.now()
    for (const labels of [{ cpu: '1', mode: 'idle' }, { cpu: '0', mode: 'idle' }, { cpu: '0', mode: 'user' }, {}]) {
      harness.store.append(at, [[given(harness.store.series('cpu', labels)), 1]])
    }
    await harness.store.flush()
    const found = async (...matchers: Matcher[]) =>
      (await harness.store.latest([...named('cpu'), ...matchers], at)).map(
        ({ labels }) => `${labels['cpu']}${labels['mode']}`,
      )
    expect(await found()).toEqual(['0idle', '0user', '1idle', 'undefinedundefined'])
    expect(await found({ label: 'mode', op: '=~', value: 'idl' })).toEqual([])
    expect(await found({ label: 'mode', op: '=~', value: 'idl.|x' })).toEqual(['0idle', '1idle'])
    expect(await found({ label: 'mode', op: '!~', value: 'idle|' })).toEqual(['0user'])
    expect(await found({ label: 'cpu', op: '!=', value: '0' })).toEqual(['1idle', 'undefinedundefined'])
    expect(await found({ label: 'cpu', op: '=', value: '' })).toEqual(['undefinedundefined'])
    await expect(found({ label: 'cpu', op: '=~', value: '(' })).rejects.toMatchObject({ code: 'invalid' })
    expect(await harness.store.names('c')).toEqual(['cpu'])
  })

  it('beyond the budget are refused, counted and told once; idle ones give their place back', async () => {
    const harness = await harnessOf({ maxActiveSeries: 2 })
    expect(harness.store.series('a', { n: '1' })).toBeDefined()
    expect(harness.store.series('a', { n: '2' })).toBeDefined()
    expect(harness.store.series('a', { n: '3' })).toBeUndefined()
    expect(harness.store.series('a', { n: '3' })).toBeUndefined()
    expect(harness.store.series('a', { n: '1' })).toBeDefined()
    expect((await harness.store.usage()).refusedSeries).toBe(1)
    expect(harness.notices.list().map(({ id }) => id)).toEqual(['metrics.cardinality'])
    harness.time.setWallClock(harness.time.clock.now() + 61 * minute)
    expect(harness.store.series('a', { n: '3' })).toBeDefined()
  })

  it('of one target do not take the room of others, and each target is told of once', async () => {
    const harness = await harnessOf({ maxSeriesPerTarget: 2 })
    const made = (instance: string, path: string) =>
      harness.store.series('requests', { job: 'web', instance, path }) !== undefined
    expect(['/1', '/2', '/3', '/4'].map((path) => made('a:80', path))).toEqual([true, true, false, false])
    expect(['/1', '/2', '/3'].map((path) => made('b:80', path))).toEqual([true, true, false])
    expect(['1', '2', '3'].map((cpu) => harness.store.series('cpu', { cpu }) !== undefined)).toEqual([
      true,
      true,
      false,
    ])
    expect(harness.store.series('memory', {})).toBeDefined()
    expect((await harness.store.usage()).refusedSeries).toBe(4)
    expect(harness.notices.list().map(({ message }) => message.split(' are active')[0])).toEqual([
      '2 series of job="web", instance="a:80"',
      '2 series of job="web", instance="b:80"',
      '2 series of cpu',
    ])
    harness.time.setWallClock(harness.time.clock.now() + 61 * minute)
    expect(made('a:80', '/3')).toBe(true)
  })

  it('that had samples before a restart still count for their target', async () => {
    const harness = await harnessOf({ maxSeriesPerTarget: 1 })
    harness.store.append(harness.time.clock.now(), [[given(harness.store.series('cpu', { cpu: '1' })), 1]])
    await harness.store.flush()
    const survivor = await crashed(harness)
    expect(survivor.store.series('cpu', { cpu: '2' })).toBeUndefined()
  })

  it('with too many samples for one answer are refused with what to do', async () => {
    const harness = await harnessOf()
    await record(harness, 'long', 2 * minute, second, (i) => i)
    const range = { from: 0, to: harness.time.clock.now() }
    await expect(harness.store.select(named('long'), range, { maxSamples: 119 })).rejects.toMatchObject({
      code: 'too-large',
    })
    expect((await harness.store.select(named('long'), range, { maxSamples: 120 }))[0]?.times.length).toBe(120)
  })

  it('keep their ids over restarts', async () => {
    const harness = await harnessOf()
    const at = harness.time.clock.now()
    const first = given(harness.store.series('one', {}))
    const second = given(harness.store.series('two', {}))
    harness.store.append(at, [
      [first, 1],
      [second, 2],
    ])
    await harness.store.flush()
    const { store } = await crashed(harness)
    expect(store.series('two', {})?.id).toBe(second.id)
    expect(given(store.series('three', {})).id).not.toBe(first.id)
  })
})

/** Writes `content` all over the file, or, for `all but the first page`, over all but its first page: it opens, and what it knows is broken. */
function damageDatabase(directory: string, content: string): void {
  const path = join(directory, 'metrics.db')
  const db = new Database(path)
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
  const bytes = readFileSync(path)
  if (content === 'all but the first page') writeFileSync(path, bytes.fill(0xa5, 4096))
  else writeFileSync(path, content.repeat(1000))
}

async function crashedWith(harness: StoreHarness, content: string): Promise<StoreHarness> {
  const directory = mkdtempSync(join(tmpdir(), 'belfry-metrics-broken-'))
  writeFileSync(join(directory, 'metrics.db'), content.repeat(1000))
  return harnessOf({ directory, time: harness.time })
}
