/** Whether an answer is the one that was wanted. Pure: the same answer and configuration give the same verdict. */
import type { Reason } from '#shared/contract/checks.ts'
import type { Assertion } from '#shared/contract/evidence.ts'
import { occurs } from '../network/pattern.ts'
import { shorten } from '../network/text.ts'
import type { HttpConfig } from './config.ts'
import { assertJson } from './json-assertions.ts'
import { statusExpected } from './status-ranges.ts'

export interface Facts {
  readonly status: number
  readonly statusText: string
  readonly body: Buffer
  readonly durationMs: number
  /** Null without TLS. May be negative. */
  readonly certificateDaysLeft: number | null
}

export interface Verdict {
  readonly outcome: 'up' | 'degraded' | 'down'
  readonly reason: Reason
  /** In the order they were checked: status, certificate, body, JSON, latency. */
  readonly assertions: readonly Assertion[]
  readonly failedRegex: boolean
}

interface Checked {
  /** The reason's when it is broken. */
  readonly code: string
  readonly assertion: Assertion
}

export function judge(config: HttpConfig, facts: Facts): Verdict {
  const checked = [
    ...statusOf(config, facts),
    ...certificateOf(config, facts),
    ...bodyOf(config, facts),
    ...latencyOf(config, facts),
  ]
  const failed = checked.filter(({ assertion }) => !assertion.passed)
  const broken = failed.find(({ assertion }) => assertion.level === 'down') ?? failed[0]
  const assertions = checked.map(({ assertion }) => assertion)
  const failedRegex = failed.some(({ code }) => code === 'body-no-match')
  if (broken === undefined) {
    const message = `${facts.status} ${facts.statusText}`.trim()
    return { outcome: 'up', reason: { code: 'ok', message }, assertions, failedRegex }
  }
  const { what, expected, actual, level } = broken.assertion
  const message = `${what}: expected ${expected}, got ${shorten(actual, 200)}.`
  return { outcome: level, reason: { code: broken.code, message }, assertions, failedRegex }
}

function statusOf({ expectedStatus }: HttpConfig, { status }: Facts): Checked[] {
  return [
    {
      code: 'status',
      assertion: {
        what: 'Status',
        expected: expectedStatus,
        actual: String(status),
        passed: statusExpected(status, expectedStatus),
        level: 'down',
      },
    },
  ]
}

function certificateOf(config: HttpConfig, { certificateDaysLeft }: Facts): Checked[] {
  if (certificateDaysLeft === null) return []
  const limit = (days: number | null, level: Assertion['level']): Checked[] =>
    days === null
      ? []
      : [
          {
            code: 'certificate-expiring',
            assertion: {
              what: 'Certificate',
              expected: `valid for more than ${days} days`,
              actual: `${Math.floor(certificateDaysLeft)} days`,
              passed: certificateDaysLeft > days,
              level,
            },
          },
        ]
  return [...limit(config.certificateFailDays, 'down'), ...limit(config.certificateWarnDays, 'degraded')]
}

function bodyOf(config: HttpConfig, facts: Facts): Checked[] {
  const wanted = config.bodyContains.length + config.bodyLacks.length + config.bodyMatches.length + config.json.length
  if (wanted === 0) return []
  const text = facts.body.toString('utf8')
  const beginning = () => (text === '' ? 'an empty body' : `"${shorten(text, 200)}"`)
  const body = (code: string, what: string, expected: string, passed: boolean): Checked => ({
    code,
    assertion: {
      what,
      expected: `"${shorten(expected, 200)}"`,
      actual: passed ? 'as expected' : beginning(),
      passed,
      level: 'down',
    },
  })
  return [
    ...config.bodyContains.map((one) => body('body-missing', 'Body contains', one, text.includes(one))),
    ...config.bodyLacks.map((one) => body('body-forbidden', 'Body does not contain', one, !text.includes(one))),
    ...config.bodyMatches.map((one) => body('body-no-match', 'Body matches', one, occurs(one, text))),
    ...jsonOf(config, text),
  ]
}

function jsonOf(config: HttpConfig, text: string): Checked[] {
  if (config.json.length === 0) return []
  const document = parseJson(text)
  const code = document === null ? 'json-invalid' : 'json-mismatch'
  return config.json.map((expected) => ({ code, assertion: assertJson(document, expected) }))
}

function parseJson(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return null
  }
}

function latencyOf(config: HttpConfig, { durationMs }: Facts): Checked[] {
  const limit = (limitMs: number | null, level: Assertion['level']): Checked[] =>
    limitMs === null
      ? []
      : [
          {
            code: 'too-slow',
            assertion: {
              what: 'Duration',
              expected: `at most ${limitMs} ms`,
              actual: `${Math.round(durationMs)} ms`,
              passed: durationMs <= limitMs,
              level,
            },
          },
        ]
  return [...limit(config.failMs, 'down'), ...limit(config.warnMs, 'degraded')]
}
