/** Steps one after the other, each an HTTP probe of its own with the values and cookies of those before it. */

import { explainedParse } from '#shared/config/explain.ts'
import type { Outcome } from '#shared/contract/checks.ts'
import type { Evidence, StepEvidence } from '#shared/contract/evidence.ts'
import { HttpConfig } from '../http-probe/config.ts'
import { evidenceOf } from '../http-probe/evidence.ts'
import { type Visit, visitUrl } from '../http-probe/probe.ts'
import type { ProbeOutcome, ProbePorts } from '../kind.ts'
import { down, type Failure } from '../network/failure.ts'
import { shorten } from '../network/text.ts'
import { type JourneyConfig, type JourneyStep, stepName } from './config.ts'
import { createCookieJar } from './cookie-jar.ts'
import { extract } from './extract.ts'
import { masked } from './mask.ts'
import { journeyOutcome } from './outcome.ts'
import { filled, type Values } from './template.ts'

/** All that is kept of a run's assertions: fifty steps may have hundreds each. */
const mostAssertions = 150
const longestLine = 300

interface Walked {
  readonly evidence: StepEvidence
  readonly visit: Visit | null
  readonly config: HttpConfig | null
  readonly outcome: Outcome
  readonly reason: { readonly code: string; readonly message: string }
}

export async function probeJourney(
  config: JourneyConfig,
  ports: ProbePorts,
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  const startedMs = ports.clock.monotonicMs()
  const jar = createCookieJar(ports.clock)
  const values = new Map(config.secrets.map(({ name, secret }) => [name, secret]))
  const hidden = new Set(values.values())
  const walked: Walked[] = []
  for (const [index, step] of config.steps.entries()) {
    const startMs = ports.clock.monotonicMs() - startedMs
    const one = await walk(step, index)
    walked.push({ ...one, evidence: { ...one.evidence, startMs } })
    if (one.outcome === 'down' || one.outcome === 'unknown') break
  }

  async function walk(step: JourneyStep, index: number): Promise<Walked> {
    const http = httpConfigOf(step, config, values)
    if (!http.ok) return stepOf(step, index, null, null, http.failure)
    const visit = await visitUrl(http.config, ports, signal, jar)
    if (visit.outcome === 'down' || visit.outcome === 'unknown' || visit.answer === null) {
      return stepOf(step, index, visit, http.config, visit)
    }
    const url = visit.hops.at(-1)?.request.url ?? new URL(http.config.url)
    for (const wanted of step.extract) {
      const taken = extract(wanted, visit.answer, url, jar)
      if (!taken.ok) {
        const failure = down('value-missing', `The value {{${wanted.name}}} could not be taken: ${taken.problem}.`)
        return stepOf(step, index, visit, http.config, failure)
      }
      values.set(wanted.name, taken.value)
      if (wanted.masked) hidden.add(taken.value)
    }
    return stepOf(step, index, visit, http.config, visit)
  }

  const last = walked.at(-1)
  const own: Evidence = last?.visit && last.config ? evidenceOf(last.config, last.visit) : {}
  return masked(
    journeyOutcome({
      names: config.steps.map(stepName),
      steps: withoutExcess(walked.map(({ evidence }) => evidence)),
      durationMs: ports.clock.monotonicMs() - startedMs,
      code: last?.reason.code ?? 'ok',
      evidence: own,
    }),
    [...hidden],
  )
}

/** The step as an HTTP check, values put in; the values may not fit, for they came from the target. */
function httpConfigOf(
  step: JourneyStep,
  journey: JourneyConfig,
  values: Values,
): { ok: true; config: HttpConfig } | { ok: false; failure: Failure } {
  const { name: _, extract: __, ...own } = step
  const { steps: ___, secrets: ____, ...shared } = journey
  const put = (text: string) => filled(text, values)
  const parsed = explainedParse(HttpConfig, {
    ...shared,
    ...own,
    url: put(own.url),
    body: put(own.body),
    headers: Object.fromEntries(Object.entries(own.headers).map(([name, value]) => [name, put(value)])),
    bodyContains: own.bodyContains.map(put),
    bodyLacks: own.bodyLacks.map(put),
    json: own.json.map((one) => (one.operator === 'matches' ? one : { ...one, value: put(one.value) })),
  })
  if (parsed.ok) return { ok: true, config: parsed.value }
  const issue = parsed.issues[0]
  const where = issue?.path.join('.') ?? 'the step'
  return { ok: false, failure: down('value-unfit', `With its values put in, ${where} is wrong: ${issue?.message}.`) }
}

function stepOf(
  step: JourneyStep,
  index: number,
  visit: Visit | null,
  config: HttpConfig | null,
  { outcome, reason }: Pick<Visit, 'outcome' | 'reason'>,
): Walked {
  return {
    visit,
    config,
    outcome,
    reason,
    evidence: {
      name: stepName(step, index),
      line: shorten(`${step.method} ${config?.url ?? step.url}`, longestLine),
      outcome,
      message: reason.message,
      startMs: 0,
      durationMs: visit?.durationMs ?? 0,
      phases: [...(visit?.phases ?? [])],
      assertions: [...(visit?.verdict?.assertions ?? [])],
    },
  }
}

/** Those that failed stay; of the others as many as there is room for. */
function withoutExcess(steps: readonly StepEvidence[]): StepEvidence[] {
  let left = mostAssertions
  return steps.map((step) => {
    const assertions = step.assertions.filter(({ passed }) => !passed || left-- > 0)
    return { ...step, assertions }
  })
}
