import type { ComponentHealth } from '#shared/contract/console.ts'
import type { OutputOf } from '#shared/contract/index.ts'
import type { Settings } from '#shared/contract/settings.ts'
import { useCall } from '../../client/use-call.ts'
import { formatDuration } from '../../format/duration.ts'
import { formatValue } from '../../format/unit.ts'
import { useNow } from '../../format/use-now.ts'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { Answer, StaleBadge } from '../../ui/placeholder.tsx'
import { type Mark, StateMark } from '../../ui/state-mark.tsx'
import { Cell, HeaderCell, Row, Table } from '../../ui/table.tsx'
import { DoctorPanel } from './doctor-panel.tsx'
import { ChoiceSetting, NumberSetting, SwitchSetting } from './setting-controls.tsx'
import { SettingBlock } from './setting-row.tsx'
import css from './settings.module.css'

const healthMarks: Readonly<Record<ComponentHealth['status'], Mark>> = {
  healthy: 'up',
  degraded: 'degraded',
  unhealthy: 'down',
}

/** How the console is reached and what it writes down of itself. */
export function ConsoleSection({
  settings,
  isDisabled,
}: {
  readonly settings: Settings
  readonly isDisabled: boolean
}) {
  return (
    <Panel title="This console" note="Listener changes apply at the next start">
      <SwitchSetting
        title="Serve in the browser"
        hint="On this machine only, with a login link or a token"
        keywords="console http listener web"
        value={settings.console.enabled}
        patch={(enabled) => ({ console: { enabled } })}
        isDisabled={isDisabled}
      />
      <NumberSetting
        title="Port"
        hint="0 takes any free one"
        keywords="console http listener web"
        unit="port"
        value={settings.console.port}
        patch={(port) => ({ console: { port } })}
        isDisabled={isDisabled}
      />
      <ChoiceSetting
        title="Log level"
        hint="Of Belfry's own log"
        keywords="console logging debug"
        value={settings.logLevel}
        options={(['debug', 'info', 'warn', 'error'] as const).map((id) => ({ id, label: id }))}
        shownAs="list"
        patch={(logLevel) => ({ logLevel })}
        isDisabled={isDisabled}
      />
    </Panel>
  )
}

export function AboutSection() {
  const info = useCall('console.info', {})
  const health = useCall('console.health', {}, { on: { 'console.healthChanged': (_, now) => now }, everyMs: 30_000 })
  return (
    <SettingBlock keywords="about version data directory config file health components doctor">
      <Panel title="About">
        <Answer of={info} what="The console's facts">
          {(data) => <Facts info={data} />}
        </Answer>
      </Panel>
      <Panel title="Belfry's own health" note={<StaleBadge of={health} />} isPadded={false}>
        <Answer of={health} what="Health">
          {({ components }) => (
            <Table label="Components">
              <thead>
                <tr>
                  <HeaderCell>Component</HeaderCell>
                  <HeaderCell>What it says</HeaderCell>
                  <HeaderCell isNumber>Answers in</HeaderCell>
                </tr>
              </thead>
              <tbody>
                {components.map(({ name, status, message, hint, responseTimeMs }) => (
                  <Row key={name}>
                    <Cell>
                      <StateMark state={healthMarks[status]} word={name} />
                    </Cell>
                    <Cell className={cx(css['wrapped'])}>
                      {message}
                      {hint && <span className={cx(css['muted'])}> {hint}</span>}
                    </Cell>
                    <Cell isNumber>{formatValue(responseTimeMs, 'milliseconds')}</Cell>
                  </Row>
                ))}
              </tbody>
            </Table>
          )}
        </Answer>
      </Panel>
      <DoctorPanel />
    </SettingBlock>
  )
}

function Facts({ info }: { readonly info: OutputOf<'console.info'> }) {
  const now = useNow()
  const { version, host, platform, hostname, startedAt, dataDir, configFile, caller } = info
  return (
    <dl className={cx(css['facts'])}>
      <dt>Version</dt>
      <dd>
        {version}, {host === 'electron' ? 'desktop' : 'served'} on {hostname} ({platform})
      </dd>
      <dt>Running</dt>
      <dd>for {formatDuration(Math.max(0, now - startedAt))}</dd>
      <dt>You are</dt>
      <dd>
        {caller.name}, {caller.role}
      </dd>
      <dt>Configuration</dt>
      <dd>
        <code>{configFile}</code>
      </dd>
      <dt>Data</dt>
      <dd>
        <code>{dataDir}</code>
      </dd>
    </dl>
  )
}
