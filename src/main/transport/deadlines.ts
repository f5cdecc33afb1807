/**
 * Bounds every call in time. A handler that ignores its signal still loses its place: the caller has its answer when
 * the call's own deadline has passed, and the handler's late result is dropped.
 */
import type { Timers } from '#main/ports.ts'
import type { CallSpec, Contract } from '#shared/contract/define.ts'
import type { Reply } from '#shared/contract/wire.ts'
import type { Serve } from './serve.ts'

/** For calls that declare no `timeoutMs`. */
export const defaultCallTimeoutMs = 15_000

/** The same calls; one that outlives its deadline is aborted and answered `timeout`. */
export function withDeadlines(contract: Contract, serve: Serve, timers: Timers): Serve {
  return (name, input, caller, signal) => {
    const spec: CallSpec | undefined = Object.hasOwn(contract.calls, name) ? contract.calls[name] : undefined
    const timeoutMs = spec?.timeoutMs ?? defaultCallTimeoutMs
    const deadline = new AbortController()
    return new Promise((resolve) => {
      const stopTimer = timers.after(timeoutMs, () => {
        resolve(timedOut(name, timeoutMs))
        deadline.abort()
      })
      void serve(name, input, caller, AbortSignal.any([signal, deadline.signal])).then((reply) => {
        stopTimer()
        resolve(reply)
      })
    })
  }
}

function timedOut(name: string, timeoutMs: number): Reply {
  const message = `"${name}" was not answered within ${timeoutMs / 1000} s and was given up; try again.`
  return { ok: false, code: 'timeout', message, issues: [] }
}
