/**
 * One test of a file: its series, its rules evaluated again and again as time passes, and what was expected of them. It
 * is Belfry's own evaluator, rules and state machine that are tested; only what Belfry adds to Prometheus stays out: an
 * alert whose series vanish is over at once, and a rule without data is just that.
 */
import { evaluateExpression } from '#main/rules/evaluate-rule.ts'
import { createExpander } from '#main/rules/expand.ts'
import type { Pace } from '#main/rules/pace.ts'
import { recordedSeries } from '#main/rules/recorded-series.ts'
import type { AlertingRule, Rule, RuleGroup } from '#main/rules/rule.ts'
import { AppError } from '#shared/contract/errors.ts'
import { advance, type Episode } from '#shared/domain/alert-machine.ts'
import type { Labels } from '#shared/domain/series.ts'
import { compileTemplate } from '#shared/domain/template/template.ts'
import type { EvaluationOptions } from '#shared/promql/evaluation.ts'
import { type Parsed, parsePromql } from '#shared/promql/parse.ts'
import type { Sample } from '#shared/promql/values.ts'
import { alertSeries } from '../alert-series.ts'
import { sightsOf } from '../sights.ts'
import { seriesIdentity, seriesValues } from './notation.ts'
import { alertFailure, durationText, type ExpectedAlert, exprFailure } from './report.ts'
import { sampleBook } from './sample-book.ts'
import type { AlertTest, ExprTest, TestGroup } from './test-file.ts'

export interface GroupOutcome {
  readonly passed: number
  /** One for each expectation that was not met, as promtool words it. */
  readonly failures: readonly string[]
}

export interface GroupOptions {
  readonly groups: readonly RuleGroup[]
  readonly evaluationIntervalMs: number
  readonly evaluation: EvaluationOptions
}

/** A test has the thread to itself. */
const noPace: Pace = { isDue: () => false, turn: async () => {} }

