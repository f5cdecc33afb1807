/** Every kept attempt of the range, newest first, each with the evidence behind it. */
import { useCallback, useState } from 'react'
import type { CheckResult, CheckView } from '#shared/contract/checks.ts'
import { useClient } from '../../client/client-context.tsx'
import { useCall } from '../../client/use-call.ts'
import { useEvent } from '../../client/use-event.ts'
import { usePages } from '../../client/use-pages.ts'
import { useRange } from '../../time-range/use-range.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Segmented } from '../../ui/fields.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Answer, EmptyState, Skeleton, StaleBadge } from '../../ui/placeholder.tsx'
import css from './attempts-panel.module.css'
import { CheckResultLine, CheckResultView } from './check-result.tsx'

const pageSize = 25

export function AttemptsPanel({ check }: { readonly check: CheckView }) {
  const client = useClient()
  const range = useRange()
  const [failuresOnly, setFailuresOnly] = useState(false)
  const { from, to } = range
  const key = `${check.id} ${failuresOnly} ${range.isMoving ? range.key : `${from} ${to}`}`
  const question = useCallback(
    (cursor: string | null) => ({ id: check.id, range: { from, to }, failuresOnly, limit: pageSize, cursor }),
    [check.id, from, to, failuresOnly],
  )
  const newest = useCall('checks.results', () => ({ ...question(null), range: range.ofThisMoment() }), { key })
  useEvent('checks.changed', ({ id }) => {
    if (id === check.id && range.isMoving) newest.refetch()
  })
  const ask = useCallback(
    async (cursor: string) => {
      const { results, next } = await client.call('checks.results', question(cursor))
      return { items: results, next }
    },
    [client, question],
  )
  const first = newest.data && { items: newest.data.results, next: newest.data.next }
  const pages = usePages<CheckResult>({ key, first, ask, order: newestFirst })
  return (
    <Panel
      title="Attempts"
      note={
        <>
          Failures and changes are kept with their evidence. <StaleBadge of={newest} />
        </>
      }
      isPadded={false}
      actions={
        <Segmented
          label="Which attempts"
          isLabelHidden
          options={[
            { id: 'all', label: 'All kept' },
            { id: 'failures', label: 'Failures' },
          ]}
          value={failuresOnly ? 'failures' : 'all'}
          onChange={(which) => setFailuresOnly(which === 'failures')}
        />
      }
    >
      <Answer
        of={newest}
        what="Attempts"
        loading={
          <div className={cx(css['padded'])}>
            <Skeleton lines={5} />
          </div>
        }
      >
        {() =>
          pages.items.length === 0 ? (
            <EmptyState title={failuresOnly ? 'No failure in this range' : 'No kept attempt in this range'}>
              {failuresOnly
                ? 'Every attempt that is kept of this range went well.'
                : 'Choose a longer range, or run the check now.'}
            </EmptyState>
          ) : (
            <>
              <ul>
                {pages.items.map((result) => (
                  <Attempt key={result.id} result={result} />
                ))}
              </ul>
              {(pages.hasMore || pages.failure) && (
                <div className={cx(css['more'])}>
                  {pages.failure && <span role="alert">{pages.failure.message}</span>}
                  <Button size="small" isPending={pages.isLoading} onPress={pages.more}>
                    Show older
                  </Button>
                </div>
              )}
            </>
          )
        }
      </Answer>
    </Panel>
  )
}

/** The evidence is drawn when it is first opened, not before. */
function Attempt({ result }: { readonly result: CheckResult }) {
  const [wasOpened, setOpened] = useState(false)
  return (
    <li className={cx(css['attempt'])}>
      <details onToggle={(event) => event.currentTarget.open && setOpened(true)}>
        <summary className={cx(css['summary'])}>
          <CheckResultLine result={result} />
        </summary>
        {wasOpened && (
          <div className={cx(css['evidence'])}>
            <CheckResultView result={result} />
          </div>
        )}
      </details>
    </li>
  )
}

const newestFirst = (a: CheckResult, b: CheckResult) => b.at - a.at || (a.id < b.id ? 1 : -1)
