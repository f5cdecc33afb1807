/**
 * From the text of a prometheus.yml to what is scraped, and to a list of what is wrong with it or has no effect here. A
 * job with a mistake is left out and named; the others are scraped. Pure: reads no other file.
 */
import { dirname, isAbsolute, join } from 'node:path'
import type { Node } from 'yaml'
import { readYaml, type YamlFile } from '#main/rules/read-yaml.ts'
import { type FieldReader, labelsIn, type Reading, readerOf } from './field-reader.ts'
import type { PrometheusConfig, PrometheusProblem, ScrapeJob, ScrapeLimits } from './prometheus-config.ts'
import { type JobDefaults, readJob, readLimits } from './read-job.ts'
import { ofFile, ofGlobal } from './unsupported.ts'

export interface ReadPrometheus {
  readonly config: PrometheusConfig
  readonly problems: readonly PrometheusProblem[]
  /** Nothing of the text is used. */
  readonly isBroken: boolean
  /** Names of jobs that were left out. */
  readonly refused: readonly string[]
}

const noLimits: ScrapeLimits = {
  bodyBytes: 0,
  samples: 0,
  labels: 0,
  labelNameLength: 0,
  labelValueLength: 0,
  targets: 0,
}

export const noPrometheus: PrometheusConfig = {
  jobs: [],
  ruleFiles: [],
  externalLabels: {},
  evaluationEveryMs: 60_000,
}

/** `file`: its absolute path. */
export function readPrometheus(file: string, text: string): ReadPrometheus {
  const yaml = readYaml(file, text)
  const warnings: PrometheusProblem[] = []
  const reading = readingOf(yaml, warnings)
  const problems = () => [...yaml.problems.map((problem) => ({ ...problem, level: 'error' as const })), ...warnings]
  const isEmpty = yaml.root === null && yaml.problems.length === 0
  const root = isEmpty || yaml.root === null ? null : readerOf(yaml.root, 'the file', reading)
  if (!root) return { config: noPrometheus, problems: problems(), isBroken: !isEmpty, refused: [] }
  const { defaults, externalLabels, evaluationEveryMs } = readGlobal(root, reading)
  const ruleFiles = (root.texts('rule_files') ?? []).map(reading.path)
  const jobs: ScrapeJob[] = []
  const refused: string[] = []
  for (const node of root.items('scrape_configs')) {
    const before = yaml.problems.length
    const job = readJob(node, defaults, reading)
    if (job && jobs.some(({ name }) => name === job.name)) {
      reading.error(node, `expected names of jobs to differ, got "${job.name}" twice; the second is left out`)
    } else if (job && yaml.problems.length > before) {
      reading.error(node, `the job "${job.name}" has a mistake and is not scraped as it stands here; the others are`)
      refused.push(job.name)
    } else if (job) jobs.push(job)
  }
  root.finish(ofFile)
  const config = { jobs, ruleFiles, externalLabels, evaluationEveryMs }
  return { config, problems: problems().sort(byPlace), isBroken: false, refused }
}

const byPlace = (one: PrometheusProblem, other: PrometheusProblem) => (one.line ?? 0) - (other.line ?? 0)

function readingOf(yaml: YamlFile, warnings: PrometheusProblem[]): Reading {
  const directory = dirname(yaml.file)
  return {
    yaml,
    error: (node: Node | null | undefined, message) => yaml.complain(node, message),
    warn: (node, message) =>
      void warnings.push({ level: 'warning', file: yaml.file, line: yaml.lineOf(node), message }),
    path: (text) => (isAbsolute(text) ? text : join(directory, text)),
  }
}

function readGlobal(root: FieldReader, reading: Reading) {
  const global = root.fields('global', 'global')
  const everyMs = global?.duration('scrape_interval') || 60_000
  const ownTimeoutMs = global?.duration('scrape_timeout') || null
  if (ownTimeoutMs !== null && ownTimeoutMs > everyMs) {
    reading.error(global?.node('scrape_timeout'), 'expected scrape_timeout not to be longer than scrape_interval')
  }
  const defaults: JobDefaults = {
    everyMs,
    timeoutMs: ownTimeoutMs ?? Math.min(10_000, everyMs),
    limits: global ? readLimits(global, noLimits) : noLimits,
  }
  const evaluationEveryMs = global?.duration('evaluation_interval') || 60_000
  const externalLabels = labelsIn(global?.node('external_labels') ?? null, 'external_labels', reading, {
    mayBeAbsent: true,
  })
  global?.finish(ofGlobal)
  return { defaults, externalLabels, evaluationEveryMs }
}
