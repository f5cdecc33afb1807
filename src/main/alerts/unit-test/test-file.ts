/** A file of promtool's unit tests, checked and with its instants in milliseconds. */
import { parse } from 'yaml'
import { z } from 'zod'
import { AppError } from '#shared/contract/errors.ts'
import { parseDurationMs } from '#shared/promql/duration.ts'
import { parseNumber } from '#shared/promql/literals.ts'

/** Everything is text first: YAML's own ideas of numbers and truth are not Prometheus's. */
const text = z.string()
const duration = text.transform((given, context) => {
  const durationMs = parseDurationMs(given.trim())
  if (durationMs === null) context.addIssue(`expected a duration such as 5m, got "${given}"`)
  return durationMs ?? 0
})
const number = text.transform((given, context) => {
  const value = parseNumber(given.trim().replace(/^([+-]?)\.(inf|nan)$/i, '$1$2'))
  if (value === null) context.addIssue(`expected a number, got "${given}"`)
  return value ?? 0
})
/** A key without a value is an empty list, or an empty mapping. */
const nothing = z.literal('')
const list = <T extends z.ZodType>(item: T) =>
  z.union([z.array(item), nothing.transform((): z.output<T>[] => [])]).default([])
const texts = z.union([z.record(text, text), nothing.transform((): Record<string, string> => ({}))]).default({})

const AlertTest = z.strictObject({
  eval_time: duration.default(0),
  alertname: text.default(''),
  exp_alerts: list(z.strictObject({ exp_labels: texts, exp_annotations: texts })),
})

const ExprTest = z.strictObject({
  expr: text,
  eval_time: duration.default(0),
  exp_samples: list(z.strictObject({ labels: text.default('{}'), value: number.default(0) })),
})

const TestGroup = z.strictObject({
  name: text.default(''),
  interval: duration.optional(),
  input_series: list(z.strictObject({ series: text, values: text })),
  alert_rule_test: list(AlertTest),
  promql_expr_test: list(ExprTest),
  external_labels: texts,
  external_url: text.optional(),
})

const TestFile = z.strictObject({
  rule_files: list(text),
  evaluation_interval: duration.default(60_000),
  group_eval_order: list(text),
  tests: list(TestGroup),
})

export type TestFile = z.infer<typeof TestFile>
export type TestGroup = z.infer<typeof TestGroup>
export type AlertTest = z.infer<typeof AlertTest>
export type ExprTest = z.infer<typeof ExprTest>

/** Throws AppError `invalid` with the place of what is wrong. */
export function parseTestFile(source: string): TestFile {
  let document: unknown
  try {
    document = parse(source, { schema: 'failsafe' })
  } catch (error) {
    throw new AppError('invalid', `no valid YAML: ${error instanceof Error ? error.message : String(error)}`)
  }
  const parsed = TestFile.safeParse(document)
  if (!parsed.success) {
    const lines = parsed.error.issues.map(
      ({ path, message }) => `${path.map(String).join('.') || 'the file'}: ${message}`,
    )
    throw new AppError('invalid', lines.join('\n'))
  }
  const { group_eval_order: order, evaluation_interval: intervalMs } = parsed.data
  const twice = order.find((name, index) => order.indexOf(name) !== index)
  if (twice !== undefined) throw new AppError('invalid', `group name repeated in evaluation order: ${twice}`)
  if (intervalMs <= 0) throw new AppError('invalid', 'evaluation_interval: expected more than 0')
  return parsed.data
}
