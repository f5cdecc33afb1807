import { useMemo } from 'react'
import type { OutputOf } from '#shared/contract/index.ts'
import { ofOwnMachine } from '#shared/domain/own-machine.ts'
import { useCall } from '../../client/use-call.ts'
import { formatRatio, formatValue } from '../../format/unit.ts'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { Answer, EmptyState, StaleBadge } from '../../ui/placeholder.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import css from './host-screen.module.css'

type Latest = OutputOf<'metrics.latest'>

interface Filesystem {
  readonly mountpoint: string
  readonly device: string
  readonly sizeBytes: number
  /** What a user may still write. */
  readonly availableBytes: number
  /** 0..1 of what a user could write in all. */
  readonly usedRatio: number
}

/** From these shares on the shipped rules warn. */
const warningRatio = 0.8
const criticalRatio = 0.9

const refresh = { on: { 'metrics.advanced': 'refetch' }, atMostEveryMs: 30_000 } as const

/** How full each file system is now, the fullest first. */
export function FilesystemsPanel() {
  const sizes = useCall('metrics.latest', { metric: 'node_filesystem_size_bytes', matchers: [ofOwnMachine] }, refresh)
  const available = useCall(
    'metrics.latest',
    { metric: 'node_filesystem_avail_bytes', matchers: [ofOwnMachine] },
    refresh,
  )
  const filesystems = useMemo(() => filesystemsOf(sizes.data ?? [], available.data ?? []), [sizes.data, available.data])
  return (
    <Panel title="Disk space" note={<StaleBadge of={sizes} />}>
      <Answer of={sizes} what="Disk space">
        {() =>
          filesystems.length === 0 ? (
            <EmptyState title="No file system was seen in the last minutes">
              They are read every 30 s while Belfry runs.
            </EmptyState>
          ) : (
            <ul className={cx(css['filesystems'])}>
              {filesystems.map((filesystem) => (
                <FilesystemBar key={filesystem.mountpoint} filesystem={filesystem} />
              ))}
            </ul>
          )
        }
      </Answer>
    </Panel>
  )
}

function FilesystemBar({ filesystem }: { readonly filesystem: Filesystem }) {
  const { mountpoint, device, sizeBytes, availableBytes, usedRatio } = filesystem
  const level = usedRatio >= criticalRatio ? 'critical' : usedRatio >= warningRatio ? 'warning' : null
  return (
    <li className={cx(css['filesystem'])}>
      <span className={cx(css['mount'])} title={`${mountpoint} on ${device}`}>
        {mountpoint} <span className={cx(css['device'])}>{device}</span>
      </span>
      <span className={cx(css['numbers'])}>
        {level && <StateMark state={level} word={null} />} {formatRatio(usedRatio, 0)} ·{' '}
        {formatValue(availableBytes, 'bytes')} of {formatValue(sizeBytes, 'bytes')} free
      </span>
      <span className={cx(css['track'])}>
        <span className={cx(css['fill'], level && css[level])} style={{ width: `${usedRatio * 100}%` }} />
      </span>
    </li>
  )
}

function filesystemsOf(sizes: Latest, available: Latest): Filesystem[] {
  return sizes
    .flatMap(({ labels, value: sizeBytes }): Filesystem[] => {
      const { mountpoint = '', device = '' } = labels
      const free = available.find(
        (other) => other.labels['mountpoint'] === mountpoint && other.labels['device'] === device,
      )
      const availableBytes = free?.value ?? null
      if (sizeBytes === null || availableBytes === null || sizeBytes <= 0) return []
      return [{ mountpoint, device, sizeBytes, availableBytes, usedRatio: Math.max(0, 1 - availableBytes / sizeBytes) }]
    })
    .sort((a, b) => b.usedRatio - a.usedRatio)
}
