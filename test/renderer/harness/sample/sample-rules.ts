/** Groups of the sample rules, and a day of backtest. */
import type { Backtest, BacktestQuestion, RuleDraft, RuleGroupView, RuleView } from '#shared/contract/alerts.ts'

const minute = 60_000

export function sampleGroups(rules: readonly RuleView[]): RuleGroupView[] {
  const ids = [...new Set(rules.map(({ file, group }) => `${file};${group}`))]
  return ids.map((id) => {
    const members = rules.filter(({ file, group }) => `${file};${group}` === id)
    const [first] = members
    const at = first?.lastEvaluatedAt ?? null
    return {
      id,
      name: first?.group ?? '',
      file: first?.file ?? '',
      origin: first?.origin ?? 'own',
      everyMs: first?.everyMs ?? 15_000,
      ...{ limit: 0, queryOffsetMs: 0, lastEvaluatedAt: at, lastDurationMs: 2.4, skipped: 0 },
      rules: [
        ...members.map((rule) => ({ type: 'alert' as const, ...rule, alerts: [] })),
        {
          ...{ type: 'record' as const, id: `${id};job:requests:rate5m`, record: 'job:requests:rate5m' },
          ...{ expr: 'sum by (job) (rate(http_requests_total[5m]))', labels: {}, health: 'ok' as const },
          ...{ problem: null, lastEvaluatedAt: at, lastDurationMs: 0.8 },
        },
      ],
    }
  })
}

export function sampleBacktest({ from, to, everyMs }: BacktestQuestion): Backtest {
  const at = from + (to - from) / 3
  return {
    ...{ from, to, stepMs: everyMs, tiers: [{ tier: 'raw', from, to }], durationMs: 120 },
    ...{ observedMs: to - from - 30 * minute, unobserved: [{ from, to: from + 30 * minute }] },
    ...{ fired: 2, firingMs: 25 * minute, seriesSeen: 3, seriesLeftOut: 0 },
    series: [
      {
        labels: { instance: 'db-1' },
        ...{ fired: 2, firingMs: 25 * minute, pendingMs: 10 * minute, worst: 0.97 },
        intervals: [
          { state: 'pending', from: at, to: at + 5 * minute },
          { state: 'firing', from: at + 5 * minute, to: at + 20 * minute },
          { state: 'pending', from: at + 60 * minute, to: at + 65 * minute },
          { state: 'firing', from: at + 65 * minute, to: at + 75 * minute },
        ],
      },
    ],
  }
}

export const samplePreview = ({ alert, expr }: RuleDraft) => ({
  ...{ file: 'rules/own.yml', isNew: false },
  diff: `@@ -2,3 +2,5 @@\n groups:\n   - name: own\n     rules:\n+      - alert: ${alert}\n+        expr: ${expr}\n`,
})
