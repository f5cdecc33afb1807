import { ArrowDown, ArrowUp, Copy, Eye, Trash2 } from 'lucide-react'
import { IconButton } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Select, TextField } from '../../ui/fields.tsx'
import type { PageDraft } from './wall-draft.ts'
import css from './walls-screen.module.css'

const pageKinds = [
  { id: 'checks', label: 'Checks', hint: 'Tiles, the worst first' },
  { id: 'alerts', label: 'Alerts', hint: 'What fires, the newest first' },
  { id: 'uptime', label: 'Uptime', hint: 'Day, week and month of each check' },
  { id: 'host', label: 'This machine', hint: 'CPU, memory, disks, network' },
  { id: 'series', label: 'Series', hint: 'One metric as a chart' },
  { id: 'clock', label: 'Clock', hint: 'Time and date, large' },
] as const

const reductions = [
  { id: 'avg', label: 'Average' },
  { id: 'max', label: 'Highest' },
  { id: 'rate', label: 'Rate per second' },
] as const
const units = (['none', 'ratio', 'bytes', 'bytesPerSecond', 'perSecond', 'seconds', 'celsius'] as const).map((id) => ({
  id,
  label: {
    none: 'Plain number',
    ratio: 'Share, 0 to 1',
    bytes: 'Bytes',
    bytesPerSecond: 'Bytes per second',
    perSecond: 'Per second',
    seconds: 'Seconds',
    celsius: 'Degrees',
  }[id],
}))

interface PageEditorProps {
  readonly page: PageDraft
  readonly index: number
  readonly count: number
  readonly isShown: boolean
  readonly problems: ReadonlyMap<string, string>
  readonly onChange: (page: PageDraft) => void
  readonly onMove: (by: 1 | -1) => void
  readonly onCopy: () => void
  readonly onRemove: () => void
  readonly onShow: () => void
}

export function PageEditor(props: PageEditorProps) {
  const { page, index, count, isShown, problems, onChange } = props
  const problem = (field: string) => problems.get(`pages.${index}.${field}`) ?? null
  const set = (change: Partial<PageDraft>) => onChange({ ...page, ...change })
  const hasFilter = page.kind === 'checks' || page.kind === 'uptime'
  const what = `page ${index + 1}`
  return (
    <li className={cx(css['pageEditor'], isShown && css['shownPage'])}>
      <div className={cx(css['pageHead'])}>
        <span className={cx(css['note'])}>Page {index + 1}</span>
        <div className={cx(css['pageActions'])}>
          <IconButton label={`Preview ${what}`} icon={Eye} isPressed={isShown} onPress={props.onShow} />
          <IconButton
            label={`Move ${what} up`}
            icon={ArrowUp}
            isDisabled={index === 0}
            onPress={() => props.onMove(-1)}
          />
          <IconButton
            label={`Move ${what} down`}
            icon={ArrowDown}
            isDisabled={index === count - 1}
            onPress={() => props.onMove(1)}
          />
          <IconButton label={`Duplicate ${what}`} icon={Copy} onPress={props.onCopy} />
          <IconButton label={`Remove ${what}`} icon={Trash2} isDisabled={count === 1} onPress={props.onRemove} />
        </div>
      </div>
      <div className={cx(css['pageRow'])}>
        <Select label="Shows" options={pageKinds} value={page.kind} onChange={(kind) => set({ kind })} />
        <TextField label="Title" value={page.title} onChange={(title) => set({ title })} problem={problem('title')} />
        <TextField
          label="Stands for"
          value={page.show}
          onChange={(show) => set({ show })}
          problem={problem('showMs')}
        />
      </div>
      {(hasFilter || page.kind === 'series') && (
        <div className={cx(css['pageRow'])}>
          {page.kind === 'series' && (
            <TextField
              label="Metric"
              value={page.metric}
              onChange={(metric) => set({ metric })}
              placeholder="node_load1"
              isMono
              problem={problem('metric')}
            />
          )}
          <TextField
            label="With labels"
            value={page.labels}
            onChange={(labels) => set({ labels })}
            placeholder="team=shop, tier=1"
            isMono
            problem={problem('labels')}
          />
          {hasFilter && (
            <TextField
              label="Name or target has"
              value={page.text}
              onChange={(text) => set({ text })}
              problem={problem('text')}
            />
          )}
        </div>
      )}
      {page.kind === 'series' && (
        <div className={cx(css['pageRow'])}>
          <Select
            label="Each point is the"
            options={reductions}
            value={page.reduce}
            onChange={(reduce) => set({ reduce })}
          />
          <Select label="Unit" options={units} value={page.unit} onChange={(unit) => set({ unit })} />
          <TextField
            label="Over the last"
            value={page.window}
            onChange={(window) => set({ window })}
            problem={problem('windowMs')}
          />
        </div>
      )}
    </li>
  )
}
