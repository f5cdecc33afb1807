/** The form of a collector as state: its value, what is wrong with it, its trial run, and saving with the way back. */
import { useRef, useState } from 'react'
import type { CollectorDraft, CollectorKindView, CollectorTrial } from '#shared/contract/collectors.ts'
import type { Issue } from '#shared/contract/errors.ts'
import { useClient } from '../../client/client-context.tsx'
import { type Command, useCommand } from '../../client/use-command.ts'
import { navigate } from '../../navigation/location.ts'
import { type JsonObject, sameJson } from '../../ui/form/form-value.ts'
import { type LeaveGuard, useLeaveGuard } from '../../ui/form/leave-guard.tsx'
import { toast } from '../../ui/toasts.ts'
import { configOf, emptyConfig, readDraft } from './collector-draft.ts'
import { attempted } from './use-collector-actions.ts'

export interface CollectorFormState {
  readonly value: JsonObject
  readonly change: (value: JsonObject) => void
  readonly kind: CollectorKindView | null
  /** Keeps what was written for the kind before. */
  readonly chooseKind: (kind: string) => void
  readonly issues: readonly Issue[]
  readonly save: () => Promise<void>
  readonly saving: Command<'collectors.save'>
  /** Shows what saving would write, or hides it again. */
  readonly togglePreview: () => void
  /** As it was when it was asked for; null: not asked for. */
  readonly previewed: CollectorDraft | null
  readonly tryNow: () => Promise<void>
  readonly trying: Command<'collectors.try'>
  /** Of the newest trial. */
  readonly tried: CollectorTrial | null
  /** Whether the value has changed since that trial. */
  readonly isTrialOld: boolean
  readonly guard: LeaveGuard
}

interface CollectorFormOptions {
  /** Null: a new collector. */
  readonly id: string | null
  readonly kinds: readonly CollectorKindView[]
  readonly initial: JsonObject
}

export function useCollectorForm({ id, kinds, initial }: CollectorFormOptions): CollectorFormState {
  const client = useClient()
  const [start] = useState(initial)
  const [value, setValue] = useState(initial)
  const [ownIssues, setOwnIssues] = useState<readonly Issue[]>([])
  const [previewed, setPreviewed] = useState<CollectorDraft | null>(null)
  const [trial, setTrial] = useState<{ readonly result: CollectorTrial; readonly of: JsonObject } | null>(null)
  const otherConfigs = useRef(new Map<string, JsonObject>())
  const saving = useCommand('collectors.save')
  const trying = useCommand('collectors.try')
  const guard = useLeaveGuard(!sameJson(value, start))
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
  const read = (written: JsonObject): CollectorDraft | null => {
    forgetIssues()
    const draft = readDraft(written)
    if (draft.ok) return draft.draft
    setOwnIssues(draft.issues)
    return null
  }
  // The console names paths from the call's input on; the form begins at the draft.
  const told = [...(saving.failure?.issues ?? []), ...(trying.failure?.issues ?? [])].map(({ path, message }) => ({
    path: path.replace(/^draft\./, ''),
    message,
  }))
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
    issues: [...ownIssues, ...told],
    async save() {
      const draft = read(value)
      const before = readDraft(start)
      // What the form began with: a collector that somebody else has changed since is not written over.
      const began = id !== null && before.ok ? before.draft : null
      const saved = draft && (await saving.run({ id, draft, before: began }))
      if (!saved) return
      guard.release()
      navigate('collector', { id: saved.id })
      if (id === null) {
        toast(`"${saved.name}" is read from now on.`, async () => {
          if (await attempted(() => client.call('collectors.remove', { id: saved.id }))) navigate('collectors')
        })
        return
      }
      const restore = began ? () => attempted(() => client.call('collectors.save', { id, draft: began })) : undefined
      toast(`Saved "${saved.name}".`, restore)
    },
    saving,
    togglePreview: () => setPreviewed(previewed === null ? read(value) : null),
    previewed,
    async tryNow() {
      // A trial needs no name, and is often the way to one.
      const name = typeof value['name'] === 'string' && value['name'].trim() !== '' ? value['name'] : 'Trial'
      const draft = read({ ...value, name })
      const result = draft && (await trying.run({ id, draft }))
      if (result) setTrial({ result, of: value })
    },
    trying,
    tried: trial?.result ?? null,
    isTrialOld: trial !== null && !sameJson(trial.of, value),
    guard,
  }
}
