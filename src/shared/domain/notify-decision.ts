/**
 * Whether somebody is told of an alert now: a line of named stages, each of which may hold the message back and says
 * why. A message that is held back is owed: the line is asked again with every evaluation, so that an alert which still
 * fires when a snooze or a cooldown ends is told then. Uplink, dependencies, silences and routes join the line later.
 */
import type { Severity } from '../contract/common.ts'
import { compareSeverity } from './severity.ts'

export interface Acknowledged {
  readonly by: string
  readonly at: number
  /** When it lapses; null: with the episode. */
  readonly until: number | null
}

/** All a stage may know of the alert. Instants are epoch ms. */
export interface Telling {
  readonly event: 'fired' | 'resolved'
  readonly severity: Severity
  /** Whether this episode's firing was told. */
  readonly firingToldAt: number | null
  readonly acknowledgement: Acknowledged | null
  readonly snoozedUntil: number | null
  /** When any episode of the same rule and target was last told as firing. */
  readonly lastToldAt: number | null
  readonly cooldownMs: number
  /** A worse rule that fires for the same target. */
  readonly supersededBy: string | null
}

export interface TellingPolicy {
  readonly leastSeverity: Severity
  readonly resolved: boolean
  /** Quiet hours that hold now: when they end, and the least severity that is told all the same. */
  readonly quiet: { readonly until: number; readonly except: Severity } | null
}

type SuppressionReason =
  | 'resolved-untold'
  | 'resolved-unwanted'
  | 'severity'
  | 'superseded'
  | 'acknowledged'
  | 'snoozed'
  | 'quiet'
  | 'cooldown'

export interface Suppression {
  readonly reason: SuppressionReason
  /** When the reason ends by itself; null: it does not. */
  readonly until: number | null
  /** The rule that superseded it. */
  readonly by?: string | undefined
}

type Stage = (telling: Telling, policy: TellingPolicy, at: number) => Suppression | null

const stages: readonly Stage[] = [
  resolvedUntold,
  resolvedUnwanted,
  tooMild,
  superseded,
  acknowledged,
  snoozed,
  inQuietHours,
  coolingDown,
]

/** Null: tell it. Otherwise the first stage that held it back. */
export function suppressionOf(telling: Telling, policy: TellingPolicy, at: number): Suppression | null {
  for (const stage of stages) {
    const suppression = stage(telling, policy, at)
    if (suppression) return suppression
  }
  return null
}

/** Whether an acknowledgement holds at an instant. */
export function isAcknowledged(acknowledgement: Acknowledged | null, at: number): acknowledgement is Acknowledged {
  return acknowledgement !== null && (acknowledgement.until === null || at < acknowledgement.until)
}

/** The end of what nobody was told the beginning of is no news. */
function resolvedUntold({ event, firingToldAt }: Telling): Suppression | null {
  return event === 'resolved' && firingToldAt === null ? { reason: 'resolved-untold', until: null } : null
}

function resolvedUnwanted({ event }: Telling, policy: TellingPolicy): Suppression | null {
  return event === 'resolved' && !policy.resolved ? { reason: 'resolved-unwanted', until: null } : null
}

function tooMild({ severity }: Telling, policy: TellingPolicy): Suppression | null {
  return compareSeverity(severity, policy.leastSeverity) < 0 ? { reason: 'severity', until: null } : null
}

/** One trouble is told once, by its worst name. When the worse rule is over and this one still fires, it is told. */
function superseded({ event, supersededBy }: Telling): Suppression | null {
  return event === 'resolved' || supersededBy === null ? null : { reason: 'superseded', until: null, by: supersededBy }
}

/** Whoever holds it knows that it fires; that it is over is news to everybody. */
function acknowledged({ event, acknowledgement }: Telling, _policy: TellingPolicy, at: number): Suppression | null {
  if (event === 'resolved' || !isAcknowledged(acknowledgement, at)) return null
  return { reason: 'acknowledged', until: acknowledgement.until }
}

function snoozed({ snoozedUntil }: Telling, _policy: TellingPolicy, at: number): Suppression | null {
  return snoozedUntil !== null && at < snoozedUntil ? { reason: 'snoozed', until: snoozedUntil } : null
}

/** What is over makes no sound, so it may be told at night. */
function inQuietHours({ event, severity }: Telling, { quiet }: TellingPolicy): Suppression | null {
  if (event === 'resolved' || quiet === null || compareSeverity(severity, quiet.except) >= 0) return null
  return { reason: 'quiet', until: quiet.until }
}

/** An alert that flaps is told once per cooldown. A clock that was set back does not prolong it. */
function coolingDown(
  { event, lastToldAt, cooldownMs }: Telling,
  _policy: TellingPolicy,
  at: number,
): Suppression | null {
  if (event === 'resolved' || lastToldAt === null || lastToldAt > at) return null
  const until = lastToldAt + cooldownMs
  return at < until ? { reason: 'cooldown', until } : null
}
