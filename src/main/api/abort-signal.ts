/** Shared code names only the part of AbortSignal that it needs; services ask for the platform's own. */
import type { AbortSignalLike } from '#shared/contract/define.ts'

export function abortSignalOf(signal: AbortSignalLike): AbortSignal {
  if (signal instanceof AbortSignal) return signal
  const controller = new AbortController()
  if (signal.aborted) controller.abort()
  else signal.addEventListener('abort', () => controller.abort(), { once: true })
  return controller.signal
}
