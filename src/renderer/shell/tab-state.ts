/** What the browser's tab says while the page is in the background: the worst there is, how often, and on which screen. */
import type { AlertView } from '#shared/contract/alerts.ts'
import type { CheckView } from '#shared/contract/checks.ts'

type TabIcon = 'well' | 'degraded' | 'down' | 'unknown'

export interface TabState {
  readonly icon: TabIcon
  /** Such as `3 down`; empty while all is well. */
  readonly words: string
}

interface Sort {
  readonly word: string
  readonly icon: TabIcon
  readonly count: (checks: readonly CheckView[], firing: readonly AlertView[]) => number
}

/** Worst first: the first that occurs is told. */
const sorts: readonly Sort[] = [
  { word: 'down', icon: 'down', count: (checks) => checks.filter(({ state }) => state === 'down').length },
  { word: 'critical', icon: 'down', count: (_, firing) => severe(firing, 'critical') },
  { word: 'firing', icon: 'down', count: (_, firing) => severe(firing, 'error') },
  { word: 'degraded', icon: 'degraded', count: (checks) => checks.filter(({ state }) => state === 'degraded').length },
  { word: 'firing', icon: 'degraded', count: (_, firing) => severe(firing, 'warning') },
  // Nobody sees them: that is not well, whatever the others are.
  { word: 'not seen', icon: 'unknown', count: (checks) => checks.filter(isUnseen).length },
]

/** Null lists are not known yet. `isLive` false: what is known may be old, and so nothing is said of it. */
export function tabStateOf(
  checks: readonly CheckView[] | null,
  alerts: readonly AlertView[] | null,
  isLive: boolean,
): TabState {
  if (!isLive) return { icon: 'unknown', words: 'Not connected' }
  if (checks === null || alerts === null) return { icon: 'unknown', words: '' }
  const firing = alerts.filter(({ state }) => state === 'firing')
  for (const { word, icon, count } of sorts) {
    const found = count(checks, firing)
    if (found > 0) return { icon, words: `${found} ${word}` }
  }
  return { icon: 'well', words: '' }
}

/** `(3 down) Checks · Belfry`: what matters comes first, for a tab shows little. */
export function tabTitle({ words }: TabState, screen: string | null): string {
  return [words && `(${words})`, screen && `${screen} ·`, 'Belfry'].filter(Boolean).join(' ')
}

function isUnseen({ enabled, state, last }: CheckView): boolean {
  return enabled && (state === 'unknown' || (state === 'unobserved' && last !== null))
}

function severe(firing: readonly AlertView[], wanted: AlertView['severity']): number {
  return firing.filter(({ severity }) => severity === wanted).length
}
