import type { CheckView } from '#shared/contract/checks.ts'
import { isTooOld } from '#shared/domain/data-age.ts'
import { useAtNow } from '../format/use-now.ts'
import { consoleTime } from './console-time.ts'

type Aged = Pick<CheckView, 'enabled' | 'last' | 'everyMs'>

/** Whether what is known of a check is older than two of its intervals. Draws anew only when that changes. */
export function useIsOld({ enabled, last, everyMs }: Aged): boolean {
  return useAtNow((now) => enabled && isTooOld(last?.at ?? null, everyMs, consoleTime(now)))
}

/** How old the last result of a check is, in whole seconds as ms; null when there is none. */
export function useAge({ last }: Pick<CheckView, 'last'>): number | null {
  return useAtNow((now) => (last === null ? null : Math.floor(Math.max(0, consoleTime(now) - last.at) / 1000) * 1000))
}
