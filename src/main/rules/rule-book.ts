/**
 * All rules there are: the shipped presets, the operator's own and other files of the configuration directory. A rule of
 * the operator's takes the place of a preset with the same name. What is wrong is left out and named.
 */
import { glob, readFile } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { systemErrorText } from '#main/files/system-error.ts'
import { loadRules } from './load-rules.ts'
import type { AlertingRule, RuleGroup, RuleProblem } from './rule.ts'

/** The file that screens write, relative to the configuration directory. */
export const ownRulesFile = 'rules/own.yml'

export interface RuleBook {
  readonly groups: readonly RuleGroup[]
  readonly problems: readonly RuleProblem[]
}

export interface RuleBookSources {
  /** Holds `rules/*.yml`, the presets. */
  readonly resourcesDir: string
  readonly configDirectory: string
  /** Relative to the configuration directory; globs allowed. */
  readonly patterns: readonly string[]
  /** What prometheus.yml names: absolute globs, and how often groups are evaluated that do not say. */
  readonly further?: { readonly patterns: readonly string[]; readonly everyMs: number }
}

/** Reads every file again. Never rejects: a directory that cannot be read is a problem like any other. */
export async function loadRuleBook(sources: RuleBookSources): Promise<RuleBook> {
  const { resourcesDir, configDirectory, patterns, further = { patterns: [], everyMs: 0 } } = sources
  const presets = await loadFiles(join(resourcesDir, 'rules'), ['*.yml'], (name) => ({
    name: `preset/${name}`,
    origin: 'preset',
  }))
  if (presets.groups.length === 0) {
    const message = 'expected the shipped rules here, found none; reinstall Belfry'
    presets.problems.push({ file: join(resourcesDir, 'rules'), line: null, message })
  }
  const theirs = await loadFiles(configDirectory, patterns, (name) => ({
    name,
    origin: name === ownRulesFile ? 'own' : 'file',
  }))
  const known = new Set(theirs.paths)
  const named = await loadFiles(configDirectory, further.patterns, (name) => ({ name, origin: 'file' }), {
    everyMs: further.everyMs,
    known,
  })
  theirs.groups.push(...named.groups)
  theirs.problems.push(...named.problems)
  const taken = new Set(theirs.groups.flatMap(({ rules }) => rules.map(({ name }) => name)))
  const kept = presets.groups.map((group) => ({ ...group, rules: group.rules.filter(({ name }) => !taken.has(name)) }))
  return {
    groups: [...kept, ...theirs.groups].filter(({ rules }) => rules.length > 0),
    problems: [...presets.problems, ...theirs.problems],
  }
}

type Naming = (path: string) => { name: string; origin: RuleGroup['origin'] }

/** `known`: files that are read already. */
async function loadFiles(
  directory: string,
  patterns: readonly string[],
  naming: Naming,
  { everyMs, known = new Set() }: { readonly everyMs?: number; readonly known?: ReadonlySet<string> } = {},
) {
  const groups: RuleGroup[] = []
  const problems: RuleProblem[] = []
  const paths = new Set<string>()
  for (const pattern of patterns) {
    try {
      for await (const path of glob(pattern, { cwd: directory })) paths.add(resolve(directory, path))
    } catch (error) {
      problems.push({ file: join(directory, pattern), line: null, message: systemErrorText(error) })
    }
  }
  const fresh = [...paths].filter((path) => !known.has(path)).sort()
  for (const path of fresh) {
    const within = relative(directory, path)
    const { name, origin } = naming((within.startsWith('..') ? path : within).split(sep).join('/'))
    try {
      const loaded = loadRules(name, await readFile(path, 'utf8'), origin, everyMs)
      groups.push(...loaded.groups)
      problems.push(...loaded.problems)
    } catch (error) {
      problems.push({ file: name, line: null, message: systemErrorText(error) })
    }
  }
  return { groups, problems, paths: fresh }
}

/** The alerting rules of all groups, in order. */
export function alertingRules(groups: readonly RuleGroup[]): { group: RuleGroup; rule: AlertingRule }[] {
  return groups.flatMap((group) => group.rules.flatMap((rule) => (rule.type === 'alert' ? [{ group, rule }] : [])))
}
