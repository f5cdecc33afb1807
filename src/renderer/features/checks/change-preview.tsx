/** What saving a check would write into the configuration, before it is written. */
import type { CheckDraft } from '#shared/contract/checks.ts'
import { useCall } from '../../client/use-call.ts'
import { cx } from '../../ui/class-names.ts'
import { Difference } from '../../ui/difference.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Answer } from '../../ui/placeholder.tsx'
import css from './check-form.module.css'

/** `id`: the check that is edited; null: a new one. */
export function ChangePreview({ id, draft }: { readonly id: string | null; readonly draft: CheckDraft }) {
  const preview = useCall('config.preview', { edit: { edit: 'saveCheck', id, draft } })
  return (
    <Panel title="What Save writes">
      <Answer of={preview} what="The preview">
        {({ files }) =>
          files.length === 0 ? (
            <p className={cx(css['hint'])}>Nothing: the file says this already.</p>
          ) : (
            files.map(({ file, diff }) => <Difference key={file} file={file} diff={diff} />)
          )
        }
      </Answer>
    </Panel>
  )
}
