/** The form of a check as state: its value, what is wrong with it, its trial run, and saving with the way back. */
import { useRef, useState } from 'react'
import type { CheckDraft, CheckKindView, CheckResult } from '#shared/contract/checks.ts'
import { AppError, type Issue } from '#shared/contract/errors.ts'
import { useClient } from '../../client/client-context.tsx'
import { type Command, useCommand } from '../../client/use-command.ts'
import { navigate } from '../../navigation/location.ts'
import { type JsonObject, sameJson } from '../../ui/form/form-value.ts'
import { type LeaveGuard, useLeaveGuard } from '../../ui/form/leave-guard.tsx'
import { toast, toastFailure } from '../../ui/toasts.ts'
import { configOf, emptyConfig, issuesOfDraft, readDraft } from './check-draft.ts'

export interface CheckFormState {
  readonly value: JsonObject
  readonly change: (value: JsonObject) => void
  readonly kind: CheckKindView | null
  /** Keeps what was written for the kind before. */
  readonly chooseKind: (kind: string) => void
  readonly issues: readonly Issue[]
  readonly save: () => Promise<void>
  readonly saving: Command<'checks.save'>
  /** Shows what saving would write, or hides it again. */
  readonly togglePreview: () => void
  /** As it was when it was asked for; null: not asked for. */
  readonly previewed: CheckDraft | null
  readonly tryNow: () => Promise<void>
  readonly trying: Command<'checks.try'>
  /** Of the newest trial. */
  readonly tried: CheckResult | null
  /** Whether the value has changed since that trial. */
  readonly isTrialOld: boolean
  readonly guard: LeaveGuard
}

interface CheckFormOptions {
  /** Null: a new check. */
  readonly id: string | null
  readonly kinds: readonly CheckKindView[]
  readonly initial: JsonObject
  /** Even untouched it is worth a question before it is left. */
  readonly isCopy: boolean
}

export function useCheckForm({ id, kinds, initial, isCopy }: CheckFormOptions): CheckFormState {
  const client = useClient()
  const [start] = useState(initial)
  const [value, setValue] = useState(initial)
  const [ownIssues, setOwnIssues] = useState<readonly Issue[]>([])
  const [previewed, setPreviewed] = useState<CheckDraft | null>(null)
  const [trial, setTrial] = useState<{ readonly result: CheckResult; readonly of: JsonObject } | null>(null)
  const otherConfigs = useRef(new Map<string, JsonObject>())
  const saving = useCommand('checks.save')
  const trying = useCommand('checks.try')
  const guard = useLeaveGuard(isCopy || !sameJson(value, start))
  const kind = kinds.find((candidate) => candidate.kind === value['kind']) ?? null

  const forgetIssues = () => {
    setOwnIssues([])
    saving.clear()
    trying.clear()
  }
  const change = (next: JsonObject) => {
    setValue(next)
    setPreviewed(null)
    forgetIssues()
  }
  const read = (written: JsonObject): CheckDraft | null => {
    forgetIssues()
    const draft = readDraft(written)
    if (draft.ok) return draft.draft
    setOwnIssues(draft.issues)
    return null
  }
  return {
    value,
    change,
    kind,
    chooseKind(next) {
      const chosen = kinds.find((candidate) => candidate.kind === next)
      if (!chosen) return
      if (kind) otherConfigs.current.set(kind.kind, configOf(value))
      change({ ...value, kind: next, config: otherConfigs.current.get(next) ?? emptyConfig(chosen) })
    },
    issues: [...ownIssues, ...issuesOfDraft([...(saving.failure?.issues ?? []), ...(trying.failure?.issues ?? [])])],
    async save() {
      const draft = read(value)
      const before = readDraft(start)
      // What the form began with: a check that somebody else has changed since is not written over.
      const began = id !== null && before.ok ? before.draft : null
      const saved = draft && (await saving.run({ id, draft, before: began }))
      if (!saved) return
      guard.release()
      navigate('check', { id: saved.id })
      if (id === null) {
        toast(`"${saved.name}" is checked from now on.`, async () => {
          if (await told(client.call('checks.remove', { id: saved.id }))) navigate('checks')
        })
        return
      }
      const restore = began ? () => told(client.call('checks.save', { id, draft: began })) : undefined
      toast(`Saved "${saved.name}".`, restore)
    },
    saving,
    togglePreview: () => setPreviewed(previewed === null ? read(value) : null),
    previewed,
    async tryNow() {
      // A trial needs no name, and is often the way to one.
      const name = typeof value['name'] === 'string' && value['name'].trim() !== '' ? value['name'] : 'Trial'
      const draft = read({ ...value, name })
      const result = draft && (await trying.run({ draft }))
      if (result) setTrial({ result, of: value })
    },
    trying,
    tried: trial?.result ?? null,
    isTrialOld: trial !== null && !sameJson(trial.of, value),
    guard,
  }
}

/** Whether the call was answered; a failure is said in a toast. */
async function told(call: Promise<unknown>): Promise<boolean> {
  try {
    await call
    return true
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    toastFailure(error.message)
    return false
  }
}
