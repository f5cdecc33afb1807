/**
 * Takes what a Prometheus writes: whole series with names, labels and samples, stale markers among them, and what it says
 * of metrics. What is good is stored and durable when the answer comes; what is not is counted by its reason.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { MetricMetadataBook } from '#main/metrics/metadata.ts'
import type { MetricStore, SeriesHandle } from '#main/metrics/metric-store.ts'
import { acceptedDelayMs, acceptedLeadMs } from '#main/metrics/open-metric-store.ts'
import type { Clock } from '#main/ports.ts'
import { atEase } from '#main/store/expressions/at-ease.ts'
import { AppError } from '#shared/contract/errors.ts'
import { showLabels } from '#shared/promql/values.ts'
import { unpackSnappy } from './snappy-block.ts'
import { readWriteRequest, type WrittenSample, type WrittenSeries } from './write-request.ts'

export interface RemoteWrite {
  /**
   * Resolves when what was good is durable, with what was refused in sentences. Rejects with AppError `invalid` for a body
   * that cannot be read, `too-large` for one that is too large unpacked, `unavailable` when it cannot be stored.
   */
  receive(body: Uint8Array, signal: AbortSignal): Promise<WriteOutcome>
}

export interface WriteOutcome {
  readonly storedSamples: number
  readonly refusedSamples: number
  /** Each reason once, with its count and an example. */
  readonly reasons: readonly string[]
}

/** Fifty times what a Prometheus sends at once. */
const mostUnpackedBytes = 16 * 1024 * 1024
const mostLabels = 128
const longestName = 1024
const longestValue = 16_384
const sliceMs = 4

export interface RemoteWriteOptions {
  readonly metrics: Pick<MetricStore, 'series' | 'append' | 'markStale' | 'flush'>
  readonly metadata: MetricMetadataBook
  readonly clock: Clock
}

export function createRemoteWrite({ metrics, metadata, clock }: RemoteWriteOptions): RemoteWrite {
  /** Stores what is timely; returns the number of samples that were. */
  function store(handle: SeriesHandle, samples: readonly WrittenSample[], refuse: Refuse): number {
    const now = clock.now()
    let stored = 0
    for (const { at, value, isStale } of samples) {
      if (at < now - acceptedDelayMs) refuse('are older than two hours', handle, 1)
      else if (at > now + acceptedLeadMs) refuse('are more than ten minutes ahead of this clock', handle, 1)
      else {
        if (isStale) metrics.markStale(at, [handle])
        else metrics.append(at, [[handle, value]])
        stored++
      }
    }
    return stored
  }

  return {
    async receive(body, signal) {
      const bytes = unpackSnappy(body, mostUnpackedBytes)
      await nextTurn()
      const refusals = createRefusals()
      let storedSamples = 0
      const visitSeries = ({ labels, samples, histograms }: WrittenSeries) => {
        const named = namedOf(labels)
        const described = { name: named.name, labels: named.labels }
        if (histograms > 0) refusals.refuse('are native histograms, which are not stored', described, histograms)
        if (named.problem !== null) return refusals.refuse(named.problem, described, samples.length)
        if (samples.length === 0) return
        const handle = metrics.series(named.name, named.labels)
        if (handle) storedSamples += store(handle, samples, refusals.refuse)
        else refusals.refuse('are of series beyond the budget (storage.maxActiveSeries)', described, samples.length)
      }
      const reading = readWriteRequest(bytes, {
        series: visitSeries,
        metadata: ({ metric, ...description }) => metadata.put(metric, description),
      })
      try {
        await atEase(reading, signal, sliceMs)
      } finally {
        await durable()
      }
      return { storedSamples, refusedSamples: refusals.count(), reasons: refusals.reasons() }
    },
  }

  async function durable(): Promise<void> {
    try {
      await metrics.flush()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new AppError('unavailable', `The samples could not be stored: ${reason} Send them again later.`)
    }
  }
}

interface Described {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
}
type Refuse = (reason: string, of: Described, samples: number) => void

function createRefusals() {
  const byReason = new Map<string, { count: number; readonly example: string }>()
  const refuse: Refuse = (reason, { name, labels }, samples) => {
    const known = byReason.get(reason) ?? { count: 0, example: showLabels({ __name__: name, ...labels }).slice(0, 200) }
    known.count += samples
    byReason.set(reason, known)
  }
  return {
    refuse,
    count: () => [...byReason.values()].reduce((sum, { count }) => sum + count, 0),
    reasons: () =>
      Array.from(byReason, ([reason, { count, example }]) => `${count} samples ${reason}, such as ${example}`),
  }
}

const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/

/** Name and labels of what came, with what is wrong with them; labels that are empty are no labels. */
function namedOf(pairs: readonly string[]): Described & { readonly problem: string | null } {
  const labels: Record<string, string> = Object.create(null)
  let name = ''
  let before = ''
  let problem = pairs.length > 2 * mostLabels ? `have more than ${mostLabels} labels` : null
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const [label = '', value = ''] = [pairs[i], pairs[i + 1]]
    if (i > 0 && label === before) problem ??= 'have a label twice'
    else if (i > 0 && label < before) problem ??= 'have labels that are not in order'
    before = label
    if (label.length > longestName || value.length > longestValue) problem ??= 'have a label that is too long'
    if (label === '__name__') name = value
    else if (!labelName.test(label)) problem ??= 'have a label with an impossible name'
    else if (value !== '') labels[label] = value
  }
  if (!metricName.test(name)) problem ??= name === '' ? 'have no metric name' : 'have an impossible metric name'
  return { name: name.slice(0, longestName), labels: { ...labels }, problem }
}
