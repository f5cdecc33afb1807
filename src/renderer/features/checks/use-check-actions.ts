/** What can be done with checks from a list or a page. Each says what it did and offers the way back. */
import { useMemo } from 'react'
import type { CheckResult, CheckView } from '#shared/contract/checks.ts'
import { useClient } from '../../client/client-context.tsx'
import type { Client } from '../../client/connect.ts'
import { markWord } from '../../ui/state-mark.tsx'
import { attempted, toast, toastFailure } from '../../ui/toasts.ts'
import { type RanMany, runMany } from './run-many.ts'

export interface CheckActions {
  setEnabled(checks: readonly CheckView[], enabled: boolean): Promise<void>
  /** Resolves when the checks are gone (or the failure was said). */
  remove(checks: readonly CheckView[]): Promise<void>
  runNow(checks: readonly CheckView[]): Promise<readonly CheckResult[]>
}

export function useCheckActions(): CheckActions {
  const client = useClient()
  return useMemo(() => actionsOver(client), [client])
}

function actionsOver(client: Client): CheckActions {
  const setEnabled = async (checks: readonly CheckView[], enabled: boolean) => {
    const changing = checks.filter((check) => check.enabled !== enabled)
    if (changing.length === 0) return toast(`Nothing to ${enabled ? 'resume' : 'pause'}.`)
    const ids = changing.map(({ id }) => id)
    const done = await attempted(() => client.call('checks.setEnabled', { ids, enabled }))
    if (!done) return
    toast(`${enabled ? 'Resumed' : 'Paused'} ${counted(changing)}.`, () =>
      attempted(() => client.call('checks.setEnabled', { ids, enabled: !enabled })),
    )
  }
  const remove = async (checks: readonly CheckView[]) => {
    const removed = await runMany(checks, ({ id }) => client.call('checks.remove', { id }))
    sayFailures('removed', removed.failed)
    if (removed.done.length === 0) return
    const gone = removed.done.map(({ item }) => item)
    toast(`Removed ${counted(gone)}. The history is kept.`, async () => {
      const restored = await runMany(removed.done, ({ answer: { id, draft } }) =>
        client.call('checks.save', { id, draft }),
      )
      const failed = restored.failed.map(({ item, error }) => ({ item: item.item, error }))
      sayFailures('brought back', failed)
    })
  }
  const runNow = async (checks: readonly CheckView[]) => {
    const ran = await runMany(checks, ({ id }) => client.call('checks.run', { id }))
    sayFailures('run', ran.failed)
    const results = ran.done.map(({ answer }) => answer)
    const [only] = results
    if (only && results.length === 1)
      toast(`${checks[0]?.name ?? 'Check'}: ${markWord(only.outcome)}. ${only.reason.message}`)
    else if (results.length > 0) toast(`Ran ${results.length} checks: ${outcomeCounts(results)}.`)
    return results
  }
  return { setEnabled, remove, runNow }
}

function sayFailures(verb: string, failed: RanMany<CheckView, unknown>['failed']): void {
  const [first] = failed
  if (!first) return
  const which = failed.length === 1 ? `"${first.item.name}"` : `${failed.length} checks`
  toastFailure(`${which} could not be ${verb}: ${first.error.message}`)
}

function counted(checks: readonly CheckView[]): string {
  const [first] = checks
  return first && checks.length === 1 ? `"${first.name}"` : `${checks.length} checks`
}

/** "3 up, 1 down", worst last. */
function outcomeCounts(results: readonly CheckResult[]): string {
  return (['up', 'degraded', 'unknown', 'down'] as const)
    .map((outcome) => ({ outcome, count: results.filter((result) => result.outcome === outcome).length }))
    .filter(({ count }) => count > 0)
    .map(({ outcome, count }) => `${count} ${markWord(outcome).toLowerCase()}`)
    .join(', ')
}
