/** A panel with its heading and what can be done with it. */
import {
  Braces,
  Copy,
  Download,
  EllipsisVertical,
  Image,
  Info,
  Link2,
  Maximize2,
  Minimize2,
  Pencil,
  Table2,
  Trash2,
} from 'lucide-react'
import { useCallback, useRef, useState } from 'react'
import { Dialog as AriaDialog, DialogTrigger, Popover } from 'react-aria-components'
import { interpolate, interpolateUrl } from '#shared/domain/dashboard/interpolate.ts'
import { isDataPanel, type Panel } from '#shared/domain/dashboard/panels.ts'
import type { ChartMark } from '../../charts/chart-content.ts'
import { formatDuration } from '../../format/duration.ts'
import { navigate } from '../../navigation/location.ts'
import { useZone } from '../../theme/appearance.ts'
import { IconButton } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Markdown } from '../../ui/markdown.tsx'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'
import { StaleBadge } from '../../ui/placeholder.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { toast, toastFailure } from '../../ui/toasts.ts'
import css from './board.module.css'
import { PanelBody, type ShownData } from './panel-body.tsx'
import { panelCsv } from './panel-csv.ts'
import { savePanelPicture } from './panel-picture.ts'
import type { PanelContext } from './use-panel-data.ts'

export interface PanelActions {
  /** Full screen, or back. */
  readonly onView: () => void
  readonly onEdit?: () => void
  readonly onDuplicate?: () => void
  readonly onRemove?: () => void
}

interface PanelFrameProps {
  readonly panel: Panel
  readonly context: PanelContext
  readonly marks: readonly ChartMark[]
  readonly actions: PanelActions
  readonly isViewed: boolean
}

const none: ShownData = { frames: null, answer: null }

export function PanelFrame({ panel, context, marks, actions, isViewed }: PanelFrameProps) {
  const zone = useZone()
  const root = useRef<HTMLElement>(null)
  const [isTable, setTable] = useState(false)
  const [shown, setShown] = useState<ShownData>(none)
  const title = interpolate(panel.title, context.scope)
  const isData = isDataPanel(panel)
  const tell = useCallback((next: ShownData) => setShown(next), [])
  const fileName = (title || 'panel')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')

  const copyLink = async () => {
    const link = new URL(location.href)
    const [path = '', search = ''] = link.hash.split('?')
    const query = new URLSearchParams(search)
    query.set('view', String(panel.id))
    link.hash = `${path}?${query}`
    await navigator.clipboard.writeText(link.href)
    toast('Copied a link to this panel.')
  }
  const entries: MenuEntry[] = [
    {
      id: 'view',
      label: isViewed ? 'Back to the board' : 'View large',
      icon: isViewed ? Minimize2 : Maximize2,
      onAction: actions.onView,
    },
    ...(actions.onEdit ? [{ id: 'edit', label: 'Edit', icon: Pencil, onAction: actions.onEdit }] : []),
    ...(actions.onDuplicate
      ? [{ id: 'duplicate', label: 'Duplicate', icon: Copy, onAction: actions.onDuplicate }]
      : []),
    ...(isData
      ? [
          {
            id: 'table',
            label: isTable ? 'As a picture' : 'Table',
            icon: Table2,
            isDisabled: panel.type === 'table',
            onAction: () => setTable(!isTable),
          },
          {
            id: 'explore',
            label: 'Explore its queries',
            icon: Braces,
            onAction: () => navigate('explore', {}, exploreQuery(panel)),
          },
          { id: 'separator', separator: true as const },
          {
            id: 'csv',
            label: 'Save as CSV',
            icon: Download,
            isDisabled: !shown.frames,
            onAction: () => shown.frames && saveFile(`${fileName}.csv`, [panelCsv(shown.frames)], 'text/csv'),
          },
        ]
      : []),
    {
      id: 'png',
      label: 'Save as PNG',
      icon: Image,
      onAction: () => {
        if (!root.current) return
        savePanelPicture(root.current, { title, fileName: `${fileName}.png`, zone, range: context.range }).catch(
          (error: unknown) => toastFailure(error instanceof Error ? error.message : 'The picture could not be made.'),
        )
      },
    },
    { id: 'link', label: 'Copy link', icon: Link2, onAction: () => void copyLink() },
    ...panel.links.map((link, index) => ({
      id: `link ${index}`,
      label: interpolate(link.title, context.scope),
      onAction: () => void open(interpolateUrl(link.url, context.scope), '_blank', 'noopener'),
    })),
    ...(actions.onRemove
      ? [{ id: 'remove', label: 'Remove', icon: Trash2, tone: 'danger' as const, onAction: actions.onRemove }]
      : []),
  ]
  return (
    <section className={cx(css['panel'])} aria-label={title || 'Panel'} ref={root}>
      <header className={cx(css['panelHeader'])}>
        <h2 className={cx(css['panelTitle'])} title={title}>
          {title}
        </h2>
        {panel.description !== '' && (
          <DialogTrigger>
            <IconButton label={`What ${title || 'this panel'} shows`} icon={Info} />
            <Popover offset={4} className={cx(css['popover'])}>
              <AriaDialog aria-label={`What ${title} shows`} className={cx(css['description'])}>
                <Markdown text={interpolate(panel.description, context.scope)} />
              </AriaDialog>
            </Popover>
          </DialogTrigger>
        )}
        <span className={cx(css['note'])}>
          {resolution(shown)} {shown.answer && <StaleBadge of={shown.answer} />}
        </span>
        <Menu
          label={`What to do with ${title || 'the panel'}`}
          trigger={<IconButton label={`Menu of ${title || 'the panel'}`} icon={EllipsisVertical} />}
          entries={entries}
        />
      </header>
      <PanelBody panel={panel} context={context} marks={marks} isTable={isTable} onShown={tell} />
    </section>
  )
}

/** How coarse it is, where that is more than a minute: below, nobody would see the difference. */
function resolution({ frames }: ShownData): string {
  return frames && frames.stepMs > 60_000 ? `each point ${formatDuration(frames.stepMs)}` : ''
}

function exploreQuery(panel: Panel): Readonly<Record<string, string>> {
  if (!isDataPanel(panel)) return {}
  return Object.fromEntries(panel.targets.slice(0, 6).map(({ expr }, index) => ['abcdef'.charAt(index), expr]))
}
