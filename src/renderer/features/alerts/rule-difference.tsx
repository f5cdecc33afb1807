/** What saving a rule would write into its file, before it is written. */
import type { RuleDraft } from '#shared/contract/alerts.ts'
import { useCall } from '../../client/use-call.ts'
import { WhatSaveWrites } from '../../ui/what-save-writes.tsx'

/** `id`: the own rule that is edited; null: one that is new. */
export function RuleDifference({ id, rule }: { readonly id: string | null; readonly rule: RuleDraft }) {
  const preview = useCall('rules.preview', { id, rule })
  return <WhatSaveWrites of={preview} />
}
