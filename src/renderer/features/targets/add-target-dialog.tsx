/** Paste an address, see what it answers, keep it: the shortest way from an exporter to its series. */
import { Play, Plus } from 'lucide-react'
import { useRef, useState } from 'react'
import type { TriedTarget } from '#shared/contract/scrape.ts'
import { useCommand } from '../../client/use-command.ts'
import { formatValue } from '../../format/unit.ts'
import { useMay } from '../../live/use-role.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/fields.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { toast } from '../../ui/toasts.ts'
import { jobFor } from './job-name.ts'
import css from './targets.module.css'

interface AddTargetDialogProps {
  readonly file: string
  readonly onClose: () => void
  readonly onAdded: () => void
}

export function AddTargetDialog({ file, onClose, onAdded }: AddTargetDialogProps) {
  const [address, setAddress] = useState('')
  const [job, setJob] = useState<string | null>(null)
  const [tried, setTried] = useState<TriedTarget | null>(null)
  const attempt = useCommand('scrape.try')
  const add = useCommand('scrape.add')
  const mayAdd = useMay('admin')
  const latest = useRef('')
  const wanted = address.trim()
  const named = job ?? jobFor(wanted, tried)

  const tryIt = async () => {
    if (wanted === '') return
    latest.current = wanted
    setTried(null)
    const answer = await attempt.run({ address: wanted })
    // Another address may have been typed meanwhile.
    if (latest.current === wanted) setTried(answer)
  }
  const keep = async () => {
    const done = await add.run({ address: wanted, job: named })
    if (!done) return
    toast(`${wanted} is a target of the job "${named}" now. Written to ${done.file}.`)
    onAdded()
    onClose()
  }
  return (
    <Dialog
      title="Add target"
      isOpen
      onClose={onClose}
      width="wide"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            icon={Plus}
            isDisabled={!mayAdd || wanted === '' || named.trim() === ''}
            isPending={add.isRunning}
            onPress={() => void keep()}
          >
            {tried ? 'Add' : 'Add without trying'}
          </Button>
        </>
      }
    >
      <div className={cx(css['screen'])}>
        <form
          className={cx(css['paste'])}
          onSubmit={(event) => {
            event.preventDefault()
            void tryIt()
          }}
        >
          <TextField
            label="Address"
            autoFocus
            isMono
            placeholder="db-1:9100, db-1:9100/metrics, https://app.example.com/metrics"
            value={address}
            problem={attempt.failure?.message ?? null}
            onChange={(value) => {
              setAddress(value)
              setTried(null)
              attempt.clear()
              add.clear()
            }}
          />
          <Button type="submit" icon={Play} isPending={attempt.isRunning}>
            Try it
          </Button>
        </form>
        <div aria-live="polite">{tried && <Tried tried={tried} />}</div>
        <TextField
          label="Job"
          value={named}
          onChange={setJob}
          problem={add.failure?.message ?? null}
          hint={
            <>
              The label job of its series. Targets of one job are asked alike; it is written to <code>{file}</code>.
            </>
          }
        />
      </div>
    </Dialog>
  )
}

function Tried({ tried }: { readonly tried: TriedTarget }) {
  const { url, samples, metrics, first, remark, durationMs, bytes, format } = tried
  return (
    <section className={cx(css['tried'])}>
      <p className={cx(css['standing'])}>
        <StateMark
          state={samples > 0 ? 'up' : 'degraded'}
          word={samples > 0 ? 'Answers' : 'Answers, with no sample'}
          size={16}
        />
        <span>
          {samples.toLocaleString('en')} samples of {metrics.toLocaleString('en')} metrics,{' '}
          {formatValue(bytes, 'bytes')} of {format === 'openmetrics' ? 'OpenMetrics' : 'the text format'} in{' '}
          {formatValue(durationMs / 1000, 'seconds')}
        </span>
      </p>
      {remark !== null && <p className={cx(css['remark'])}>Taken, though not to the letter of its format: {remark}</p>}
      {first.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
        <section className={cx(css['samples'])} aria-label={`First samples of ${url}`} tabIndex={0}>
          {first.map(({ name, labels, value }) => {
            const text = Object.entries(labels)
              .map(([label, labelled]) => `${label}=${JSON.stringify(labelled)}`)
              .join(', ')
            return (
              <div key={`${name}{${text}}`} className={cx(css['sampleLine'])}>
                <code>
                  {name}
                  {text === '' ? '' : `{${text}}`}
                </code>
                <code className={cx(css['sampleValue'])}>{value}</code>
              </div>
            )
          })}
        </section>
      )}
    </section>
  )
}
