/** Whether the records that came are those that were wanted. Pure. */
import { isIPv6 } from 'node:net'
import type { Reason } from '#shared/contract/checks.ts'
import type { Assertion } from '#shared/contract/evidence.ts'
import { shortestIPv6 } from '../network/host.ts'
import { occurs } from '../network/pattern.ts'
import { shorten } from '../network/text.ts'
import type { DnsConfig } from './config.ts'
import type { DnsAnswer } from './message.ts'

export interface Verdict {
  readonly outcome: 'up' | 'down' | 'unknown'
  readonly reason: Reason
  readonly assertions: readonly Assertion[]
}

/** `isOwn`: the answer is from the resolver of this machine, whose refusal says nothing about the name. */
export function judge(config: DnsConfig, subject: string, answer: DnsAnswer, isOwn: boolean): Verdict {
  const { expectedCode, type } = config
  const values = answer.answers.filter((record) => record.type === type).map(({ value }) => value)
  const code = assertion('Code', expectedCode, answer.code, answer.code === expectedCode)
  if (!code.passed) {
    const outcome = isOwn && answer.code === 'REFUSED' && expectedCode === 'NOERROR' ? 'unknown' : 'down'
    return { outcome, reason: codeReason(subject, expectedCode, answer.code), assertions: [code] }
  }
  if (expectedCode !== 'NOERROR') return up(`${subject} is answered ${answer.code}, as expected.`, [code])
  const came = values.length === 0 ? 'nothing' : shorten(values.join(', '), 300)
  if (values.length === 0) {
    const message = `The name is there, but has no ${type} record: ${subject}.`
    return { outcome: 'down', reason: { code: 'dns-no-records', message }, assertions: [code] }
  }
  if (config.expected.length === 0) return up(`${subject}: ${came}.`, [code])
  const wanted = assertion(modeWords[config.mode], config.expected.join(', '), came, asExpected(config, values))
  if (wanted.passed) return up(`${subject}: ${came}.`, [code, wanted])
  const message = `${subject} is not as expected: expected ${modeWords[config.mode]} ${shorten(wanted.expected, 300)}, came ${came}.`
  return { outcome: 'down', reason: { code: 'dns-mismatch', message }, assertions: [code, wanted] }
}

const modeWords = {
  anyOf: 'at least one of',
  allOf: 'all of',
  exactly: 'exactly',
  matches: 'matches of',
} satisfies Record<DnsConfig['mode'], string>

function asExpected({ mode, expected }: DnsConfig, values: readonly string[]): boolean {
  if (mode === 'matches') return values.every((value) => expected.some((pattern) => occurs(pattern, value)))
  const came = new Set(values.map(comparable))
  const wanted = new Set(expected.map(comparable))
  switch (mode) {
    case 'anyOf':
      return [...wanted].some((value) => came.has(value))
    case 'allOf':
      return [...wanted].every((value) => came.has(value))
    case 'exactly':
      return came.size === wanted.size && [...wanted].every((value) => came.has(value))
  }
}

/** Names without case and last dot, IPv6 addresses in one spelling, so that what is the same compares as the same. */
function comparable(value: string): string {
  if (isIPv6(value)) return shortestIPv6(value)
  return value.toLowerCase().replace(/\.$/, '')
}

function codeReason(subject: string, expected: string, came: string): Reason {
  const sentences: Readonly<Record<string, string>> = {
    NOERROR: `${subject} is answered, though ${expected} was expected.`,
    NXDOMAIN: `There is no such name: ${subject}.`,
    SERVFAIL: `The server could not find out about ${subject}: the servers of its zone are broken or unreachable.`,
    REFUSED: `The server refuses to answer for ${subject}.`,
  }
  const message = sentences[came] ?? `The server answered ${came} for ${subject}; expected ${expected}.`
  return { code: `dns-${came.toLowerCase()}`, message }
}

function up(message: string, assertions: readonly Assertion[]): Verdict {
  return { outcome: 'up', reason: { code: 'ok', message }, assertions }
}

function assertion(what: string, expected: string, actual: string, passed: boolean): Assertion {
  return { what, expected: shorten(expected, 300), actual: shorten(actual, 300), passed, level: 'down' }
}
