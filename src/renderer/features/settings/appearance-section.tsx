import { useState } from 'react'
import type { Settings } from '#shared/contract/settings.ts'
import { formatInstant, zoneName } from '../../format/instant.ts'
import { useNow } from '../../format/use-now.ts'
import { useZone } from '../../theme/appearance.ts'
import { cx } from '../../ui/class-names.ts'
import { Segmented, TextField } from '../../ui/fields.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ChoiceSetting } from './setting-controls.tsx'
import { SettingRow } from './setting-row.tsx'
import css from './settings.module.css'
import { useSaveSetting } from './use-save-setting.ts'

export function AppearanceSection({
  settings,
  isDisabled,
}: {
  readonly settings: Settings
  readonly isDisabled: boolean
}) {
  const { theme, density } = settings.appearance
  return (
    <Panel title="Appearance and time">
      <ChoiceSetting
        title="Theme"
        keywords="dark light colour appearance"
        value={theme}
        options={[
          { id: 'system', label: 'Like the system' },
          { id: 'dark', label: 'Dark' },
          { id: 'light', label: 'Light' },
        ]}
        shownAs="segments"
        patch={(value) => ({ appearance: { theme: value } })}
        isDisabled={isDisabled}
      />
      <ChoiceSetting
        title="Density"
        hint="How much room rows take"
        keywords="compact comfortable appearance rows"
        value={density}
        options={[
          { id: 'comfortable', label: 'Comfortable' },
          { id: 'compact', label: 'Compact' },
        ]}
        shownAs="segments"
        patch={(value) => ({ appearance: { density: value } })}
        isDisabled={isDisabled}
      />
      <ZoneSetting settings={settings} isDisabled={isDisabled} />
      <SettingRow title="Units" hint="The same everywhere: axes, tables, exports" keywords="bytes bits">
        <p className={cx(css['muted'])}>Bytes in KiB, MiB, GiB; network in bit/s; shares in per cent.</p>
      </SettingRow>
    </Panel>
  )
}

type ZoneChoice = 'local' | 'UTC' | 'other'

function ZoneSetting({ settings, isDisabled }: { readonly settings: Settings; readonly isDisabled: boolean }) {
  const { timeZone } = settings.appearance
  const zone = useZone()
  const now = useNow()
  const { save, problem } = useSaveSetting()
  const saved: ZoneChoice = timeZone === 'local' || timeZone === 'UTC' ? timeZone : 'other'
  const [choice, setChoice] = useState<ZoneChoice>(saved)
  const [typed, setTyped] = useState(saved === 'other' ? timeZone : '')
  const set = (next: string) => {
    if (next === '' || next === timeZone) return
    void save('Time zone', { appearance: { timeZone: next } }, { appearance: { timeZone } })
  }
  const choose = (next: ZoneChoice) => {
    setChoice(next)
    if (next !== 'other') set(next)
  }
  return (
    <SettingRow
      title="Time zone"
      hint={`Now ${formatInstant(now, zone)} ${zoneName(now, zone)}`}
      keywords="utc local clock iana appearance"
      problem={problem}
    >
      {isDisabled ? (
        <p className={cx(css['muted'])}>{zone}</p>
      ) : (
        <>
          <Segmented
            label="Time zone"
            isLabelHidden
            options={[
              { id: 'local', label: 'Of this browser' },
              { id: 'UTC', label: 'UTC' },
              { id: 'other', label: 'Another' },
            ]}
            value={choice}
            onChange={choose}
          />
          {choice === 'other' && (
            // biome-ignore lint/a11y/noStaticElementInteractions: Enter in the field inside saves what was typed
            <div className={cx(css['zone'])} onKeyDown={(event) => event.key === 'Enter' && set(typed.trim())}>
              <TextField
                label="Name of the zone"
                isLabelHidden
                placeholder="Europe/Berlin"
                value={typed}
                onChange={setTyped}
                onBlur={() => set(typed.trim())}
                problem={typed.trim() === '' || isZone(typed.trim()) ? null : 'Expected a name such as Europe/Berlin.'}
              />
            </div>
          )}
        </>
      )}
    </SettingRow>
  )
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    // RangeError: the platform does not know the name.
    return false
  }
}
