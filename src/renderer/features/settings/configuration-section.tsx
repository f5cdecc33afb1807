/** The configuration as files: what is wrong in them, what stands in them, and what screens wrote, with the way back. */
import { Copy, FileText, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { ConfigEditView } from '#shared/contract/config.ts'
import type { OutputOf } from '#shared/contract/index.ts'
import { useCall } from '../../client/use-call.ts'
import { useCommand } from '../../client/use-command.ts'
import { formatInstant } from '../../format/instant.ts'
import { useMay } from '../../live/use-role.ts'
import { useZone } from '../../theme/appearance.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Difference } from '../../ui/difference.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Answer, EmptyState } from '../../ui/placeholder.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { toast, toastFailure } from '../../ui/toasts.ts'
import css from './configuration.module.css'
import { SettingBlock } from './setting-row.tsx'

const followed = { on: { 'config.changed': 'refetch' } } as const

export function ConfigurationSection() {
  return (
    <SettingBlock keywords="configuration files belfry.yaml conf.d problems undo changes diff export secrets">
      <Problems />
      <Files />
      <Edits />
    </SettingBlock>
  )
}

function Problems() {
  const problems = useCall('config.problems', {}, followed)
  return (
    <Panel title="State of the files">
      <Answer of={problems} what="The state of the files">
        {({ problems: found, isLastGoodKept }) =>
          found.length === 0 ? (
            <p>
              <StateMark state="up" word="Good" />{' '}
              <span className={cx(css['muted'])}>All that is written is in use.</span>
            </p>
          ) : (
            <>
              <p className={cx(css['lead'])}>
                {isLastGoodKept ? (
                  <StateMark state="down" word="Not in use" />
                ) : (
                  <StateMark state="degraded" word="Partly in use" />
                )}{' '}
                {isLastGoodKept
                  ? 'What ran before the last change on disk runs on until this is mended.'
                  : 'What is wrong was left out; the rest is used.'}
              </p>
              <ul className={cx(css['problems'])}>
                {found.map(({ file, line, column, path, message }) => (
                  <li key={`${file} ${line} ${path} ${message}`}>
                    <code>{[nameOf(file), line, column].filter((part) => part !== null).join(':')}</code>
                    {path !== '' && <code className={cx(css['muted'])}> {path}</code>}
                    <div>{message}</div>
                  </li>
                ))}
              </ul>
            </>
          )
        }
      </Answer>
    </Panel>
  )
}

function Files() {
  const isAdmin = useMay('admin')
  const source = useCall('config.source', {}, { ...followed, isEnabled: isAdmin })
  return (
    <Panel title="Files" note={source.data?.directory} isPadded={false}>
      {isAdmin ? (
        <Answer of={source} what="The files">
          {(files) => <FileTabs {...files} />}
        </Answer>
      ) : (
        <EmptyState title="Only an admin sees the files">Your role here does not suffice.</EmptyState>
      )}
    </Panel>
  )
}

function FileTabs({ files }: OutputOf<'config.source'>) {
  const [selected, setSelected] = useState<string | null>(null)
  const [first] = files
  if (!first)
    return (
      <EmptyState icon={FileText} title="There is no file yet">
        Everything has its default. The first change made here writes belfry.yaml; you may also write it by hand.
      </EmptyState>
    )
  const shown = files.find(({ name }) => name === selected) ?? first
  return (
    <div className={cx(css['files'])}>
      <Tabs
        label="Files"
        selected={shown.name}
        onSelect={setSelected}
        items={files.map(({ name, text }) => ({
          id: name,
          label: name,
          content: <FileView name={name} text={text} />,
        }))}
      />
    </div>
  )
}

function FileView({ name, text }: { readonly name: string; readonly text: string }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      toast(`Copied ${name}.`)
    } catch (error) {
      toastFailure(`${name} could not be copied: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return (
    <div className={cx(css['file'])}>
      <div className={cx(css['copy'])}>
        <Button size="small" icon={Copy} onPress={copy}>
          Copy
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
      <pre className={cx(css['text'])} tabIndex={0}>
        {text.split('\n').map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
          <span key={index} className={cx(css['line'])} data-line={index + 1}>
            {line}
            {'\n'}
          </span>
        ))}
      </pre>
    </div>
  )
}

function Edits() {
  const mayOperate = useMay('operator')
  const edits = useCall('config.edits', {}, { ...followed, isEnabled: mayOperate })
  const undo = useCommand('config.undo')
  if (!mayOperate) return null
  const takeBack = async ({ id, summary }: ConfigEditView) => {
    const done = await undo.run({ id })
    if (done) toast(`Taken back: ${summary}`)
  }
  return (
    <Panel title="Changes from here" note="Since Belfry started, newest first">
      <Answer of={edits} what="The changes">
        {(list) =>
          list.length === 0 ? (
            <p className={cx(css['muted'])}>Nothing was changed from a screen yet.</p>
          ) : (
            <ol className={cx(css['edits'])}>
              {list.map((edit) => (
                <Edit key={edit.id} edit={edit} isBusy={undo.isRunning} onUndo={() => void takeBack(edit)} />
              ))}
            </ol>
          )
        }
      </Answer>
      {undo.failure && (
        <p className={cx(css['problem'])} role="alert">
          {undo.failure.message}
        </p>
      )}
    </Panel>
  )
}

function Edit(props: { readonly edit: ConfigEditView; readonly isBusy: boolean; readonly onUndo: () => void }) {
  const { edit, isBusy, onUndo } = props
  const zone = useZone()
  return (
    <li>
      <details className={cx(css['edit'])}>
        <summary>
          <span className={cx(css['what'])}>{edit.summary}</span>
          <time className={cx(css['muted'])}>{formatInstant(edit.at, zone)}</time>
        </summary>
        {edit.refusal !== null && <p className={cx(css['muted'])}>{edit.refusal}</p>}
        {edit.restores.map(({ file, diff }) => (
          <Difference key={file} file={nameOf(file)} diff={diff} />
        ))}
        {edit.refusal === null && (
          <Button size="small" icon={Undo2} isPending={isBusy} onPress={onUndo}>
            Take it back
          </Button>
        )}
      </details>
    </li>
  )
}

/** The last part of a path, of either system. */
function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}
