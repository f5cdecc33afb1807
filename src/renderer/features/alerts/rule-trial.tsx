/** What an expression finds right now, as it is typed; nothing is saved. */
import { useEffect, useState } from 'react'
import { AppError } from '#shared/contract/errors.ts'
import type { OutputOf } from '#shared/contract/index.ts'
import { useClient } from '../../client/client-context.tsx'
import { formatValue } from '../../format/unit.ts'
import { LabelChip } from '../../ui/badge.tsx'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import css from './rule-form.module.css'

/** After the last key. */
const settleMs = 400
const shownResults = 50

type Trial =
  | { readonly kind: 'none' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'found'; readonly answer: OutputOf<'rules.test'> }
  | { readonly kind: 'failed'; readonly message: string }

export function RuleTrial({ expr }: { readonly expr: string }) {
  const client = useClient()
  const [trial, setTrial] = useState<Trial>({ kind: 'none' })
  useEffect(() => {
    if (expr.trim() === '') return setTrial({ kind: 'none' })
    const stop = new AbortController()
    const ask = async () => {
      setTrial({ kind: 'asking' })
      try {
        const answer = await client.call('rules.test', { expr }, { signal: stop.signal })
        setTrial({ kind: 'found', answer })
      } catch (error) {
        if (stop.signal.aborted) return
        if (!(error instanceof AppError)) throw error
        setTrial({ kind: 'failed', message: error.message })
      }
    }
    const timer = setTimeout(() => void ask(), settleMs)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [client, expr])
  return (
    <Panel title="Right now" note={noteOf(trial)}>
      <div aria-live="polite">
        <Content trial={trial} />
      </div>
    </Panel>
  )
}

function Content({ trial }: { readonly trial: Trial }) {
  switch (trial.kind) {
    case 'none':
      return <p className={cx(css['muted'])}>Write an expression to see what it finds.</p>
    case 'asking':
      return <p className={cx(css['muted'])}>Asking …</p>
    case 'failed':
      return <p className={cx(css['problem'])}>{trial.message}</p>
    case 'found': {
      const { results } = trial.answer
      if (results.length === 0) return <p>The expression finds nothing now: the rule would be quiet.</p>
      return (
        <div className={cx(css['results'])}>
          <table aria-label="What the expression finds">
            <tbody>
              {results.slice(0, shownResults).map(({ labels, value }) => (
                <tr key={JSON.stringify(labels)}>
                  <td>
                    <span className={cx(css['series'])}>
                      {Object.entries(labels).map(([name, text]) => (
                        <LabelChip key={name} name={name} value={text} />
                      ))}
                    </span>
                  </td>
                  <td className={cx(css['value'])}>{formatValue(value, 'none')}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {results.length > shownResults && (
            <p className={cx(css['muted'])}>and {results.length - shownResults} more</p>
          )}
        </div>
      )
    }
  }
}

function noteOf(trial: Trial): string | undefined {
  if (trial.kind !== 'found') return undefined
  const { results, durationMs } = trial.answer
  const found = results.length === 1 ? '1 series' : `${results.length} series`
  return `${found}, in ${formatValue(durationMs, 'milliseconds')}`
}
