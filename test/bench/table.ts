/** The benchmark's table as text: columns as wide as their widest cell. */
import { type Goal, type Measure, ratioOf, verdictOf } from './scenario.ts'

export function formatTable(results: readonly { scenario: string; measures: readonly Measure[] }[]): string {
  const header = ['scenario', 'measured', 'Belfry', 'beside', 'ratio', 'goal', 'verdict']
  const rows = results.flatMap(({ scenario, measures }) =>
    measures.map((measure) => [
      scenario,
      measure.what,
      quantity(measure.belfry, measure.unit),
      peerText(measure),
      ratioText(measure),
      goalText(measure.goal, measure.unit),
      verdictOf(measure),
    ]),
  )
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
  return [header, widths.map((width) => '-'.repeat(width)), ...rows].map((row) => line(row).trimEnd()).join('\n')
}

function peerText({ peer, unit }: Measure): string {
  if (!peer) return '-'
  return 'value' in peer ? `${peer.name} ${quantity(peer.value, unit)}` : `${peer.name}: skipped, ${peer.skipped}`
}

function ratioText(measure: Measure): string {
  const ratio = ratioOf(measure)
  return ratio === null ? '-' : `${number(ratio)} x`
}

function goalText(goal: Goal | undefined, unit: string): string {
  if (!goal) return '-'
  if ('atMost' in goal) return `<= ${quantity(goal.atMost, unit)}`
  if ('atLeast' in goal) return `>= ${quantity(goal.atLeast, unit)}`
  return 'ratioAtMost' in goal ? `<= ${goal.ratioAtMost} x` : `>= ${goal.ratioAtLeast} x`
}

const quantity = (value: number, unit: string) => `${number(value)} ${unit}`

/** Three significant digits, thousands grouped. */
function number(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(3)))
}
