/** One dashboard: looked at, and changed in place. */
import { useMemo, useState } from 'react'
import type { DashboardView } from '#shared/contract/dashboards.ts'
import type { Dashboard } from '#shared/domain/dashboard/dashboard.ts'
import { compacted, freeId, freePlace, shownPanels, withHidden } from '#shared/domain/dashboard/layout.ts'
import type { Panel } from '#shared/domain/dashboard/panels.ts'
import { repeatedPanels, type ShownPanel } from '#shared/domain/dashboard/repeat.ts'
import { parseDurationMs } from '#shared/promql/duration.ts'
import { useClient } from '../../client/client-context.tsx'
import { useCall } from '../../client/use-call.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { useMay } from '../../live/use-role.ts'
import { navigate, replaceQuery, usePlace } from '../../navigation/location.ts'
import { useZone } from '../../theme/appearance.ts'
import { useRange } from '../../time-range/use-range.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Answer, EmptyState, Skeleton } from '../../ui/placeholder.tsx'
import { toast } from '../../ui/toasts.ts'
import { AddPanel } from './add-panel.tsx'
import css from './board.module.css'
import { exportBoard } from './board-export.ts'
import { BoardGrid } from './board-grid.tsx'
import { BoardHeader } from './board-header.tsx'
import { BoardSettings } from './board-settings.tsx'
import { newPanel } from './new-panel.ts'
import { PanelEditor } from './panel-editor.tsx'
import { type PanelActions, PanelFrame } from './panel-frame.tsx'
import { SaveDialog } from './save-dialog.tsx'
import { useBoardEdit } from './use-board-edit.ts'
import { useMarks } from './use-marks.ts'
import type { PanelContext } from './use-panel-data.ts'
import { choiceQuery, chosenIn, useVariables } from './use-variables.ts'
import { VariablesBar } from './variables-bar.tsx'

export function BoardScreen({ uid }: { readonly uid: string }) {
  const view = useCall('dashboards.get', { uid }, { on: { 'dashboards.changed': 'refetch' } })
  return (
    <Answer of={view} what="The dashboard" loading={<Skeleton lines={8} />}>
      {(loaded) => <Board key={loaded.board.uid} view={loaded} />}
    </Answer>
  )
}