/** Rejects with AppError `invalid` where the test itself is wrong. */
export async function runGroup(test: TestGroup, options: GroupOptions): Promise<GroupOutcome> {
  const { groups, evaluationIntervalMs } = options
  const metrics = sampleBook()
  const feed = feedOf(test, options)
  const recorded = recordedSeries(metrics)
  const alerts = alertSeries(metrics)
  /** By rule id, then by fingerprint. */
  const live = new Map<string, Map<string, Episode>>()
  const failures: string[] = []
  let passed = 0

  const answerTo = (parsed: Parsed, at: number) =>
    evaluateExpression(parsed, {
      ...{ metrics, at, signal: new AbortController().signal, pace: noPace, options: options.evaluation },
    })
  const query = async (expression: string, at: number) => (await answerTo(parsePromql(expression), at)).samples

  async function evaluate(group: RuleGroup, rule: Rule, at: number): Promise<void> {
    const askedAt = at - group.queryOffsetMs
    const answer = await answerTo(rule.parsed, askedAt)
    if (rule.type === 'record') return recorded.write(rule, answer.samples, askedAt, group.limit, noPace)
    const expander = createExpander((expression) => query(expression, at), test.external_labels)
    const plain: AlertingRule = { ...rule, annotations: asWritten(rule), noData: 'ok', onError: 'keep' }
    const sights = await sightsOf(plain, { answer }, () => ({}), expander, noPace, group.limit)
    if (sights.health === 'error') throw new AppError('invalid', sights.problem ?? 'it failed')
    const before = live.get(rule.id) ?? new Map<string, Episode>()
    const after = new Map<string, Episode>()
    const { forMs, keepFiringForMs } = rule.draft
    const timing = { forMs, keepFiringForMs, longestGapMs: Number.POSITIVE_INFINITY }
    for (const fingerprint of new Set([...before.keys(), ...sights.active.keys()])) {
      const sight = sights.active.get(fingerprint) ?? { type: 'false' as const }
      const { episode } = advance(before.get(fingerprint) ?? null, sight, at, timing, fingerprint)
      if (episode) after.set(fingerprint, episode)
    }
    live.set(rule.id, after)
    await alerts.write(rule.id, after.values(), askedAt, noPace)
  }

  /** False when a rule failed: then there is nothing more to expect. */
  async function evaluateAll(at: number): Promise<boolean> {
    const before = failures.length
    for (const group of groups) {
      for (const rule of group.rules) {
        try {
          await evaluate(group, rule, at)
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          failures.push(`    rule: ${rule.name}, time: ${durationText(at)}, err: ${error.message}`)
        }
      }
    }
    return failures.length === before
  }

  function firing(alertname: string): ExpectedAlert[] {
    return groups.flatMap(({ rules }) =>
      rules
        .filter((rule) => rule.type === 'alert' && rule.name === alertname)
        .flatMap(({ id }) => [...(live.get(id)?.values() ?? [])])
        .filter(({ state }) => state === 'firing' || state === 'recovering')
        .map(({ labels, annotations }) => ({ labels, annotations })),
    )
  }

  function check(test: AlertTest, groupName: string): void {
    const expected = test.exp_alerts.map(({ exp_labels, exp_annotations }) => ({
      labels: withoutEmpty({ ...exp_labels, alertname: test.alertname }),
      annotations: exp_annotations,
    }))
    const failure = alertFailure(groupName, test.alertname, test.eval_time, expected, firing(test.alertname))
    if (failure === null) passed++
    else failures.push(failure)
  }

  async function checkExpr(expected: ExprTest): Promise<void> {
    try {
      const got = await query(expected.expr, expected.eval_time)
      const wanted = expected.exp_samples.map(({ labels, value }): Sample => ({ labels: named(labels), value, at: 0 }))
      const failure = exprFailure(test.name, expected.expr, expected.eval_time, wanted, got)
      if (failure === null) passed++
      else failures.push(failure)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      failures.push(
        `    expr: ${JSON.stringify(expected.expr)}, time: ${durationText(expected.eval_time)}, err: ${error.message}`,
      )
    }
  }

  const nameless = test.alert_rule_test.find(({ alertname }) => alertname === '')
  if (nameless) {
    const at = durationText(nameless.eval_time)
    throw new AppError(
      'invalid',
      `    an item under alert_rule_test misses required attribute alertname at eval_time ${at}`,
    )
  }
  const endAt = Math.max(0, ...[...test.alert_rule_test, ...test.promql_expr_test].map((one) => one.eval_time))
  const checks = test.alert_rule_test.toSorted((a, b) => a.eval_time - b.eval_time)
  for (let at = 0; at <= endAt; at += evaluationIntervalMs) {
    feed(at, metrics)
    if (!(await evaluateAll(at))) return { passed, failures }
    for (const one of checks) {
      if (one.eval_time >= at && one.eval_time < at + evaluationIntervalMs) check(one, test.name)
    }
  }
  for (const one of test.promql_expr_test) await checkExpr(one)
  return { passed, failures }
}

/** To promtool Belfry's options are annotations like others. */
function asWritten(rule: AlertingRule): AlertingRule['annotations'] {
  const options = Object.entries(rule.draft.annotations).flatMap(([name, text]) => {
    const template = Object.hasOwn(rule.annotations, name) ? null : compileTemplate(text)
    return template?.ok ? [[name, template.render] as const] : []
  })
  return { ...rule.annotations, ...Object.fromEntries(options) }
}

/** Hands over the samples of the input series up to an instant, each once. */
function feedOf(test: TestGroup, { evaluationIntervalMs }: GroupOptions) {
  const intervalMs = test.interval ?? evaluationIntervalMs
  const series = test.input_series.map(({ series: text, values }) => ({
    identity: seriesIdentity(text),
    values: seriesValues(values),
  }))
  let next = 0
  return (at: number, metrics: ReturnType<typeof sampleBook>) => {
    for (; next * intervalMs <= at; next++) {
      for (const { identity, values } of series) {
        const value = values[next]
        const handle =
          value === null || value === undefined ? undefined : metrics.series(identity.name, identity.labels)
        if (!handle || value === null || value === undefined) continue
        if (value === 'stale') metrics.markStale(next * intervalMs, [handle])
        else metrics.append(next * intervalMs, [[handle, value]])
      }
      if (intervalMs <= 0) return
    }
  }
}

function named(text: string): Labels {
  const { name, labels } = seriesIdentity(text)
  return name === '' ? labels : { __name__: name, ...labels }
}

const withoutEmpty = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([, text]) => text !== ''))
