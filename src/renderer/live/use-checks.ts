/**
 * All checks, kept up to date. Changes come one by one and are gathered, so that a console with ten thousand checks
 * redraws a few times a second and not a thousand times.
 */
import { useEffect, useRef } from 'react'
import type { CheckView } from '#shared/contract/checks.ts'
import { type CallState, useCall } from '../client/use-call.ts'
import { useEvent } from '../client/use-event.ts'

const gatherMs = 250

export function useChecks(): CallState<CheckView[]> {
  const checks = useCall('checks.list', {})
  const { patch } = checks
  const changes = useRef(new Map<string, CheckView | null>())
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const gather = (id: string, change: CheckView | null) => {
    changes.current.set(id, change)
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      const gathered = changes.current
      changes.current = new Map()
      patch((list) => applyChanges(list, gathered))
    }, gatherMs)
  }
  useEvent('checks.changed', (check) => gather(check.id, check))
  useEvent('checks.removed', ({ id }) => gather(id, null))
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      timer.current = undefined
    },
    [],
  )
  return checks
}

/** The list with each changed check in its place, new ones at the end; null takes a check away. */
export function applyChanges(list: readonly CheckView[], changes: ReadonlyMap<string, CheckView | null>): CheckView[] {
  const known = new Set(list.map(({ id }) => id))
  const kept = list.flatMap((check) => {
    const change = changes.get(check.id)
    if (change === undefined) return [check]
    return change === null ? [] : [change]
  })
  const added = [...changes.values()].filter((change) => change !== null)
  return [...kept, ...added.filter(({ id }) => !known.has(id))]
}
