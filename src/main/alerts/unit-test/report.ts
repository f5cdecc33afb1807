/** What promtool says of expectations that were not met. Source: prometheus/cmd/promtool/unittest.go */

import type { Labels } from '#shared/domain/series.ts'
import { formatDurationMs } from '#shared/promql/duration.ts'
import { labelKey, type Sample } from '#shared/promql/values.ts'

export interface ExpectedAlert {
  readonly labels: Labels
  readonly annotations: Labels
}

export const durationText = (ms: number) => formatDurationMs(ms)

/** Null when they are the same, in any order. */
export function alertFailure(
  test: string,
  alertname: string,
  at: number,
  expected: readonly ExpectedAlert[],
  got: readonly ExpectedAlert[],
): string | null {
  const [wanted, found] = [expected, got].map((alerts) => shownAlerts(alerts))
  if (wanted === found) return null
  const where = `${nameLine(test)}    alertname: ${alertname}, time: ${durationText(at)}, `
  return `${where}\n        exp:${indented(wanted ?? '')}, \n        got:${indented(found ?? '')}`
}

/** Null when they are the same, in any order. No number is the same as NaN, as in promtool. */
export function exprFailure(
  test: string,
  expr: string,
  at: number,
  expected: readonly Sample[],
  got: readonly Sample[],
): string | null {
  const [wanted, found] = [sorted(expected), sorted(got)]
  const isSame =
    wanted.length === found.length &&
    wanted.every(({ labels, value }, index) => {
      const other = found[index]
      return other !== undefined && labelKey(labels) === labelKey(other.labels) && value === other.value
    })
  if (isSame) return null
  const where = `${nameLine(test)}    expr: ${JSON.stringify(expr)}, time: ${durationText(at)},`
  return `${where}\n        exp: ${shownSamples(wanted)}\n        got: ${shownSamples(found)}`
}

const nameLine = (test: string) => (test === '' ? '' : `    name: ${test},\n`)

const sorted = (samples: readonly Sample[]) =>
  samples.toSorted((a, b) => (labelKey(a.labels) < labelKey(b.labels) ? -1 : 1))

function shownSamples(samples: readonly Sample[]): string {
  if (samples.length === 0) return 'nil'
  return samples.map(({ labels, value }) => `${shownLabels(labels)} ${shownValue(value)}`).join(', ')
}

/** As Go's strconv writes floats with an exponent. */
function shownValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const [digits, exponent = '0'] = value.toExponential().split('e')
  const power = Number(exponent)
  return `${digits}E${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

function shownLabels(labels: Labels): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`)
  return `{${pairs.join(', ')}}`
}

function shownAlerts(alerts: readonly ExpectedAlert[]): string {
  if (alerts.length === 0) return '[]'
  const shown = alerts
    .map(({ labels, annotations }) => `\n  Labels:${shownLabels(labels)}\n  Annotations:${shownLabels(annotations)}`)
    .sort()
  return `[\n${shown.map((alert, index) => `${index}:${alert}`).join(',\n')}\n]`
}

/** All lines but the first. */
const indented = (text: string) => text.replaceAll('\n', '\n            ')
