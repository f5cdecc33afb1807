/** In which order rules are listed, and which match what was typed. */
import type { RuleGroupView, RuleView } from '#shared/contract/alerts.ts'
import type { Sort } from '../../ui/table.tsx'

export type RuleColumn = 'name' | 'severity' | 'firing' | 'health' | 'origin'

const severityRanks: Readonly<Record<string, number>> = { info: 1, warning: 2, error: 3, critical: 4 }
const healthRanks: Readonly<Record<RuleView['health'], number>> = { ok: 0, waiting: 1, nodata: 2, error: 3 }

/** A sorted copy; equals by name. What fires counts more than what is pending. */
export function sortRules(rules: readonly RuleView[], sort: Sort<RuleColumn>): readonly RuleView[] {
  const direction = sort.isDescending ? -1 : 1
  return [...rules].sort(
    (a, b) =>
      direction * compare(a, b, sort.column) || a.rule.alert.localeCompare(b.rule.alert) || (a.id < b.id ? -1 : 1),
  )
}

/** Every word must occur in the name, the expression, a label or the file. */
export function rulesMatching(rules: readonly RuleView[], text: string): readonly RuleView[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return rules
  return rules.filter(({ rule, file, group }) => {
    const labels = Object.entries(rule.labels).map(([name, value]) => `${name}=${value}`)
    const haystack = [rule.alert, rule.expr, file, group, ...labels].join('\n').toLowerCase()
    return words.every((word) => haystack.includes(word))
  })
}

/** Groups with the rules in which every word occurs; a group whose own name or file has them all keeps all its rules. */
export function groupsMatching(groups: readonly RuleGroupView[], text: string): readonly RuleGroupView[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return groups
  const has = (haystack: string) => words.every((word) => haystack.toLowerCase().includes(word))
  return groups
    .map((group) => {
      if (has(`${group.name}\n${group.file}`)) return group
      const rules = group.rules.filter((rule) =>
        has(rule.type === 'alert' ? `${rule.rule.alert}\n${rule.rule.expr}` : `${rule.record}\n${rule.expr}`),
      )
      return { ...group, rules }
    })
    .filter(({ rules }) => rules.length > 0)
}

function compare(a: RuleView, b: RuleView, column: RuleColumn): number {
  switch (column) {
    case 'name':
      return a.rule.alert.localeCompare(b.rule.alert)
    case 'severity':
      return (
        (severityRanks[a.rule.labels['severity'] ?? ''] ?? 0) - (severityRanks[b.rule.labels['severity'] ?? ''] ?? 0)
      )
    case 'firing':
      return a.firing - b.firing || a.pending - b.pending || healthRanks[a.health] - healthRanks[b.health]
    case 'health':
      return healthRanks[a.health] - healthRanks[b.health]
    case 'origin':
      return a.origin.localeCompare(b.origin)
  }
}
