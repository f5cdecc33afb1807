import type { Settings, StorageUsage } from '#shared/contract/settings.ts'
import { seriesStyle } from '../../charts/series-colors.ts'
import { useCall } from '../../client/use-call.ts'
import { formatInstant } from '../../format/instant.ts'
import { formatCount, formatValue } from '../../format/unit.ts'
import { useZone } from '../../theme/appearance.ts'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { Answer, Skeleton, StaleBadge } from '../../ui/placeholder.tsx'
import { NumberSetting } from './setting-controls.tsx'
import { SettingBlock } from './setting-row.tsx'
import css from './settings.module.css'
import { StorageOutlookPanel } from './storage-outlook.tsx'

const mebibyte = 1024 * 1024

export function StorageSection({
  settings,
  isDisabled,
}: {
  readonly settings: Settings
  readonly isDisabled: boolean
}) {
  const { rawDays, fiveMinuteDays, hourDays, maxActiveSeries, maxBytes } = settings.storage
  const usage = useCall('settings.storage', {}, { everyMs: 30_000 })
  return (
    <>
      <Panel title="Storage" note={<StaleBadge of={usage} />}>
        <SettingBlock keywords="storage bytes disk usage samples series">
          <div className={cx(css['block'])}>
            <Answer of={usage} what="Storage" loading={<Skeleton height={96} />}>
              {(data) => <Usage usage={data} />}
            </Answer>
          </div>
        </SettingBlock>
        <NumberSetting
          title="Keep raw samples"
          hint="Every sample as it was measured"
          keywords="retention storage"
          unit="days"
          value={rawDays}
          patch={(value) => ({ storage: { rawDays: value } })}
          isDisabled={isDisabled}
        />
        <NumberSetting
          title="Keep 5 min summaries"
          hint="Beyond raw: average, least, largest, increase"
          keywords="retention storage"
          unit="days"
          value={fiveMinuteDays}
          patch={(value) => ({ storage: { fiveMinuteDays: value } })}
          isDisabled={isDisabled}
        />
        <NumberSetting
          title="Keep 1 h summaries"
          keywords="retention storage"
          unit="days"
          value={hourDays}
          patch={(value) => ({ storage: { hourDays: value } })}
          isDisabled={isDisabled}
        />
        <NumberSetting
          title="Most active series"
          hint="Further ones are refused and told"
          keywords="cardinality budget storage"
          unit="series"
          value={maxActiveSeries}
          patch={(value) => ({ storage: { maxActiveSeries: value } })}
          isDisabled={isDisabled}
        />
        <NumberSetting
          title="Most history on disk"
          hint="Beyond it the oldest raw days go first; backups apart. 0: no limit"
          keywords="storage limit size bytes retention"
          unit="MiB"
          value={Math.round(maxBytes / mebibyte)}
          patch={(value) => ({ storage: { maxBytes: value * mebibyte } })}
          isDisabled={isDisabled}
        />
      </Panel>
      <StorageOutlookPanel />
    </>
  )
}

function Usage({ usage }: { readonly usage: StorageUsage }) {
  const zone = useZone()
  const { kinds, diskFreeBytes, activeSeries, samplesStored, refusedSeries, oldestSampleAt } = usage
  const used = kinds.reduce((sum, { bytes }) => sum + bytes, 0)
  return (
    <div className={cx(css['usage'])}>
      <div className={cx(css['usageHead'])}>
        <strong className={cx(css['figure'])}>{formatValue(used, 'bytes')}</strong>
        <span className={cx(css['muted'])}>
          on disk{diskFreeBytes !== null && `, ${formatValue(diskFreeBytes, 'bytes')} free`}
        </span>
      </div>
      <div className={cx(css['bytesBar'])} aria-hidden="true">
        {kinds.map(({ kind, bytes }, index) => (
          <span
            key={kind}
            style={{
              width: used === 0 ? 0 : `${(bytes / used) * 100}%`,
              background: `var(${seriesStyle(index).token})`,
              opacity: index < 4 ? 1 : 0.55,
            }}
          />
        ))}
      </div>
      <ul className={cx(css['legend'])}>
        {kinds.map(({ kind, title, bytes }, index) => (
          <li key={kind}>
            <span
              className={cx(css['swatch'])}
              style={{ background: `var(${seriesStyle(index).token})`, opacity: index < 4 ? 1 : 0.55 }}
            />
            {title} <span className={cx(css['muted'])}>{formatValue(bytes, 'bytes')}</span>
          </li>
        ))}
      </ul>
      <p className={cx(css['muted'])}>
        {formatCount(activeSeries)} active series, {formatCount(samplesStored)} samples
        {oldestSampleAt !== null && `, the oldest of ${formatInstant(oldestSampleAt, zone)}`}.
        {refusedSeries > 0 && ` ${formatCount(refusedSeries)} series were refused: raise "Most active series".`}
      </p>
    </div>
  )
}
