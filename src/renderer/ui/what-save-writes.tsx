/** What saving would write into the configuration, before it is written. */
import type { ConfigEditInput } from '#shared/contract/config.ts'
import { type CallState, useCall } from '../client/use-call.ts'
import { cx } from './class-names.ts'
import { Difference } from './difference.tsx'
import { Panel } from './panel.tsx'
import { Answer } from './placeholder.tsx'
import css from './what-save-writes.module.css'

interface WrittenFiles {
  readonly files: readonly { readonly file: string; readonly diff: string }[]
}

export function WhatSaveWrites({ of }: { readonly of: CallState<WrittenFiles> }) {
  return (
    <Panel title="What Save writes">
      <Answer of={of} what="The preview">
        {({ files }) =>
          files.length === 0 ? (
            <p className={cx(css['nothing'])}>Nothing: the file says this already.</p>
          ) : (
            files.map(({ file, diff }) => <Difference key={file} file={file} diff={diff} />)
          )
        }
      </Answer>
    </Panel>
  )
}

/** The same, asked for: what an edit of the configuration would write. */
export function WhatEditWrites({ edit }: { readonly edit: ConfigEditInput }) {
  const preview = useCall('config.preview', { edit })
  return <WhatSaveWrites of={preview} />
}
