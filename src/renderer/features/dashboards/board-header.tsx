/** The heading of a board: how often it is asked, its range, editing, and what else can be done with it. */
import {
  Braces,
  CalendarRange,
  Copy,
  EllipsisVertical,
  FileText,
  LayoutDashboard,
  Pencil,
  Plus,
  Printer,
  Redo2,
  Save,
  Settings2,
  Trash2,
  Undo2,
} from 'lucide-react'
import type { DashboardView } from '#shared/contract/dashboards.ts'
import { AppError } from '#shared/contract/errors.ts'
import { useClient } from '../../client/client-context.tsx'
import { useMay } from '../../live/use-role.ts'
import { navigate } from '../../navigation/location.ts'
import { useRangeStore } from '../../time-range/range-store.ts'
import { TimeRangePicker } from '../../time-range/time-range-picker.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Select } from '../../ui/fields.tsx'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'
import { ScreenHeader } from '../../ui/panel.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { toast, toastFailure } from '../../ui/toasts.ts'
import type { BoardEdit } from './use-board-edit.ts'

interface BoardHeaderProps {
  readonly view: DashboardView
  readonly edit: BoardEdit
  readonly refresh: string
  readonly onRefresh: (refresh: string) => void
  readonly onAdd: () => void
  readonly onSettings: () => void
  readonly onSave: () => void
  readonly onCancel: () => void
  readonly onExport: (format: 'html' | 'pdf') => void
}

const refreshes = ['auto', 'off', '5s', '10s', '30s', '1m', '5m', '15m', '1h']

export function BoardHeader(props: BoardHeaderProps) {
  const { view, edit, refresh, onRefresh } = props
  const isOperator = useMay('operator')
  const entries = useBoardMenu(props)
  return (
    <ScreenHeader
      title={edit.board.title}
      note={
        <>
          {edit.board.tags.map((tag) => (
            <Badge key={tag}>{tag}</Badge>
          ))}{' '}
          {edit.isEditing && (edit.isDirty ? 'changed, not saved' : 'editing')}
        </>
      }
      actions={
        edit.isEditing ? (
          <>
            <IconButton label="Undo" keys="mod+z" icon={Undo2} isDisabled={!edit.canUndo} onPress={edit.undo} />
            <IconButton label="Redo" keys="mod+y" icon={Redo2} isDisabled={!edit.canRedo} onPress={edit.redo} />
            <Button size="small" icon={Plus} onPress={props.onAdd}>
              Add a panel
            </Button>
            <Button size="small" icon={Settings2} onPress={props.onSettings}>
              Settings
            </Button>
            <TimeRangePicker />
            <Button size="small" onPress={props.onCancel}>
              {edit.isDirty ? 'Give up' : 'Done'}
            </Button>
            <Button size="small" variant="primary" icon={Save} isDisabled={!edit.isDirty} onPress={props.onSave}>
              Save
            </Button>
          </>
        ) : (
          <>
            <Select
              label="How often it is asked"
              isLabelHidden
              options={[...new Set([...refreshes, refresh])].map((id) => ({ id, label: refreshWords(id) }))}
              value={refresh}
              onChange={onRefresh}
            />
            <TimeRangePicker />
            {isOperator && (
              <Button size="small" icon={Pencil} onPress={edit.begin}>
                Edit
              </Button>
            )}
            <Menu
              label={`What to do with ${view.board.title}`}
              trigger={<IconButton label="Menu of the dashboard" icon={EllipsisVertical} />}
              entries={entries}
            />
          </>
        )
      }
    />
  )
}

function refreshWords(refresh: string): string {
  if (refresh === 'auto') return 'Live'
  return refresh === 'off' ? 'Not by itself' : `Every ${refresh}`
}

function useBoardMenu({ view, onExport }: BoardHeaderProps): MenuEntry[] {
  const client = useClient()
  const setRange = useRangeStore((store) => store.set)
  const isOperator = useMay('operator')
  const { uid, title, timeRange } = view.board
  const told = async (act: () => Promise<void>) => {
    try {
      await act()
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      toastFailure(error.message)
    }
  }
  return [
    {
      id: 'range',
      label: `Its own range: ${timeRange.from} to ${timeRange.to}`,
      icon: CalendarRange,
      onAction: () => setRange(timeRange),
    },
    { id: 'separator', separator: true },
    {
      id: 'json',
      label: 'Save as JSON',
      icon: Braces,
      onAction: () =>
        void told(async () => {
          const { fileName, text } = await client.call('dashboards.exportJson', { uid })
          saveFile(fileName, [text], 'application/json')
        }),
    },
    { id: 'html', label: 'Save as a page with its data (HTML)', icon: FileText, onAction: () => onExport('html') },
    { id: 'pdf', label: 'Save as PDF', icon: Printer, onAction: () => onExport('pdf') },
    ...(isOperator
      ? [
          { id: 'separator 2', separator: true as const },
          {
            id: 'duplicate',
            label: 'Duplicate',
            icon: Copy,
            onAction: () =>
              void told(async () => {
                const copy = await client.call('dashboards.duplicate', { uid, title: `${title} (copy)` })
                navigate('dashboard', { uid: copy.board.uid })
              }),
          },
          ...(view.origin === 'shipped'
            ? []
            : [
                {
                  id: 'remove',
                  label: view.origin === 'changed' ? 'Reset to what shipped' : 'Remove',
                  icon: Trash2,
                  tone: 'danger' as const,
                  onAction: () =>
                    void told(async () => {
                      const gone = await client.call('dashboards.remove', { uid })
                      if (!gone.shipped) navigate('dashboards')
                      toast(
                        gone.shipped ? `"${gone.title}" is as it shipped.` : `"${gone.title}" was removed.`,
                        () =>
                          void told(async () => {
                            await client.call('dashboards.restore', { uid, revision: gone.revision })
                            navigate('dashboard', { uid })
                          }),
                      )
                    }),
                },
              ]),
        ]
      : []),
    { id: 'all', label: 'All dashboards', icon: LayoutDashboard, onAction: () => navigate('dashboards') },
  ]
}
