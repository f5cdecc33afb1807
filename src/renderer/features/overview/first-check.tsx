/** Paste, see the real answer, keep it: the shortest way from an address to a check. */
import { Play, Plus } from 'lucide-react'
import { useRef, useState } from 'react'
import type { CheckDraft, CheckResult } from '#shared/contract/checks.ts'
import { useCommand } from '../../client/use-command.ts'
import { formatDuration } from '../../format/duration.ts'
import { useMay } from '../../live/use-role.ts'
import { navigate } from '../../navigation/location.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { TextField } from '../../ui/fields.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { toast } from '../../ui/toasts.ts'
import css from './overview.module.css'

interface Trial {
  readonly draft: CheckDraft
  /** Null while it runs. */
  readonly result: CheckResult | null
}

export function FirstCheck() {
  const [text, setText] = useState('')
  const [trial, setTrial] = useState<Trial | null>(null)
  const guess = useCommand('checks.guess')
  const attempt = useCommand('checks.try')
  const save = useCommand('checks.save')
  const mayWrite = useMay('operator')
  const latest = useRef('')
  const failure = guess.failure ?? attempt.failure ?? save.failure

  const tryIt = async () => {
    const wanted = text.trim()
    if (wanted === '') return
    latest.current = wanted
    setTrial(null)
    const draft = await guess.run({ text: wanted })
    // Another text may have been entered meanwhile.
    if (!draft || latest.current !== wanted) return
    setTrial({ draft, result: null })
    const result = await attempt.run({ draft })
    if (latest.current === wanted) setTrial(result ? { draft, result } : null)
  }
  const add = async (draft: CheckDraft) => {
    const check = await save.run({ draft })
    if (!check) return
    toast(`Watching ${check.name} every ${formatDuration(check.everyMs)}`)
    navigate('check', { id: check.id })
  }
  if (!mayWrite) return <p className={cx(css['muted'])}>Adding checks needs the role operator.</p>
  return (
    <div className={cx(css['firstCheck'])}>
      <form
        className={cx(css['paste'])}
        onSubmit={(event) => {
          event.preventDefault()
          void tryIt()
        }}
      >
        <TextField
          label="URL, host or host:port"
          autoFocus
          placeholder="https://example.com, db.example.com:5432, 192.0.2.1"
          value={text}
          problem={failure?.message ?? null}
          onChange={(value) => {
            setText(value)
            setTrial(null)
            for (const command of [guess, attempt, save]) command.clear()
          }}
        />
        <Button type="submit" icon={Play} isPending={guess.isRunning || attempt.isRunning}>
          Try it
        </Button>
      </form>
      <div aria-live="polite">
        {trial && !trial.result && <p className={cx(css['muted'])}>Asking {trial.draft.name} …</p>}
        {trial?.result && (
          <div className={cx(css['trial'])}>
            <StateMark state={trial.result.outcome} size={16} />
            <div className={cx(css['lineText'])}>
              <span>{trial.result.reason.message}</span>
              <span className={cx(css['muted'])}>
                {formatDuration(trial.result.durationMs)}
                {trial.result.phases.map(({ name, durationMs }) => ` · ${name} ${formatDuration(durationMs)}`)}
              </span>
            </div>
            <Button variant="primary" icon={Plus} isPending={save.isRunning} onPress={() => void add(trial.draft)}>
              Add check
            </Button>
          </div>
        )}
      </div>
    </div>
  )
}
