import type { CollectorView } from '#shared/contract/host.ts'
import type { Settings } from '#shared/contract/settings.ts'
import { useCall } from '../../client/use-call.ts'
import { formatAgo, formatDuration } from '../../format/duration.ts'
import { formatValue, noValue } from '../../format/unit.ts'
import { useNow } from '../../format/use-now.ts'
import { Panel } from '../../ui/panel.tsx'
import { Answer } from '../../ui/placeholder.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { Cell, HeaderCell, Row, Table } from '../../ui/table.tsx'
import { NumberSetting } from './setting-controls.tsx'
import { SettingBlock } from './setting-row.tsx'

export function CollectionSection({
  settings,
  isDisabled,
}: {
  readonly settings: Settings
  readonly isDisabled: boolean
}) {
  const { fastMs, mediumMs, slowMs } = settings.collection
  return (
    <Panel title="Collection">
      <NumberSetting
        title="Fast tier"
        hint="CPU, memory, load, network: 1 s to 1 min"
        keywords="collection interval collector"
        unit="ms"
        value={fastMs}
        patch={(value) => ({ collection: { fastMs: value } })}
        isDisabled={isDisabled}
      />
      <NumberSetting
        title="Medium tier"
        hint="Disks, processes: 5 s to 10 min"
        keywords="collection interval collector"
        unit="ms"
        value={mediumMs}
        patch={(value) => ({ collection: { mediumMs: value } })}
        isDisabled={isDisabled}
      />
      <NumberSetting
        title="Slow tier"
        hint="What hardly changes: 30 s to 1 h"
        keywords="collection interval collector"
        unit="ms"
        value={slowMs}
        patch={(value) => ({ collection: { slowMs: value } })}
        isDisabled={isDisabled}
      />
      <SettingBlock keywords="collectors collection">
        <Collectors />
      </SettingBlock>
    </Panel>
  )
}

function Collectors() {
  const collectors = useCall('host.collectors', {}, { everyMs: 10_000 })
  return (
    <Answer of={collectors} what="Collectors">
      {(list) => (
        <Table label="Collectors">
          <thead>
            <tr>
              <HeaderCell>Collector</HeaderCell>
              <HeaderCell>Tier</HeaderCell>
              <HeaderCell isNumber>Every</HeaderCell>
              <HeaderCell isNumber>Last run</HeaderCell>
              <HeaderCell isNumber>Took</HeaderCell>
              <HeaderCell isNumber>Samples</HeaderCell>
            </tr>
          </thead>
          <tbody>
            {list.map((collector) => (
              <CollectorRow key={collector.kind} collector={collector} />
            ))}
          </tbody>
        </Table>
      )}
    </Answer>
  )
}

function CollectorRow({ collector }: { readonly collector: CollectorView }) {
  const now = useNow()
  const { title, tier, everyMs, lastAt, lastDurationMs, samples, problem } = collector
  return (
    <Row>
      <Cell>
        <StateMark state={problem ? 'unknown' : 'up'} word={title} />
        {problem && ` ${problem}`}
      </Cell>
      <Cell isMuted>{tier}</Cell>
      <Cell isNumber>{formatDuration(everyMs)}</Cell>
      <Cell isNumber>{lastAt === null ? noValue : formatAgo(lastAt, now)}</Cell>
      <Cell isNumber>{formatValue(lastDurationMs, 'milliseconds')}</Cell>
      <Cell isNumber>{samples}</Cell>
    </Row>
  )
}
