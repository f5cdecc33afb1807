import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRemoteWrite, type RemoteWrite } from '#main/ingest/remote-write.ts'
import { unpackSnappy } from '#main/ingest/snappy-block.ts'
import { createMetricMetadata } from '#main/metrics/metadata.ts'
import { AppError } from '#shared/contract/errors.ts'
import { isStaleAt } from '#shared/domain/series.ts'
import { openHarness, type StoreHarness } from '#test/metrics/store-harness.ts'
import { packed, type Written, writeRequest } from './write-requests.ts'

const hour = 3_600_000

let harness: StoreHarness
let remoteWrite: RemoteWrite
const metadata = createMetricMetadata()
beforeEach(async () => {
  harness = await openHarness({ maxSeriesPerTarget: 3 })
  remoteWrite = createRemoteWrite({ metrics: harness.store, metadata, clock: harness.time.clock })
})
afterEach(() => harness.close())

const { signal } = new AbortController()
const write = (...series: Written[]) => remoteWrite.receive(packed(writeRequest(series)), signal)
const stored = (name: string) =>
  harness.store.select([{ label: '__name__', op: '=', value: name }], { from: 0, to: Number.MAX_SAFE_INTEGER })
const labels = (name: string, ...more: [string, string][]): [string, string][] => [['__name__', name], ...more]

describe('what a Prometheus writes', () => {
  it('is durable when it is answered, values to the last bit and stale markers as such', async () => {
    const now = harness.time.clock.now()
    const samples = [
      [now - 3000, -0],
      [now - 2000, Number.NEGATIVE_INFINITY],
      [now - 1000, Number.NaN],
      [now, 'stale'],
    ] as const
    const outcome = await write({ labels: labels('up', ['instance', 'a:9090'], ['job', 'né']), samples })
    expect(outcome).toEqual({ storedSamples: 4, refusedSamples: 0, reasons: [] })
    const after = await harness.afterCrash()
    const [series] = await after.store.select([{ label: 'job', op: '=', value: 'né' }], { from: 0, to: now + 1 })
    expect(series).toMatchObject({ name: 'up', labels: { instance: 'a:9090', job: 'né' } })
    expect([...(series?.values.slice(0, 3) ?? [])]).toEqual([-0, Number.NEGATIVE_INFINITY, Number.NaN])
    expect([2, 3].map((i) => isStaleAt(series?.values ?? new Float64Array(), i))).toEqual([false, true])
    await after.close()
  })

  it('may come out of order within two hours', async () => {
    const now = harness.time.clock.now()
    await write({ labels: labels('late'), samples: [[now, 3]] })
    const outcome = await write({
      labels: labels('late'),
      samples: [
        [now - hour, 1],
        [now - 1000, 2],
      ],
    })
    expect(outcome.refusedSamples).toBe(0)
    expect((await stored('late')).map(({ values }) => [...values])).toEqual([[1, 2, 3]])
  })

  it('tells what metrics are', async () => {
    const body = packed(writeRequest([], [{ metric: 'requests_total', help: 'All of them.' }]))
    await remoteWrite.receive(body, signal)
    expect(metadata.of('requests_total')).toEqual({ type: 'counter', help: 'All of them.', unit: '' })
  })
})

describe('what is wrong', () => {
  it.each<[string, [string, string][], number, RegExp]>([
    ['too old', labels('x'), -3 * hour, /1 samples are older than two hours, such as x/],
    ['too far ahead', labels('x'), hour, /more than ten minutes ahead/],
    ['labels out of order', labels('x', ['b', '1'], ['a', '2']), 0, /labels that are not in order, such as x\{/],
    ['a label twice', labels('x', ['b', '1'], ['b', '2']), 0, /a label twice/],
    ['no name', [['a', '1']], 0, /no metric name/],
    ['an impossible name', labels('1x'), 0, /impossible metric name/],
    ['an impossible label', labels('x', ['a b', '2']), 0, /impossible name/],
    ['a label without end', labels('x', ['a', 'v'.repeat(20_000)]), 0, /too long/],
  ])('%s is refused with its reason, and the rest is stored', async (_what, wrong, offset, reason) => {
    const now = harness.time.clock.now()
    const outcome = await write(
      { labels: labels('good'), samples: [[now, 1]] },
      { labels: wrong, samples: [[now + offset, 1]] },
      { labels: labels('good_too'), samples: [[now, 1]] },
    )
    expect(outcome).toEqual({ storedSamples: 2, refusedSamples: 1, reasons: [expect.stringMatching(reason)] })
    expect(await stored('good_too')).toHaveLength(1)
  })

  it('is a target with more series than its budget', async () => {
    const now = harness.time.clock.now()
    const series = Array.from({ length: 5 }, (_, i) => ({
      labels: labels('many', ['job', 'x'], ['n', String(i)]),
      samples: [[now, i]] as const,
    }))
    expect(await write(...series)).toMatchObject({
      storedSamples: 3,
      refusedSamples: 2,
      reasons: [/beyond the budget/],
    })
  })

  it('is a body that would unpack to gigabytes, before it is unpacked', async () => {
    const bomb = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0x0f, 0x00])
    await expect(remoteWrite.receive(bomb, signal)).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('4294967295 bytes when unpacked'),
    })
  })

  it('is a disk that takes nothing', async () => {
    const failing = { ...harness.store, flush: () => Promise.reject(new AppError('unavailable', 'The disk is full.')) }
    const refused = createRemoteWrite({ metrics: failing, metadata, clock: harness.time.clock })
    const body = packed(writeRequest([{ labels: labels('x'), samples: [[harness.time.clock.now(), 1]] }]))
    await expect(refused.receive(body, signal)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('The disk is full.'),
    })
  })
})

describe('bytes that are no request', () => {
  const good = () =>
    writeRequest(
      Array.from({ length: 20 }, (_, i) => ({
        labels: labels('fuzzed', ['n', String(i)]),
        samples: [[harness.time.clock.now() - i, i / 3]] as const,
      })),
    )
  const outcomeOf = (body: Uint8Array) =>
    remoteWrite.receive(body, signal).then(
      () => 'taken',
      (error: unknown) => {
        if (!(error instanceof AppError)) throw error
        expect(['invalid', 'too-large']).toContain(error.code)
        return error.code
      },
    )

  it('are refused as such, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await outcomeOf(bytes)
        await outcomeOf(packed(bytes))
      }),
      { numRuns: 500 },
    )
  })

  it('are refused where one was changed or the end is missing', async () => {
    const bytes = good()
    const block = packed(bytes)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(block.length - 1), fc.nat(255), async (at, blockAt, byte) => {
        await outcomeOf(packed(bytes.with(at, byte)))
        await outcomeOf(block.with(blockAt, byte))
        await outcomeOf(packed(bytes.slice(0, at)))
        await outcomeOf(block.slice(0, blockAt))
      }),
      { numRuns: 300 },
    )
  })
})

describe('a Snappy block', () => {
  it('comes out as it was packed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3000 }), (numbers) => {
        const bytes = Uint8Array.from(numbers)
        expect(unpackSnappy(packed(bytes), 10_000)).toEqual(bytes)
      }),
    )
  })

  it('that tells more or less than it holds is refused', () => {
    const block = packed(Uint8Array.from({ length: 100 }, (_, i) => i))
    expect(() => unpackSnappy(block.with(0, 99), 1000)).toThrow(/over the end/)
    expect(() => unpackSnappy(block.with(0, 101), 1000)).toThrow(/100 of 101/)
  })
})
