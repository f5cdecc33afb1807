/** What a prometheus.yml says of scraping, as Belfry uses it. */
import type { Labels } from '#shared/domain/series.ts'
import type { RelabelRule } from './relabel.ts'

export interface PrometheusProblem {
  /** `error`: the part is not used. `warning`: it has no effect here, or none yet. */
  readonly level: 'error' | 'warning'
  readonly file: string
  /** 1-based; null where the whole file is meant. */
  readonly line: number | null
  readonly message: string
}

export interface PrometheusConfig {
  readonly jobs: readonly ScrapeJob[]
  /** Absolute paths; globs allowed. */
  readonly ruleFiles: readonly string[]
  readonly externalLabels: Labels
  /** How often rules are evaluated that do not say. */
  readonly evaluationEveryMs: number
}

export interface ScrapeJob {
  readonly name: string
  /** Where it stands. */
  readonly line: number | null
  readonly everyMs: number
  readonly timeoutMs: number
  readonly metricsPath: string
  readonly scheme: string
  readonly params: Readonly<Record<string, readonly string[]>>
  readonly honorLabels: boolean
  readonly honorTimestamps: boolean
  readonly http: HttpSettings
  readonly groups: readonly TargetGroup[]
  /** Absolute paths of files of targets; globs allowed. */
  readonly targetFiles: readonly string[]
  readonly relabel: readonly RelabelRule[]
  readonly metricRelabel: readonly RelabelRule[]
  readonly limits: ScrapeLimits
}

export interface HttpSettings {
  readonly basicAuth: { readonly username: string; readonly password: SecretText } | null
  readonly authorization: { readonly type: string; readonly credentials: SecretText } | null
  readonly tls: TlsSettings
  readonly followRedirects: boolean
  readonly compression: boolean
}

/** Either the text itself or the file that holds it, which is read anew for each scrape. */
export interface SecretText {
  readonly text: string | null
  readonly file: string | null
}

export interface TlsSettings {
  readonly ca: SecretText
  readonly cert: SecretText
  readonly key: SecretText
  readonly serverName: string | null
  readonly insecureSkipVerify: boolean
}

/** 0: no limit. */
export interface ScrapeLimits {
  readonly bodyBytes: number
  readonly samples: number
  readonly labels: number
  readonly labelNameLength: number
  readonly labelValueLength: number
  readonly targets: number
}

/** Targets that share labels; `source` names where they come from. */
export interface TargetGroup {
  readonly source: string
  readonly targets: readonly string[]
  readonly labels: Labels
}