function Board({ view }: { readonly view: DashboardView }) {
  const place = usePlace()
  const query = useMemo(() => place?.query ?? new URLSearchParams(), [place])
  const isOperator = useMay('operator')
  const range = useRange()
  const client = useClient()
  const zone = useZone()
  const edit = useBoardEdit(view)
  const { board, isEditing, change } = edit
  const [refresh, setRefresh] = useState<string | null>(null)
  const [toggledRows, setToggledRows] = useState<ReadonlySet<number>>(new Set())
  const [toggledMarks, setToggledMarks] = useState<ReadonlyMap<string, boolean>>(new Map())
  const [open, setOpen] = useState<'save' | 'settings' | 'add' | null>(null)

  const chosen = useMemo(() => chosenIn(query), [query])
  const variables = useVariables(board.variables, chosen, range)
  const annotations = useMemo(
    () => board.annotations.map((one) => ({ ...one, isShown: toggledMarks.get(one.name) ?? one.isShown })),
    [board.annotations, toggledMarks],
  )
  const { marks, problems } = useMarks(annotations, variables.scope, range, variables.isReady)
  const context = useMemo(
    (): PanelContext => ({
      title: board.title,
      scope: variables.scope,
      range,
      everyMs: intervalOf(refresh ?? board.refresh),
    }),
    [board.title, board.refresh, variables.scope, range, refresh],
  )

  const isClosed = (row: Panel) => row.type === 'row' && row.isCollapsed !== toggledRows.has(row.id)
  const seen = shownPanels(board.panels, isClosed)
  const shown: readonly ShownPanel[] = isEditing
    ? seen.map((panel) => ({ key: String(panel.id), panel, scope: new Map() }))
    : repeatedPanels(seen, variables.scope)
  const viewed = shown.find(({ key }) => key === query.get('view'))
  const edited = isEditing ? board.panels.find(({ id }) => String(id) === query.get('panel')) : undefined

  const setPanels = (make: (panels: readonly Panel[]) => readonly Panel[], kind?: string) =>
    change((before) => ({ ...before, panels: [...make(before.panels)] }), kind)
  const replacePanel = (next: Panel) =>
    setPanels((panels) => panels.map((one) => (one.id === next.id ? next : one)), `panel ${next.id}`)
  const addPanel = (type: Panel['type']) => {
    const panel = newPanel(type, freeId(board.panels), freePlace(board.panels, sizeOf(type)))
    setPanels((panels) => [...panels, panel])
    setOpen(null)
    if (type !== 'row') replaceQuery({ panel: String(panel.id) })
  }
  const actionsOf = ({ key, panel }: ShownPanel): PanelActions => ({
    onView: () => replaceQuery({ view: query.get('view') === key ? undefined : key }),
    ...(isOperator
      ? {
          onEdit: () => {
            edit.begin()
            replaceQuery({ panel: String(panel.id), view: undefined })
          },
        }
      : {}),
    ...(isEditing
      ? {
          onDuplicate: () =>
            setPanels((panels) => [
              ...panels,
              { ...panel, id: freeId(panels), grid: freePlace(panels, panel.grid), title: panel.title },
            ]),
          onRemove: () => {
            setPanels((panels) => compacted(panels.filter(({ id }) => id !== panel.id)))
            toast(`"${panel.title || 'The panel'}" was taken off the board.`, edit.undo)
          },
        }
      : {}),
  })
  const leaveEdit = () => {
    edit.end()
    replaceQuery({ panel: undefined })
  }
  const saved = (next: DashboardView | null) => {
    if (!next) return
    setOpen(null)
    replaceQuery({ panel: undefined })
    toast(`Saved "${next.board.title}".`)
    if (next.board.uid !== view.board.uid) navigate('dashboard', { uid: next.board.uid })
  }

  useKeys(
    'Dashboard',
    [
      { keys: 'e', title: 'Edit this dashboard', run: edit.begin },
      { keys: 'Escape', title: 'Back to the board', run: () => replaceQuery({ view: undefined, panel: undefined }) },
    ],
    isOperator && !isEditing,
  )
  useKeys(
    'Editing a dashboard',
    [
      { keys: 'mod+z', title: 'Undo', run: edit.undo },
      { keys: 'mod+y', title: 'Redo', run: edit.redo },
      { keys: 'mod+s', title: 'Save', run: () => setOpen('save') },
      { keys: 'n', title: 'Add a panel', run: () => setOpen('add') },
      { keys: 'Escape', title: 'Back to the board', run: () => replaceQuery({ panel: undefined }) },
    ],
    isEditing,
  )

  return (
    <div className={cx(css['screen'])}>
      <BoardHeader
        view={view}
        edit={edit}
        refresh={refresh ?? board.refresh}
        onRefresh={setRefresh}
        onAdd={() => setOpen('add')}
        onSettings={() => setOpen('settings')}
        onSave={() => setOpen('save')}
        onCancel={leaveEdit}
        onExport={(format) =>
          void exportBoard(client, { uid: board.uid, format, range: range.ofThisMoment(), chosen, timeZone: zone })
        }
      />
      <VariablesBar
        variables={variables}
        onChoose={(name, values) => replaceQuery(choiceQuery(name, values))}
        annotations={annotations}
        problems={problems}
        onShowAnnotation={(name, isShown) => setToggledMarks((before) => new Map([...before, [name, isShown]]))}
      />
      {!variables.isReady ? (
        <Skeleton lines={6} />
      ) : edited ? (
        <PanelEditor
          key={edited.id}
          panel={edited}
          context={context}
          marks={marks}
          variables={board.variables.map(({ name }) => name)}
          onChange={replacePanel}
          onDone={() => replaceQuery({ panel: undefined })}
        />
      ) : viewed ? (
        <div className={cx(css['viewed'])}>
          <PanelFrame
            panel={viewed.panel}
            context={{ ...context, scope: new Map([...context.scope, ...viewed.scope]) }}
            marks={marks}
            actions={actionsOf(viewed)}
            isViewed
          />
        </div>
      ) : board.panels.length === 0 ? (
        <EmptyState
          title="Nothing is on this dashboard yet"
          action={
            isOperator && (
              <Button
                variant="primary"
                onPress={() => {
                  edit.begin()
                  setOpen('add')
                }}
              >
                Add a panel
              </Button>
            )
          }
        >
          A panel asks something in PromQL and draws the answer.
        </EmptyState>
      ) : (
        <BoardGrid
          panels={shown}
          context={context}
          marks={marks}
          isEditing={isEditing}
          isClosed={isClosed}
          onToggleRow={({ id }) => setToggledRows((before) => toggled(before, id))}
          actionsOf={actionsOf}
          onArrange={(next, kind) => setPanels((panels) => withHidden(next, panels), kind)}
        />
      )}
      <AddPanel isOpen={open === 'add'} onClose={() => setOpen(null)} onAdd={addPanel} />
      <BoardSettings
        isOpen={open === 'settings'}
        onClose={() => setOpen(null)}
        board={board}
        onChange={(next: Dashboard) => change(() => next, 'settings')}
      />
      {open === 'save' && (
        <SaveDialog
          before={view.board}
          edit={edit}
          onClose={() => setOpen(null)}
          onSave={async () => saved(await edit.save())}
          onSaveAsNew={async () => saved(await edit.saveAsNew())}
          onReload={leaveEdit}
        />
      )}
      {edit.guard.question}
    </div>
  )
}

function intervalOf(refresh: string): PanelContext['everyMs'] {
  if (refresh === 'off') return null
  return refresh === 'auto' ? 'auto' : (parseDurationMs(refresh) ?? 'auto')
}

function toggled(set: ReadonlySet<number>, id: number): ReadonlySet<number> {
  const next = new Set(set)
  if (!next.delete(id)) next.add(id)
  return next
}

function sizeOf(type: Panel['type']): { readonly w: number; readonly h: number } {
  if (type === 'row') return { w: 24, h: 1 }
  if (type === 'stat' || type === 'gauge') return { w: 6, h: 6 }
  return { w: 12, h: 8 }
}
