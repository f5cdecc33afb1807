import type { ConfigFile, ConfiguredCheck } from '#main/config/config-file.ts'
import type { MetricStore } from '#main/metrics/metric-store.ts'
import { pickLabels } from '#shared/domain/labels.ts'
import { ofOwnMachine } from '#shared/domain/own-machine.ts'
import type { Labels } from '#shared/domain/series.ts'

/** This machine is being looked at when one of these is fresh; each operating system has at least one. */
const machineSeries = 'node_time_seconds|node_memory_MemTotal_bytes|node_load1'

/**
 * Whether what an alert speaks of was looked at lately, so that the absence of its series means that they are gone. A
 * check or a collector that was removed or paused is not looked for: what it said is over. One that should report and
 * does not was not observed; neither was what a collector that fails told before.
 */
export async function targetObserved(
  labels: Labels,
  config: ConfigFile,
  metrics: MetricStore,
  at: number,
  scraped: () => readonly Labels[] = () => [],
): Promise<boolean> {
  const { check, collector } = pickLabels(labels, ['check', 'collector'])
  if (check === undefined && collector !== undefined) return collectedLately(collector, config, metrics, at)
  if (check === undefined && isScraped(labels, scraped())) return scrapedLately(labels, metrics, at)
  if (check === undefined)
    return (await metrics.latest([{ label: '__name__', op: '=~', value: machineSeries }, ofOwnMachine], at)).length > 0
  const configured = configuredCheck(check, config)
  if (!configured?.draft.enabled) return true
  const states = await metrics.latest(
    [
      { label: '__name__', op: '=', value: 'belfry_check_state' },
      { label: 'check', op: '=', value: check },
    ],
    at,
  )
  return states.length > 0
}

async function collectedLately(
  collector: string,
  config: ConfigFile,
  metrics: MetricStore,
  at: number,
): Promise<boolean> {
  const configured = config.current().collectors.find(({ id }) => id === collector)
  if (!configured?.draft.enabled) return true
  const up = await metrics.latest(
    [
      { label: '__name__', op: '=', value: 'belfry_collector_up' },
      { label: 'collector', op: '=', value: collector },
    ],
    at,
  )
  return up.some(({ value }) => value === 1)
}

/** Whether a target that is scraped now may have given what the alert speaks of. */
function isScraped(labels: Labels, targets: readonly Labels[]): boolean {
  const named = pickLabels(labels, ['job', 'instance'])
  if (named['job'] === undefined) return false
  return targets.some((target) => Object.entries(named).every(([label, value]) => target[label] === value))
}

/** A target that this machine could not look at has no `up`. */
async function scrapedLately(labels: Labels, metrics: MetricStore, at: number): Promise<boolean> {
  const named = Object.entries(pickLabels(labels, ['job', 'instance']))
  const matchers = [['__name__', 'up'] as const, ...named].map(([label, value]) => ({ label, op: '=' as const, value }))
  return (await metrics.latest(matchers, at)).length > 0
}

/** The check that a `check` label names, by its id or else by its name. */
export function configuredCheck(label: string, config: ConfigFile): ConfiguredCheck | undefined {
  const { checks } = config.current()
  let index = indexes.get(checks)
  if (!index) {
    // Of several with one name the first counts, and an id before any name.
    const names = checks.map((check) => [check.draft.name, check] as const).toReversed()
    index = new Map([...names, ...checks.map((check) => [check.id, check] as const)])
    indexes.set(checks, index)
  }
  return index.get(label)
}

/** A configuration is never changed, only replaced: its index lives as long as it does. */
const indexes = new WeakMap<readonly ConfiguredCheck[], ReadonlyMap<string, ConfiguredCheck>>()
