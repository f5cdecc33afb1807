/** What saving a rule would write into its file, before it is written. */
import type { RuleDraft } from '#shared/contract/alerts.ts'
import { useCall } from '../../client/use-call.ts'
import { cx } from '../../ui/class-names.ts'
import { Difference } from '../../ui/difference.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Answer } from '../../ui/placeholder.tsx'
import css from './rule-form.module.css'

/** `id`: the own rule that is edited; null: one that is new. */
export function RuleDifference({ id, rule }: { readonly id: string | null; readonly rule: RuleDraft }) {
  const preview = useCall('rules.preview', { id, rule })
  return (
    <Panel title="What Save writes">
      <Answer of={preview} what="The preview">
        {({ files }) =>
          files.length === 0 ? (
            <p className={cx(css['muted'])}>Nothing: the file says this already.</p>
          ) : (
            files.map(({ file, diff }) => <Difference key={file} file={file} diff={diff} />)
          )
        }
      </Answer>
    </Panel>
  )
}
