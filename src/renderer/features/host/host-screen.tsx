/** This machine: what it is, how busy it is and was, what fills its disks, and which processes do it. */

import { SeriesPanel } from '../../charts/series-panel.tsx'
import { useCall } from '../../client/use-call.ts'
import { formatAge } from '../../format/duration.ts'
import { formatValue } from '../../format/unit.ts'
import { useNow } from '../../format/use-now.ts'
import { TimeRangePicker } from '../../time-range/time-range-picker.tsx'
import { cx } from '../../ui/class-names.ts'
import { ScreenHeader } from '../../ui/panel.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { FilesystemsPanel } from './filesystems-panel.tsx'
import css from './host-screen.module.css'
import * as host from './host-series.ts'
import { ProcessesPanel } from './processes-panel.tsx'

const noSamples = 'Belfry was not running then, or this part could not be read.'

export function HostScreen() {
  const facts = useCall('host.facts', {})
  const cores = facts.data?.cpuCount
  const memoryBytes = facts.data?.memoryBytes
  return (
    <div className={cx(css['screen'])}>
      <ScreenHeader title={facts.data?.hostname ?? 'This machine'} note={<Facts />} actions={<TimeRangePicker />} />
      <Problems />
      <div className={cx(css['charts'])}>
        <SeriesPanel
          title="CPU"
          unit="ratio"
          isStacked
          max={1}
          queries={host.cpuQueries}
          read={host.readCpu}
          empty={noSamples}
        />
        <SeriesPanel
          title="Load"
          note={cores ? `${cores} cores` : ''}
          unit="none"
          queries={host.loadQueries}
          read={host.readLoad}
          empty="This system has no load average."
        />
        <SeriesPanel
          title="Memory"
          unit="bytes"
          isStacked
          {...(memoryBytes ? { max: memoryBytes } : {})}
          queries={host.memoryQueries}
          read={host.readMemory}
          empty={noSamples}
        />
        <SeriesPanel
          title="Swap"
          unit="bytes"
          queries={host.swapQueries}
          read={host.readSwap}
          empty="This machine has no swap, or it was not observed."
        />
        <SeriesPanel
          title="Disks, read and written"
          unit="bytesPerSecond"
          queries={host.diskQueries}
          read={host.readDisks}
          empty={noSamples}
        />
        <SeriesPanel
          title="Disks, time busy"
          unit="ratio"
          max={1}
          queries={host.diskBusyQueries}
          read={host.readDiskBusy}
          empty="This system does not tell how busy its disks are."
        />
        <SeriesPanel
          title="Network"
          unit="bitsPerSecond"
          queries={host.networkQueries}
          read={host.readNetwork}
          empty={noSamples}
        />
        <SeriesPanel
          title="Network, errors and drops"
          unit="perSecond"
          queries={host.networkErrorQueries}
          read={host.readNetworkErrors}
          empty="No packet was dropped and none was faulty."
        />
        <SeriesPanel
          title="Temperatures"
          unit="celsius"
          queries={host.temperatureQueries}
          read={host.readTemperatures}
          empty="This machine shows no temperature sensors."
        />
        <FilesystemsPanel />
      </div>
      <ProcessesPanel />
    </div>
  )
}

function Facts() {
  const facts = useCall('host.facts', {})
  const now = useNow()
  if (!facts.data) return null
  const { operatingSystem, cpuModel, cpuCount, memoryBytes, bootAt } = facts.data
  const parts = [
    operatingSystem,
    `${cpuCount} × ${cpuModel}`,
    formatValue(memoryBytes, 'bytes'),
    bootAt === null ? null : `up ${formatAge(now - bootAt)}`,
  ]
  return <>{parts.filter(Boolean).join(' · ')}</>
}

/** Parts of the machine that could not be read: said here, never drawn as zero. */
function Problems() {
  const collectors = useCall('host.collectors', {}, { everyMs: 30_000 })
  const troubled = collectors.data?.filter(({ problem }) => problem !== null) ?? []
  if (troubled.length === 0) return null
  return (
    <ul className={cx(css['problems'])}>
      {troubled.map(({ kind, title, problem }) => (
        <li key={kind}>
          <StateMark state="unknown" word={null} /> <strong>{title}:</strong> {problem}
        </li>
      ))}
    </ul>
  )
}
