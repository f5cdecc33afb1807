/** The form of a draft as state: its value, what is wrong with it, its trial run, and saving with the way back. */
import { useRef, useState } from 'react'
import type { AppError, Issue } from '#shared/contract/errors.ts'
import { toast } from '../toasts.ts'
import { configOf, type DraftKind, emptyConfig, issuesOfDraft, type ReadDraft } from './draft.ts'
import { type JsonObject, sameJson } from './form-value.ts'
import { type LeaveGuard, useLeaveGuard } from './leave-guard.tsx'

/** How a command stands. */
interface Running {
  readonly isRunning: boolean
  readonly failure: AppError | null
}

export interface DraftFormState<Draft, Kind extends DraftKind, Tried> {
  readonly value: JsonObject
  readonly change: (value: JsonObject) => void
  readonly kind: Kind | null
  /** Keeps what was written for the kind before. */
  readonly chooseKind: (kind: string) => void
  readonly issues: readonly Issue[]
  readonly save: () => Promise<void>
  readonly saving: Running
  /** Shows what saving would write, or hides it again. */
  readonly togglePreview: () => void
  /** As it was when it was asked for; null: not asked for. */
  readonly previewed: Draft | null
  readonly tryNow: () => Promise<void>
  readonly trying: Running
  /** Of the newest trial. */
  readonly tried: Tried | null
  /** Whether the value has changed since that trial. */
  readonly isTrialOld: boolean
  readonly guard: LeaveGuard
}

interface DraftFormOptions<Draft, Kind extends DraftKind, Tried> {
  readonly isNew: boolean
  readonly kinds: readonly Kind[]
  readonly initial: JsonObject
  /** Even untouched it is worth a question before it is left. */
  readonly isCopy?: boolean
  readonly readDraft: (value: JsonObject) => ReadDraft<Draft>
  readonly saving: Running & { readonly clear: () => void }
  readonly trying: Running & { readonly clear: () => void }
  /** `before`: what the form began with, so that what somebody else has changed since is not written over. */
  readonly save: (draft: Draft, before: Draft | null) => Promise<Saved | null>
  readonly tryDraft: (draft: Draft) => Promise<Tried | null>
  /** Leads to what was saved. */
  readonly open: (id: string) => void
  /** Said of a new one. */
  readonly addedWords: (name: string) => string
  /** Undoes the adding. */
  readonly takeBack: (id: string) => void
  /** Undoes the changing. */
  readonly restore: (before: Draft) => void
}

interface Saved {
  readonly id: string
  readonly name: string
}

export function useDraftForm<Draft, Kind extends DraftKind, Tried>(
  options: DraftFormOptions<Draft, Kind, Tried>,
): DraftFormState<Draft, Kind, Tried> {
  const { isNew, kinds, initial, isCopy = false, readDraft, saving, trying } = options
  const [start] = useState(initial)
  const [value, setValue] = useState(initial)
  const [ownIssues, setOwnIssues] = useState<readonly Issue[]>([])
  const [previewed, setPreviewed] = useState<Draft | null>(null)
  const [trial, setTrial] = useState<{ readonly result: Tried; readonly of: JsonObject } | null>(null)
  const otherConfigs = useRef(new Map<string, JsonObject>())
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
  const read = (written: JsonObject): Draft | null => {
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
      if (draft === null) return
      const before = readDraft(start)
      const began = !isNew && before.ok ? before.draft : null
      const saved = await options.save(draft, began)
      if (!saved) return
      guard.release()
      options.open(saved.id)
      if (isNew) toast(options.addedWords(saved.name), () => options.takeBack(saved.id))
      else toast(`Saved "${saved.name}".`, began === null ? undefined : () => options.restore(began))
    },
    saving,
    togglePreview: () => setPreviewed(previewed === null ? read(value) : null),
    previewed,
    async tryNow() {
      // A trial needs no name, and is often the way to one.
      const name = typeof value['name'] === 'string' && value['name'].trim() !== '' ? value['name'] : 'Trial'
      const draft = read({ ...value, name })
      if (draft === null) return
      const result = await options.tryDraft(draft)
      if (result !== null) setTrial({ result, of: value })
    },
    trying,
    tried: trial?.result ?? null,
    isTrialOld: trial !== null && !sameJson(trial.of, value),
    guard,
  }
}
