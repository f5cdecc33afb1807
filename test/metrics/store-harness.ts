/** The sample store over real files and real message ports, with both workers' methods served in this thread. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { createEvents } from '#main/events.ts'
import { type OpenMetricStore, openMetricStore } from '#main/metrics/open-metric-store.ts'
import { createNotices, type Notices } from '#main/notices.ts'
import {
  type ReadMetricMethods,
  readMetricMethods,
  type StorageMetricMethods,
  storageMetricMethods,
} from '#main/store/metrics/worker-methods.ts'
import { connectChannel, type Methods, serveChannel } from '#main/store/worker-channel.ts'
import { type FakeTime, fakeTime } from '#test/support/fake-time.ts'
import { memoryLogger } from '#test/support/ports.ts'

export interface StoreHarness {
  readonly time: FakeTime
  readonly directory: string
  readonly store: OpenMetricStore
  readonly notices: Notices
  readonly advancedAt: number[]
  /** Does the chores that are due at this instant, all or so many slices. */
  tend(most?: number): Promise<void>
  /**
   * Opens another store on a copy of the files as they are now: what a crash at this instant would leave. Before it opens,
   * `beforeStart` may damage the copy.
   */
  afterCrash(beforeStart?: (directory: string) => void): Promise<StoreHarness>
  close(): Promise<void>
}

export interface HarnessOptions {
  readonly directory?: string
  readonly time?: FakeTime
  readonly maxActiveSeries?: number
  readonly maxSeriesPerTarget?: number
  readonly closedRanges?: boolean
  /** Put around the storage worker's methods: to make them fail. */
  readonly wrap?: (methods: StorageMetricMethods) => StorageMetricMethods
}

export async function openHarness(options: HarnessOptions = {}): Promise<StoreHarness> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'belfry-metrics-'))
  const time = options.time ?? fakeTime()
  const logger = memoryLogger()
  const events = createEvents()
  const notices = createNotices(time.clock, logger, events)
  const advancedAt: number[] = []
  events.subscribe((name, payload) => {
    if (name === 'metrics.advanced' && 'at' in payload) advancedAt.push(Number(payload.at))
  })
  const storage = storageMetricMethods(directory, time.clock.now())
  const reading = readMetricMethods(directory)
  const storageLine = lineTo<StorageMetricMethods>(options.wrap?.(storage.methods) ?? storage.methods)
  const readLine = lineTo<ReadMetricMethods>(reading.methods)
  const store = await openMetricStore({
    channels: { storage: storageLine.channel, read: readLine.channel },
    clock: time.clock,
    timers: time.timers,
    logger,
    notices,
    events,
    closedRanges: () => options.closedRanges ?? false,
    ...(options.maxActiveSeries === undefined ? {} : { maxActiveSeries: options.maxActiveSeries }),
    ...(options.maxSeriesPerTarget === undefined ? {} : { maxSeriesPerTarget: options.maxSeriesPerTarget }),
  })
  let isClosed = false
  const harness: StoreHarness = {
    time,
    directory,
    store,
    notices,
    advancedAt,
    async tend(most = Number.POSITIVE_INFINITY) {
      for (let slice = 0; slice < most; slice++) {
        if (!storage.methods['metrics.tend']({ now: time.clock.now() }).more) return
      }
    },
    afterCrash: (beforeStart) => {
      const copy = mkdtempSync(join(tmpdir(), 'belfry-metrics-crash-'))
      cpSync(directory, copy, { recursive: true })
      beforeStart?.(copy)
      return openHarness({ ...options, directory: copy, time })
    },
    async close() {
      if (isClosed) return
      isClosed = true
      await store.close().catch(() => {})
      storage.close()
      reading.close()
      storageLine.close()
      readLine.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
  return harness

  function lineTo<M extends Methods>(methods: Methods) {
    const { port1, port2 } = new MessageChannel()
    serveChannel(port2, methods)
    return { channel: connectChannel<M>(port1, logger), close: () => port1.close() }
  }
}
