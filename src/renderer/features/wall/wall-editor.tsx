/** What a wall shows, changed beside a live picture of it. Saved into belfry.yaml, with the way back. */
import { ExternalLink, Plus, Save } from 'lucide-react'
import { useDeferredValue, useRef, useState } from 'react'
import type { Wall } from '#shared/contract/walls.ts'
import { useCommand } from '../../client/use-command.ts'
import { useMay } from '../../live/use-role.ts'
import { Link } from '../../navigation/link.tsx'
import { navigate } from '../../navigation/location.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Segmented, Switch, TextField } from '../../ui/fields.tsx'
import { useLeaveGuard } from '../../ui/form/leave-guard.tsx'
import { Panel } from '../../ui/panel.tsx'
import { toast } from '../../ui/toasts.ts'
import { PageEditor } from './page-editor.tsx'
import { WallDisplaysPanel, WallLinks } from './wall-access.tsx'
import { copyOf, draftOf, newPage, type PageDraft, readDraft, type WallDraft } from './wall-draft.ts'
import { WallPreview } from './wall-preview.tsx'
import css from './walls-screen.module.css'

const themes = [
  { id: 'dark', label: 'Dark' },
  { id: 'light', label: 'Light' },
] as const

interface WallEditorProps {
  readonly initial: Wall
  /** Null for one that is not saved yet. */
  readonly savedName: string | null
}

export function WallEditor({ initial, savedName }: WallEditorProps) {
  const [draft, setDraft] = useState<WallDraft>(() => draftOf(initial))
  const [shown, setShown] = useState(0)
  const save = useCommand('walls.save')
  const isOperator = useMay('operator')
  const read = readDraft(draft)
  const lastGood = useRef(initial)
  if (read.ok) lastGood.current = read.wall
  const previewed = useDeferredValue(lastGood.current)
  const isDirty = savedName === null || !read.ok || JSON.stringify(read.wall) !== JSON.stringify(initial)
  const guard = useLeaveGuard(isDirty && savedName !== null)
  const problems = read.ok ? new Map<string, string>() : read.problems
  const set = (change: Partial<WallDraft>) => setDraft((before) => ({ ...before, ...change }))
  const setPages = (change: (pages: readonly PageDraft[]) => readonly PageDraft[]) =>
    setDraft((before) => ({ ...before, pages: change(before.pages) }))

  const commit = async () => {
    if (!read.ok) return
    const saved = await save.run({ name: savedName, wall: read.wall })
    if (!saved) return
    guard.release()
    toast(
      'The wall was saved.',
      savedName === null ? undefined : () => void save.run({ name: saved.name, wall: initial }),
    )
    navigate('wallEdit', { name: saved.name })
  }

  return (
    <div className={cx(css['editor'])}>
      <div className={cx(css['stack'])}>
        <Panel
          title={savedName === null ? 'New wall' : initial.title}
          actions={
            <>
              {savedName !== null && (
                <Link to="wall" params={{ name: savedName }} title="Escape brings you back" className={cx(css['open'])}>
                  <ExternalLink size={14} aria-hidden /> Open the wall
                </Link>
              )}
              <Button
                size="small"
                variant="primary"
                icon={Save}
                isDisabled={!read.ok || !isDirty || !isOperator || save.isRunning}
                onPress={() => void commit()}
              >
                Save
              </Button>
            </>
          }
        >
          {save.failure && (
            <p className={cx(css['warning'])} role="alert">
              {save.failure.message}
            </p>
          )}
          <div className={cx(css['fields'])}>
            <TextField
              label="Title"
              value={draft.title}
              onChange={(title) => set({ title })}
              problem={problems.get('title') ?? null}
            />
            <TextField
              label="Address"
              hint={savedName === null ? 'wall/ and this name' : 'A new name ends the links made for the old one.'}
              value={draft.name}
              onChange={(name) => set({ name })}
              isMono
              problem={problems.get('name') ?? null}
            />
            <TextField
              label="Screen diagonal"
              type="number"
              unit="inches"
              value={draft.diagonal}
              onChange={(diagonal) => set({ diagonal })}
              problem={problems.get('diagonalInches') ?? null}
            />
            <TextField
              label="Read from"
              type="number"
              unit="metres"
              value={draft.distance}
              onChange={(distance) => set({ distance })}
              problem={problems.get('distanceMetres') ?? null}
            />
            <TextField
              label="Time zone"
              hint="local, UTC or a name such as Europe/Berlin"
              value={draft.timeZone}
              onChange={(timeZone) => set({ timeZone })}
              problem={problems.get('timeZone') ?? null}
            />
            <TextField
              label="Show what breaks large for"
              hint="0 s: never"
              value={draft.autofocus}
              onChange={(autofocus) => set({ autofocus })}
              problem={problems.get('autofocusMs') ?? null}
            />
            <Segmented label="Theme" options={themes} value={draft.theme} onChange={(theme) => set({ theme })} />
            <Switch label="Drift against burn-in" isOn={draft.drift} onChange={(drift) => set({ drift })} />
          </div>
        </Panel>
        <Panel
          title="Pages"
          note="One after the other"
          actions={
            <Button size="small" icon={Plus} onPress={() => setPages((pages) => [...pages, newPage('checks')])}>
              Add a page
            </Button>
          }
        >
          <ol className={cx(css['stack'])}>
            {draft.pages.map((page, index) => (
              <PageEditor
                key={page.id}
                page={page}
                index={index}
                count={draft.pages.length}
                isShown={index === shown}
                problems={problems}
                onChange={(next) => setPages((pages) => pages.map((one) => (one.id === page.id ? next : one)))}
                onMove={(by) => {
                  setPages((pages) => moved(pages, index, by))
                  if (shown === index) setShown(index + by)
                }}
                onCopy={() => setPages((pages) => pages.toSpliced(index + 1, 0, copyOf(page)))}
                onRemove={() => {
                  setPages((pages) => pages.filter((one) => one.id !== page.id))
                  toast('The page was taken out.', () => setPages((pages) => pages.toSpliced(index, 0, page)))
                }}
                onShow={() => setShown(index)}
              />
            ))}
          </ol>
        </Panel>
      </div>
      <div className={cx(css['stack'])}>
        <Panel
          title="Preview"
          note={`Page ${Math.min(shown, previewed.pages.length - 1) + 1} of ${previewed.pages.length}`}
        >
          <WallPreview wall={previewed} page={Math.min(shown, previewed.pages.length - 1)} />
        </Panel>
        {savedName !== null && <WallLinks name={savedName} />}
        {savedName !== null && <WallDisplaysPanel name={savedName} />}
      </div>
      {guard.question}
    </div>
  )
}

function moved(pages: readonly PageDraft[], index: number, by: 1 | -1): readonly PageDraft[] {
  const page = pages[index]
  return page ? pages.toSpliced(index, 1).toSpliced(index + by, 0, page) : pages
}
