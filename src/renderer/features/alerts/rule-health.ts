import type { RuleView } from '#shared/contract/alerts.ts'
import type { Mark } from '../../ui/state-mark.tsx'

export const ruleHealthMarks: Readonly<Record<RuleView['health'], Mark>> = {
  ok: 'up',
  nodata: 'unknown',
  error: 'degraded',
  waiting: 'unobserved',
}
