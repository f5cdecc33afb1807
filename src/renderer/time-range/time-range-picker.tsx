/** The range of all screens as a button: presets, typing, copying, and the way back after zooming in. */
import { CalendarRange, ChevronDown, Copy, Undo2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { formatInstant } from '../format/instant.ts'
import { useZone } from '../theme/appearance.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { TextField } from '../ui/fields.tsx'
import { toast } from '../ui/toasts.ts'
import { parseRange, type RangeExpression, rangePresets, rangeText, resolveRange } from './range-expression.ts'
import { useRangeStore } from './range-store.ts'
import css from './time-range-picker.module.css'
import { useRange } from './use-range.ts'

export function TimeRangePicker() {
  const { expression, earlier, set, back } = useRangeStore()
  const zone = useZone()
  usePastedRange(set, zone)
  return (
    <div className={cx(css['picker'])}>
      {earlier.length > 0 && <IconButton label="Back to the range before" icon={Undo2} onPress={back} />}
      <DialogTrigger>
        <Button icon={CalendarRange} size="small">
          {rangeLabel(expression, zone)}
          <ChevronDown size={14} aria-hidden />
        </Button>
        <Popover placement="bottom end" offset={6} className={cx(css['popover'])}>
          <Dialog aria-label="Time range" className={cx(css['dialog'])}>
            {({ close }) => <RangeForm close={close} />}
          </Dialog>
        </Popover>
      </DialogTrigger>
    </div>
  )
}

function RangeForm({ close }: { readonly close: () => void }) {
  const { expression, set } = useRangeStore()
  const zone = useZone()
  const range = useRange()
  const [text, setText] = useState(rangeText(expression))
  const [problem, setProblem] = useState<string | null>(null)
  const choose = (chosen: RangeExpression) => {
    set(chosen)
    close()
  }
  return (
    <div className={cx(css['columns'])}>
      <ul className={cx(css['presets'])}>
        {rangePresets.map((preset) => (
          <li key={preset.label}>
            <button
              type="button"
              className={cx(css['preset'], rangeText(preset.expression) === rangeText(expression) && css['chosen'])}
              onClick={() => choose(preset.expression)}
            >
              {preset.label}
            </button>
          </li>
        ))}
      </ul>
      <form
        className={cx(css['form'])}
        onSubmit={(event) => {
          event.preventDefault()
          const parsed = parseRange(text, Date.now(), zone)
          if (parsed) choose(parsed)
          else setProblem('Expected a start before an end, such as now-6h, or now-2d/d to now/d.')
        }}
      >
        <TextField
          label="Range"
          isMono
          value={text}
          problem={problem}
          hint="now-6h · now/d · now-7d to now-1d · 2026-01-05 14:00 to now"
          onChange={(value) => {
            setText(value)
            setProblem(null)
          }}
        />
        <p className={cx(css['resolved'])}>
          {formatInstant(range.from, zone)}
          <br />
          {formatInstant(range.to, zone)} <span className={cx(css['zone'])}>{zone}</span>
        </p>
        <div className={cx(css['buttons'])}>
          <Button variant="primary" size="small" type="submit">
            Apply
          </Button>
          <Button size="small" icon={Copy} onPress={() => void copyRange(expression)}>
            Copy
          </Button>
        </div>
        <p className={cx(css['zone'])}>Drag on any chart to zoom in. A copied range can be pasted anywhere.</p>
      </form>
    </div>
  )
}

async function copyRange(expression: RangeExpression): Promise<void> {
  await navigator.clipboard.writeText(rangeText(expression))
  toast(`Copied “${rangeText(expression)}”`)
}

/** A range that is pasted anywhere but into a field becomes the range of all screens. */
function usePastedRange(set: (expression: RangeExpression) => void, zone: string): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      // In an editor with a shadow root the event seems to come from the root's host.
      const into = event.composedPath()[0]
      if (into instanceof HTMLElement && into.closest('input, textarea, [contenteditable]')) return
      const pasted = parseRange(event.clipboardData?.getData('text') ?? '', Date.now(), zone)
      if (pasted) set(pasted)
    }
    document.addEventListener('paste', paste)
    return () => document.removeEventListener('paste', paste)
  }, [set, zone])
}

function rangeLabel(expression: RangeExpression, zone: string): string {
  const preset = rangePresets.find((candidate) => rangeText(candidate.expression) === rangeText(expression))
  if (preset) return preset.label
  if (expression.from.startsWith('now') || expression.to.startsWith('now')) return rangeText(expression)
  // Written instants do not depend on the present.
  const range = resolveRange(expression, 0, zone)
  if (!range) return rangeText(expression)
  const [from, to] = [formatInstant(range.from, zone), formatInstant(range.to, zone)]
  return from.slice(0, 10) === to.slice(0, 10) ? `${from} – ${to.slice(11)}` : `${from} – ${to}`
}
