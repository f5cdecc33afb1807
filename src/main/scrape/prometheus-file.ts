/**
 * The prometheus.yml that the configuration names, followed as it changes together with the files of targets it names. A
 * file that cannot be read or understood leaves what ran before running.
 */
import { readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import type { ConfigFile } from '#main/config/config-file.ts'
import { stampOf } from '#main/files/file-stamp.ts'
import { systemErrorCode, systemErrorText } from '#main/files/system-error.ts'
import { watchFiles } from '#main/files/watch-files.ts'
import type { Notices } from '#main/notices.ts'
import type { Logger, Timers } from '#main/ports.ts'
import type { PrometheusConfig, PrometheusProblem, ScrapeJob, TargetGroup } from './prometheus-config.ts'
import { noPrometheus, type ReadPrometheus, readPrometheus } from './read-prometheus.ts'
import { filesOf, type KnownGroups, readTargetFiles } from './target-files.ts'

/** Used without being named, where it is there. */
const defaultPrometheusFile = 'prometheus.yml'

export interface PrometheusFile {
  /** Absolute. */
  path(): string
  /** Whether there is such a file. */
  exists(): boolean
  config(): PrometheusConfig
  /** With what its discovery gave: groups of targets by job. */
  groupsOf(job: ScrapeJob): readonly TargetGroup[]
  problems(): readonly PrometheusProblem[]
  /** Absolute globs of rule files. */
  ruleFiles(): readonly string[]
  reload(): Promise<void>
  /** Returns what ends it. */
  onChange(listener: () => void): () => void
  close(): void
}

export interface PrometheusFileOptions {
  readonly config: Pick<ConfigFile, 'directory' | 'current' | 'onChange'>
  readonly notices: Notices
  readonly timers: Timers
  readonly logger: Logger
}

const noticeId = 'prometheus'
const mostTold = 5

/** Resolves when the file has been read. Never rejects because of what is in it. */
export async function openPrometheusFile(options: PrometheusFileOptions): Promise<PrometheusFile> {
  const { config, notices, timers, logger } = options
  const listeners = new Set<() => void>()
  const known: KnownGroups = new Map()
  const groups = new Map<string, readonly TargetGroup[]>()
  let current = noPrometheus
  let problems: readonly PrometheusProblem[] = []
  let isThere = false
  let path = pathNow()
  let last: Promise<void> = Promise.resolve()

  function pathNow(): string {
    const named = config.current().prometheus ?? defaultPrometheusFile
    return isAbsolute(named) ? named : join(config.directory, named)
  }

  /** One after the other. */
  function reload(): Promise<void> {
    last = last.then(read)
    return last
  }

  async function read(): Promise<void> {
    path = pathNow()
    const found: PrometheusProblem[] = []
    const text = await textOf(path)
    isThere = typeof text === 'string'
    if (typeof text === 'string') {
      const next = readPrometheus(path, text)
      found.push(...next.problems)
      current = next.isBroken ? current : withFormer(next, current)
    } else {
      const isGone = systemErrorCode(text.error) === 'ENOENT'
      if (config.current().prometheus !== null || !isGone) {
        const message = `expected a Prometheus configuration here, got ${systemErrorText(text.error)}`
        found.push({ level: 'error', file: path, line: null, message })
      }
      if (isGone) current = noPrometheus
    }
    groups.clear()
    for (const job of current.jobs) {
      const discovered = await readTargetFiles(job.targetFiles, known)
      found.push(...discovered.problems)
      groups.set(job.name, [...job.groups, ...discovered.groups])
    }
    problems = found
    tell()
    for (const listener of listeners) listener()
  }

  function tell(): void {
    const errors = problems.filter(({ level }) => level === 'error')
    if (errors.length === 0) {
      notices.withdraw(noticeId)
      return
    }
    const lines = errors.slice(0, mostTold).map(({ file, line, message }) => {
      const place = [file === path ? '' : file, line === null ? '' : `line ${line}`]
        .filter((part) => part !== '')
        .join(', ')
      return place === '' ? message : `${place}: ${message}`
    })
    const more = errors.length - lines.length
    notices.raise({
      id: noticeId,
      level: 'warning',
      title: 'Part of prometheus.yml is not used',
      message: [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'),
      source: { file: errors[0]?.file ?? path, line: errors[0]?.line ?? null },
    })
  }

  const patterns = () => current.jobs.flatMap(({ targetFiles }) => targetFiles)
  const stopWatching = watchFiles({
    directories: () => [...new Set([path, ...patterns()].map(dirname))],
    stamp: async () => stampOf([path, ...(await filesOf(patterns())), ...credentialFiles(current)]),
    onChange: reload,
    timers,
    logger,
  })
  const stopFollowing = config.onChange(() => {
    if (pathNow() === path) return
    reload().catch((error: unknown) => logger.error('prometheus.yml could not be read anew', { error }))
  })
  await reload()

  return {
    path: () => path,
    exists: () => isThere,
    config: () => current,
    groupsOf: ({ name }) => groups.get(name) ?? [],
    problems: () => problems,
    ruleFiles: () => current.ruleFiles,
    reload,
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close() {
      stopWatching()
      stopFollowing()
    },
  }
}

/** A job with a mistake runs on as it was before, if it was. */
function withFormer({ config, refused }: ReadPrometheus, former: PrometheusConfig): PrometheusConfig {
  const kept = former.jobs.filter(({ name }) => refused.includes(name) && !config.jobs.some((job) => job.name === name))
  return kept.length === 0 ? config : { ...config, jobs: [...config.jobs, ...kept] }
}

async function textOf(path: string): Promise<string | { readonly error: unknown }> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    return { error } // Told as a problem of the file.
  }
}

/** Certificates are read when a job begins: when they change, it begins anew. */
function credentialFiles({ jobs }: PrometheusConfig): string[] {
  return jobs.flatMap(({ http: { tls } }) => [tls.ca, tls.cert, tls.key].flatMap(({ file }) => file ?? []))
}
