/** One entry of scrape_configs. */
import type { Node } from 'yaml'
import type { FieldReader, Reading } from './field-reader.ts'
import { labelsIn, readerOf } from './field-reader.ts'
import type { ScrapeJob, ScrapeLimits, TargetGroup } from './prometheus-config.ts'
import { readHttpSettings } from './read-http-settings.ts'
import { readRelabel } from './read-relabel.ts'
import type { RelabelRule } from './relabel.ts'
import { addressProblem } from './targets.ts'
import { ofJob } from './unsupported.ts'

/** What a job need not say itself. */
export interface JobDefaults {
  readonly everyMs: number
  readonly timeoutMs: number
  readonly limits: ScrapeLimits
}

/** Null where it has no name; whether anything of it is wrong is told to `reading`. */
export function readJob(node: Node, defaults: JobDefaults, reading: Reading): ScrapeJob | null {
  const job = readerOf(node, 'a job', reading)
  if (!job) return null
  const { error } = reading
  const name = job.text('job_name') ?? ''
  if (name === '') error(node, 'expected a job to have a "job_name"')
  // As Prometheus has it, 0 says nothing.
  const everyMs = job.duration('scrape_interval') || defaults.everyMs
  const ownTimeoutMs = job.duration('scrape_timeout') || null
  if (ownTimeoutMs !== null && ownTimeoutMs > everyMs) {
    error(job.node('scrape_timeout'), 'expected scrape_timeout not to be longer than scrape_interval')
  }
  const scheme = job.text('scheme') ?? 'http'
  if (scheme !== 'http' && scheme !== 'https') error(job.node('scheme'), `expected http or https, got "${scheme}"`)
  const relabel = rulesOf(job, 'relabel_configs', reading)
  const read: ScrapeJob = {
    name,
    line: reading.yaml.lineOf(node),
    everyMs,
    timeoutMs: ownTimeoutMs ?? Math.min(defaults.timeoutMs, everyMs),
    metricsPath: job.text('metrics_path') ?? '/metrics',
    scheme,
    params: paramsOf(job, reading),
    honorLabels: job.flag('honor_labels') ?? false,
    honorTimestamps: job.flag('honor_timestamps') ?? true,
    http: readHttpSettings(job, reading),
    groups: groupsOf(job, name, relabel.length === 0, reading),
    targetFiles: targetFilesOf(job, reading),
    relabel,
    metricRelabel: rulesOf(job, 'metric_relabel_configs', reading),
    limits: readLimits(job, defaults.limits),
  }
  job.finish(ofJob)
  return name === '' ? null : read
}

export function readLimits(reader: FieldReader, otherwise: ScrapeLimits): ScrapeLimits {
  return {
    bodyBytes: reader.size('body_size_limit') ?? otherwise.bodyBytes,
    samples: reader.count('sample_limit') ?? otherwise.samples,
    labels: reader.count('label_limit') ?? otherwise.labels,
    labelNameLength: reader.count('label_name_length_limit') ?? otherwise.labelNameLength,
    labelValueLength: reader.count('label_value_length_limit') ?? otherwise.labelValueLength,
    targets: reader.count('target_limit') ?? otherwise.targets,
  }
}

const rulesOf = (job: FieldReader, name: string, reading: Reading): RelabelRule[] =>
  job.items(name).flatMap((node) => readRelabel(node, `a rule of ${name}`, reading) ?? [])

function paramsOf(job: FieldReader, reading: Reading): Record<string, readonly string[]> {
  const node = job.node('params')
  if (node === null) return {}
  const reader = readerOf(node, 'params', reading)
  const names = Object.keys(node.toJSON() ?? {})
  return Object.fromEntries(names.map((name) => [name, reader?.texts(name) ?? []]))
}

function groupsOf(job: FieldReader, name: string, areFinal: boolean, reading: Reading): TargetGroup[] {
  return job.items('static_configs').flatMap((node, index) => {
    const group = readerOf(node, 'static_configs', reading)
    if (!group) return []
    const targets = group.texts('targets') ?? []
    const labels = labelsIn(group.node('labels'), 'labels', reading, { mayBeAbsent: true })
    group.finish({})
    // Relabelling may make an address of anything.
    const wrong = areFinal ? targets.map(addressProblem).find((problem) => problem !== null) : null
    if (wrong) reading.error(group.node('targets'), wrong)
    return [{ source: `${name}/static/${index}`, targets, labels }]
  })
}

/** Wildcards in the last part only, as Prometheus has it. */
const targetFile = /^[^*]*(?:\*[^/]*)?\.(?:json|yml|yaml|JSON|YML|YAML)$/

function targetFilesOf(job: FieldReader, reading: Reading): string[] {
  return job.items('file_sd_configs').flatMap((node) => {
    const entry = readerOf(node, 'file_sd_configs', reading)
    if (!entry) return []
    const files = entry.texts('files') ?? []
    if (files.length === 0) reading.error(node, 'expected file_sd_configs to have "files"')
    for (const file of files) {
      if (targetFile.test(file)) continue
      reading.error(
        entry.node('files'),
        `expected files that end in .json, .yml or .yaml, with "*" in the name only, got "${file}"`,
      )
    }
    // Files are followed as they change: how often to look is nobody's concern.
    entry.duration('refresh_interval')
    entry.finish({})
    return files.map(reading.path)
  })
}
