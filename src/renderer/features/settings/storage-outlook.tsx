/** Where storage is heading: its size by kind over the last days, and the arithmetic of what is to come. */
import type { StorageOutlook } from '#shared/contract/care.ts'
import { TimeSeriesChart } from '../../charts/time-series-chart.tsx'
import { useCall } from '../../client/use-call.ts'
import { formatInstant } from '../../format/instant.ts'
import { formatValue } from '../../format/unit.ts'
import { useZone } from '../../theme/appearance.ts'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { Answer, EmptyState, Skeleton, StaleBadge } from '../../ui/placeholder.tsx'
import css from './care.module.css'
import { SettingBlock } from './setting-row.tsx'

const dayMs = 86_400_000

export function StorageOutlookPanel() {
  const outlook = useCall('storage.outlook', {}, { everyMs: 300_000 })
  return (
    <SettingBlock keywords="storage forecast growth days until full disk limit">
      <Panel title="Growth" note={<StaleBadge of={outlook} />}>
        <Answer of={outlook} what="The outlook" loading={<Skeleton height={240} />}>
          {(data) => (data.growth === null ? <NotYet /> : <Outlook outlook={data} growth={data.growth} />)}
        </Answer>
      </Panel>
    </SettingBlock>
  )
}

function NotYet() {
  return (
    <EmptyState title="Less than a day was recorded">Growth is told when there is a day to compare with.</EmptyState>
  )
}

function Outlook({
  outlook,
  growth,
}: {
  readonly outlook: StorageOutlook
  readonly growth: NonNullable<StorageOutlook['growth']>
}) {
  const zone = useZone()
  const { room, limitBytes } = outlook
  const { perDay, arithmetic } = inWords(growth, zone)
  const chart = chartOf(outlook, growth)
  return (
    <div className={cx(css['stack'])}>
      <p>{conclusion(outlook, growth)}</p>
      <TimeSeriesChart
        title="Bytes on disk, and where they are heading"
        unit="bytes"
        times={chart.times}
        stepMs={outlook.stepMs}
        series={chart.series}
        range={chart.range}
        min={0}
        thresholds={room.what === 'limit' ? [{ value: limitBytes, label: 'limit', tone: 'degraded' }] : []}
        height={180}
      />
      <p className={cx(css['small'], css['sum'])}>
        {arithmetic} = {perDay} a day.
        {room.bytes !== null &&
          room.days !== null &&
          ` ${formatValue(room.bytes, 'bytes')} of room / ${perDay} = ${wholeDays(room.days)}.`}
      </p>
    </div>
  )
}

function inWords(
  { thenBytes, nowBytes, days, bytesPerDay, fromAt }: NonNullable<StorageOutlook['growth']>,
  zone: string,
) {
  const [now, then] = [formatValue(nowBytes, 'bytes'), formatValue(thenBytes, 'bytes')]
  return {
    perDay: signed(bytesPerDay),
    arithmetic: `(${now} now - ${then} at ${formatInstant(fromAt, zone)}) / ${days.toFixed(1)} days`,
  }
}

function conclusion({ room }: StorageOutlook, { bytesPerDay }: { readonly bytesPerDay: number }): string {
  if (bytesPerDay <= 0) return 'Storage does not grow.'
  const end = room.what === 'limit' ? 'the limit is reached and the oldest raw days go' : 'the disk is full'
  if (room.days === null) return `Storage grows by ${signed(bytesPerDay)} a day.`
  return `At this pace ${end} in ${wholeDays(room.days)}.`
}

/** The total as it was, and a straight line on from it for as long again, or until there is no room. */
function chartOf(outlook: StorageOutlook, { nowBytes, bytesPerDay }: NonNullable<StorageOutlook['growth']>) {
  const { at, stepMs, kinds } = outlook
  const first = outlook.times.findIndex((_, index) => kinds.some(({ values }) => values[index] != null))
  const past = outlook.times.slice(Math.max(0, first))
  const ahead = Math.max(1, past.length)
  const future = Array.from({ length: ahead }, (_, i) => (past.at(-1) ?? at) + (i + 1) * stepMs)
  const times = [...past, ...future]
  const counted =
    outlook.room.what === 'limit' ? kinds.filter(({ kind }) => kind !== 'backups' && kind !== 'set-aside') : kinds
  const total = past.map((_, i) => {
    const values = counted.map(({ values: all }) => all[Math.max(0, first) + i] ?? null)
    return values.every((value) => value === null) ? null : values.reduce<number>((sum, value) => sum + (value ?? 0), 0)
  })
  const forecast = times.map((time) =>
    time < (past.at(-1) ?? at) ? null : nowBytes + (bytesPerDay * (time - at)) / dayMs,
  )
  return {
    times,
    range: { from: times[0] ?? at, to: (times.at(-1) ?? at) + stepMs },
    series: [
      { id: 'total', label: 'recorded', values: [...total, ...future.map(() => null)], style: 0 },
      {
        id: 'forecast',
        label: 'at this pace',
        values: forecast.map((value) => (value === null ? null : Math.max(0, value))),
        style: 5,
      },
    ],
  }
}

const signed = (bytes: number) => `${bytes < 0 ? '-' : ''}${formatValue(Math.abs(bytes), 'bytes')}`
const wholeDays = (days: number) => (days > 3650 ? 'more than ten years' : `${Math.max(0, Math.floor(days))} days`)
