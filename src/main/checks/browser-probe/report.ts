/** What crosses between the probe and the thread that drives the browser. */
import type { StepEvidence } from '#shared/contract/evidence.ts'
import type { BrowserConfig } from './config.ts'

export interface BrowserOrder {
  readonly config: BrowserConfig
  readonly executable: string
  /** A directory of this run alone: profile, caches and home of the browser; removed afterwards. */
  readonly directory: string
  /** For everything up to the last step. */
  readonly budgetMs: number
}

export interface PageTiming {
  /** From the start of the navigation, in milliseconds. */
  readonly firstByteMs: number
  readonly domMs: number
  readonly loadMs: number
}

export interface BrowserReport {
  /** Those that were taken; the first is the opening of the page. */
  readonly steps: readonly StepEvidence[]
  /** Why the last one ended as it did. */
  readonly code: string
  readonly timing: PageTiming | null
  readonly picture: { readonly jpeg: Uint8Array<ArrayBuffer>; readonly caption: string } | null
  readonly consoleErrors: readonly string[]
  readonly failedRequests: readonly string[]
}
