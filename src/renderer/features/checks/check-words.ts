/** How a check's states and instants are said. */
import type { CheckView } from '#shared/contract/checks.ts'
import { markWord } from '../../ui/state-mark.tsx'

const dayMs = 86_400_000

/** `unobserved` says more of a check than of a stretch of time: it is paused, or has yet to be looked at. */
export function checkStateWord(check: Pick<CheckView, 'state' | 'enabled' | 'last'>): string {
  if (!check.enabled) return 'Paused'
  if (check.state === 'unobserved' && check.last === null) return 'Waiting'
  return markWord(check.state)
}

/** Whole days left, rounded down, negative when it has expired. */
function daysLeft(expiresAt: number, now: number): number {
  return Math.floor((expiresAt - now) / dayMs)
}

/** How pressing a certificate is; the thresholds of the shipped rules. */
export function certificateUrgency(expiresAt: number, now: number): 'fine' | 'soon' | 'urgent' {
  const days = daysLeft(expiresAt, now)
  if (days < 7) return 'urgent'
  return days < 30 ? 'soon' : 'fine'
}

export function certificateWords(expiresAt: number, now: number): string {
  const days = daysLeft(expiresAt, now)
  if (days < 0) return days === -1 ? 'expired yesterday' : `expired ${-days} days ago`
  return days === 1 ? '1 day' : `${days} days`
}

/** "2 of 3 results say down": what is being confirmed. */
export function confirmingWords(confirming: NonNullable<CheckView['confirming']>): string {
  const { toward, seen, needed } = confirming
  return `${seen} of ${needed} ${needed === 1 ? 'result' : 'results'} ${seen === 1 ? 'says' : 'say'} ${markWord(toward).toLowerCase()}`
}

const phaseWords: Readonly<Record<string, string>> = {
  resolve: 'DNS',
  dns: 'DNS',
  connect: 'Connect',
  starttls: 'STARTTLS',
  tls: 'TLS',
  processing: 'First byte',
  firstByte: 'First byte',
  'first-byte': 'First byte',
  transfer: 'Transfer',
  setup: 'Set-up',
  rtt: 'Round trip',
}

/** The phase as a person calls it; a phase this screen has not heard of keeps its name. */
export function phaseWord(name: string): string {
  return phaseWords[name] ?? name.charAt(0).toUpperCase() + name.slice(1)
}
