/** What a job told, newest first, and where it pings; nothing for checks that look for themselves. */
import type { CheckView } from '#shared/contract/checks.ts'
import type { PingView } from '#shared/contract/probes.ts'
import { useCall } from '../../client/use-call.ts'
import { formatDuration } from '../../format/duration.ts'
import { formatInstant } from '../../format/instant.ts'
import { useMay } from '../../live/use-role.ts'
import { useZone } from '../../theme/appearance.ts'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, FailedState, Skeleton, StaleBadge } from '../../ui/placeholder.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import css from './ping-address.module.css'
import { PingAddress } from './ping-address.tsx'

export function PingsPanel({ check }: { readonly check: CheckView }) {
  const pings = useCall('probes.pings', { checkId: check.id }, { on: { 'checks.changed': 'refetch' } })
  const mayOperate = useMay('operator')
  if (pings.data === null && !pings.failure) return null
  if (!pings.data) {
    if (pings.failure) return <FailedState what="The pings" failure={pings.failure} onRetry={pings.refetch} />
    return <Skeleton lines={4} />
  }
  return (
    <Panel title="Pings" actions={<StaleBadge of={pings} />}>
      {mayOperate && <Address checkId={check.id} />}
      {pings.data.length === 0 ? (
        <EmptyState title="No ping has come yet">The check says nothing before the first one.</EmptyState>
      ) : (
        <PingTable pings={pings.data} />
      )}
    </Panel>
  )
}

/** The whole id is the operator's: whoever knows it can ping. */
function Address({ checkId }: { readonly checkId: string }) {
  const definition = useCall('checks.definition', { id: checkId })
  const id = definition.data?.config['id']
  return typeof id === 'string' ? <PingAddress pingId={id} /> : null
}

const shown = 10

function PingTable({ pings }: { readonly pings: readonly PingView[] }) {
  const zone = useZone()
  return (
    <table className={cx(css['table'])}>
      <thead>
        <tr>
          <th scope="col">Ping</th>
          <th scope="col">Came</th>
          <th scope="col">Run</th>
          <th scope="col">From</th>
          <th scope="col">Said</th>
        </tr>
      </thead>
      <tbody>
        {pings.slice(0, shown).map((ping, index) => (
          // Two pings may be alike to the millisecond; their place is their identity.
          // biome-ignore lint/suspicious/noArrayIndexKey: as said above
          <tr key={index}>
            <td>
              <StateMark state={states[ping.kind]} word={wordOf(ping)} />
            </td>
            <td>{formatInstant(ping.at, zone)}</td>
            <td>{ping.durationMs === null ? '' : formatDuration(ping.durationMs)}</td>
            <td>
              {ping.method} {ping.remoteAddress}
            </td>
            <td>{ping.body !== '' && <pre className={cx(css['body'])}>{ping.body}</pre>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const states = { success: 'up', fail: 'down', start: 'unobserved', log: 'unobserved' } as const

function wordOf({ kind, exitStatus }: PingView): string {
  return exitStatus === null ? kind : `${kind} (${exitStatus})`
}
