/** What an edit is about, as it stands in a configuration: two people who change the same are told, others are not. Pure. */
import type { SettingsPatch } from '#shared/contract/settings.ts'
import type { ConfigEdit } from './config-edit.ts'
import { type BelfryConfig, type ConfiguredEntry, writtenOf } from './config-file.ts'
import { type EntryList, nounOf } from './read-checks.ts'

/** Equal texts mean that what the edit is about is the same. `touched`: ids that the edit gave to what it made. */
export function objectOf(config: BelfryConfig, edit: ConfigEdit, touched: readonly string[] = []): string {
  switch (edit.edit) {
    case 'saveCheck':
      return entriesIn(config.checks, edit.id === null ? touched : [edit.id])
    case 'removeCheck':
      return entriesIn(config.checks, [edit.id])
    case 'setChecksEnabled':
    case 'editChecks':
      return entriesIn(config.checks, edit.ids)
    case 'saveCollector':
      return entriesIn(config.collectors, edit.id === null ? touched : [edit.id])
    case 'removeCollector':
      return entriesIn(config.collectors, [edit.id])
    case 'setCollectorsEnabled':
      return entriesIn(config.collectors, edit.ids)
    case 'saveSettings':
      return JSON.stringify(settingsIn(config, edit.patch))
    case 'setRuleEnabled':
      return String(config.rules.disabled.includes(edit.alert))
    case 'saveWall':
      return wallsIn(config, [edit.name ?? edit.wall.name, edit.wall.name])
    case 'removeWall':
      return wallsIn(config, [edit.name])
  }
}

/** All entries that the edit is not about: equal texts mean that it left them alone. */
export function elsewhereOf(config: BelfryConfig, { edit }: ConfigEdit, touched: readonly string[]): string {
  const ids = new Set(touched)
  const about: EntryList = edit.includes('Collector') ? 'collectors' : 'checks'
  const others = (list: EntryList) => config[list].filter(({ id }) => list !== about || !ids.has(id))
  return JSON.stringify([others('checks'), others('collectors')])
}

function entriesIn<D>(entries: readonly ConfiguredEntry<D>[], ids: readonly string[]): string {
  const wanted = new Set(ids)
  return JSON.stringify(entries.filter(({ id }) => wanted.has(id)).map((entry) => [entry.id, writtenOf(entry)]))
}

function wallsIn({ walls }: BelfryConfig, names: readonly string[]): string {
  return JSON.stringify(walls.filter(({ name }) => names.includes(name)))
}

/** The present values of what a patch names. */
function settingsIn({ settings }: BelfryConfig, patch: SettingsPatch): unknown {
  return present(settings, patch)
}

function present(value: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return value
  const fields = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  return Object.entries(patch)
    .filter(([, one]) => one !== undefined)
    .map(([name, one]) => [name, present(fields[name], one)])
}

/** An edit in words, for the list of what can be taken back. */
export function summaryOf(edit: ConfigEdit, config: BelfryConfig): string {
  const named = (id: string, list: EntryList = 'checks') =>
    `"${config[list].find((entry) => entry.id === id)?.draft.name ?? id}"`
  const counted = (ids: readonly string[], list: EntryList = 'checks') =>
    ids.length === 1 ? `the ${nounOf[list]} ${named(ids[0] ?? '', list)}` : `${ids.length} ${list}`
  switch (edit.edit) {
    case 'saveCheck':
      return `${edit.id === null ? 'Add' : 'Change'} the check "${edit.draft.name}"`
    case 'removeCheck':
      return `Remove the check ${named(edit.id)}`
    case 'setChecksEnabled':
      return `${edit.enabled ? 'Resume' : 'Pause'} ${counted(edit.ids)}`
    case 'editChecks':
      return `Change ${counted(edit.ids)}`
    case 'saveCollector':
      return `${edit.id === null ? 'Add' : 'Change'} the collector "${edit.draft.name}"`
    case 'removeCollector':
      return `Remove the collector ${named(edit.id, 'collectors')}`
    case 'setCollectorsEnabled':
      return `${edit.enabled ? 'Resume' : 'Pause'} ${counted(edit.ids, 'collectors')}`
    case 'saveSettings':
      return `Change settings: ${Object.keys(edit.patch).join(', ')}`
    case 'setRuleEnabled':
      return `Switch the rule ${edit.alert} ${edit.enabled ? 'on' : 'off'}`
    case 'saveWall':
      return `${edit.name === null ? 'Add' : 'Change'} the wall "${edit.wall.title}"`
    case 'removeWall':
      return `Remove the wall "${edit.name}"`
  }
}
