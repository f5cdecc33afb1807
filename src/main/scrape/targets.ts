/** From what a job and its discovery say to targets: what is asked, how often, and which labels its samples get. */
import { createHash } from 'node:crypto'
import type { Pace } from '#main/rules/pace.ts'
import type { Labels } from '#shared/domain/series.ts'
import { parseDurationMs } from '#shared/promql/duration.ts'
import type { ScrapeJob, TargetGroup } from './prometheus-config.ts'
import { compileRelabel, type MutableLabels } from './relabel.ts'

export interface Target {
  /** Short, and fit for an address. */
  readonly id: string
  /** The same for the same URL and labels of one job, whatever became of the others. */
  readonly key: string
  readonly job: string
  readonly url: string
  /** What its samples get; no name begins with `__`. */
  readonly labels: Labels
  /** Before relabelling. */
  readonly discovered: Labels
  readonly everyMs: number
  readonly timeoutMs: number
}

export interface DroppedTarget {
  readonly job: string
  readonly discovered: Labels
}

export interface JobTargets {
  readonly active: readonly Target[]
  readonly dropped: readonly DroppedTarget[]
  readonly droppedCount: number
  /** Why some are not scraped. */
  readonly problems: readonly string[]
}

const mostDroppedKept = 100
const mostProblems = 20
/** Hexadecimal digits. */
const idLength = 16
const paramPrefix = '__param_'

/** Source: prometheus/scrape/target.go, PopulateLabels and targetsFromGroup. */
export async function targetsOf(job: ScrapeJob, groups: readonly TargetGroup[], pace: Pace): Promise<JobTargets> {
  const relabel = compileRelabel(job.relabel)
  const active = new Map<string, Target>()
  const dropped: DroppedTarget[] = []
  const problems: string[] = []
  let droppedCount = 0
  const tell = (problem: string) => {
    if (problems.length < mostProblems && !problems.includes(problem)) problems.push(problem)
  }
  for (const group of groups) {
    for (const address of group.targets) {
      if (pace.isDue()) await pace.turn()
      const discovered = discoveredLabels(job, group, address)
      const labels = new Map(Object.entries(discovered))
      if (!relabel(labels)) {
        droppedCount++
        if (dropped.length < mostDroppedKept) dropped.push({ job: job.name, discovered })
        continue
      }
      const target = targetOf(job, discovered, labels)
      if (typeof target === 'string') tell(`${address || group.source}: ${target}`)
      else active.set(target.key, target)
    }
  }
  const limit = job.limits.targets
  if (limit > 0 && active.size > limit) {
    tell(`expected at most ${limit} targets (target_limit), got ${active.size}: none is scraped`)
    active.clear()
  }
  return { active: [...active.values()], dropped, droppedCount, problems }
}

function discoveredLabels(job: ScrapeJob, group: TargetGroup, address: string): Labels {
  const params = Object.entries(job.params).map(([name, values]) => [`${paramPrefix}${name}`, values[0] ?? ''] as const)
  const labels: Labels = Object.fromEntries([
    ['job', job.name],
    ['__scrape_interval__', durationText(job.everyMs)],
    ['__scrape_timeout__', durationText(job.timeoutMs)],
    ['__metrics_path__', job.metricsPath],
    ['__scheme__', job.scheme],
    ...params,
    ...Object.entries(group.labels),
    ['__address__', address],
  ])
  return Object.fromEntries(
    Object.entries(labels)
      .filter(([, value]) => value !== '')
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  )
}

const durationText = (ms: number) =>
  ms % 60_000 === 0 ? `${ms / 60_000}m` : ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`

/** A text says why it is none. */
function targetOf(job: ScrapeJob, discovered: Labels, labels: MutableLabels): Target | string {
  const address = labels.get('__address__') ?? ''
  if (address === '') return 'expected an address after relabelling, got none'
  const wrong = addressProblem(address)
  if (wrong !== null) return wrong
  const everyMs = parseDurationMs(labels.get('__scrape_interval__') ?? '')
  const timeoutMs = parseDurationMs(labels.get('__scrape_timeout__') ?? '')
  if (!everyMs) return 'expected __scrape_interval__ to be a duration above 0 after relabelling'
  if (!timeoutMs || timeoutMs > everyMs) return 'expected __scrape_timeout__ to be a duration not above the interval'
  const url = urlOf(job, labels, address)
  if (url === null) return `expected an address such as host:9100, got "${address}"`
  const own = [...labels].filter(([name]) => !name.startsWith('__'))
  if (!labels.has('instance')) own.push(['instance', address])
  const shown = Object.fromEntries(own.sort(([one], [other]) => (one < other ? -1 : 1)))
  const key = JSON.stringify([job.name, url, own])
  return {
    id: createHash('sha256').update(key).digest('hex').slice(0, idLength),
    key,
    job: job.name,
    url,
    labels: shown,
    discovered,
    everyMs,
    timeoutMs,
  }
}

function urlOf(job: ScrapeJob, labels: MutableLabels, address: string): string | null {
  const params = new URLSearchParams()
  const first = new Map(
    [...labels]
      .filter(([name]) => name.startsWith(paramPrefix))
      .map(([name, value]) => [name.slice(paramPrefix.length), value]),
  )
  for (const [name, values] of Object.entries(job.params)) {
    for (const value of [first.get(name) ?? values[0] ?? '', ...values.slice(1)]) params.append(name, value)
    first.delete(name)
  }
  for (const [name, value] of first) params.append(name, value)
  const path = labels.get('__metrics_path__') ?? ''
  const url = URL.parse(`${labels.get('__scheme__') ?? 'http'}://${address}`)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null
  const [pathname = '', query] = path.split('?', 2)
  const asked = [query, params.toString()].filter((part) => part).join('&')
  return `${url.origin}${pathname.startsWith('/') ? '' : '/'}${pathname}${asked === '' ? '' : `?${asked}`}`
}

/** Why an address cannot be that of a target; null when it can. */
export function addressProblem(address: string): string | null {
  return address.includes('/')
    ? `expected a host and port such as db-1:9100, got "${address}": scheme and path are fields of their own`
    : null
}
