/** Rules as they are evaluated: parsed, checked, with their templates compiled. */
import type { RuleDraft, RuleView } from '#shared/contract/alerts.ts'
import type { Template } from '#shared/domain/template/template.ts'
import type { Parsed } from '#shared/promql/parse.ts'

/** What an alert becomes while its rule finds no data at all. Only `keep` and `ok` speak of alerts that are active. */
type NoData = 'keep' | 'alert' | 'ok'
type OnError = 'keep' | 'alert'

export interface AlertingRule {
  readonly type: 'alert'
  /** `file;group;alert`, with `;2` and so on for further rules of that name in the group. */
  readonly id: string
  readonly name: string
  /** As it was written. */
  readonly draft: RuleDraft
  readonly parsed: Parsed
  readonly labels: Readonly<Record<string, Template>>
  readonly annotations: Readonly<Record<string, Template>>
  readonly noData: NoData
  readonly onError: OnError
  readonly cooldownMs: number
  /** Names of worse rules: while one of them fires for the same target, nobody is told of this one. */
  readonly supersededBy: readonly string[]
}

export interface RecordingRule {
  readonly type: 'record'
  readonly id: string
  /** The metric it writes. */
  readonly name: string
  readonly parsed: Parsed
  readonly labels: Readonly<Record<string, string>>
}

export type Rule = AlertingRule | RecordingRule

export interface RuleGroup {
  /** `file;group`. */
  readonly id: string
  readonly name: string
  readonly file: string
  readonly origin: RuleView['origin']
  readonly everyMs: number
  /** A rule that gives more series or alerts than this fails; 0: no limit. */
  readonly limit: number
  /** Rules look at the state of the world this long ago, so that samples that come late are there. */
  readonly queryOffsetMs: number
  readonly rules: readonly Rule[]
}

/** Something in a rule file that was left out, and why. */
export interface RuleProblem {
  readonly file: string
  /** 1-based; null when it is the whole file. */
  readonly line: number | null
  /** What was expected, what came. */
  readonly message: string
}

/** An alert that flaps is told again only after this long, unless its rule says otherwise. */
export const defaultCooldownMs = 15 * 60_000
