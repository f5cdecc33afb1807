/** One PostgreSQL probe: connects, logs in, asks the server what it is, runs the query in a transaction that only reads. */
import type { Client } from 'pg'
import type { Assertion } from '#shared/contract/evidence.ts'
import type { ProbeOutcome, ProbePorts, ProbeSample } from '../kind.ts'
import { type Attempt, openConnection } from '../network/connect.ts'
import { deadlineFailure, type Failure } from '../network/failure.ts'
import { joinHostPort } from '../network/host.ts'
import { occurs } from '../network/pattern.ts'
import { shorten, withoutSecrets } from '../network/text.ts'
import type { PostgresConfig } from './config.ts'
import { guardedStream } from './guarded-stream.ts'
import { refusalOf } from './refusal.ts'
import { asked, clientOf, goodbye, tlsOf, untilAborted } from './session.ts'

/** What is known of the server, however far the probe came. */
interface Seen {
  attempt: Attempt
  failure: Failure | null
  version: string | null
  /** Follows another server and only reads. */
  inRecovery: boolean | null
  readOnly: boolean | null
  /** Null before the query was answered. */
  answer: { readonly value: string | null; readonly rows: number } | null
}

export async function probePostgres(
  config: PostgresConfig,
  ports: ProbePorts,
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  const { clock } = ports
  const startedMs = clock.monotonicMs()
  const { host, port, ipVersion } = config
  const subject = joinHostPort(host, port)
  const attempt = await openConnection({ host, port, ipVersion, tls: tlsOf(config) }, clock, signal)
  const seen: Seen = {
    attempt,
    failure: attempt.failure,
    version: null,
    inRecovery: null,
    readOnly: null,
    answer: null,
  }
  const phases = [...attempt.phases]
  const measured = async (name: string, work: () => Promise<unknown>) => {
    const fromMs = clock.monotonicMs()
    try {
      await untilAborted(work(), signal)
    } finally {
      phases.push({ name, durationMs: clock.monotonicMs() - fromMs })
    }
  }
  const socket = attempt.connection?.socket
  if (socket !== undefined) {
    const client = clientOf(config, guardedStream(socket))
    try {
      await measured('auth', () => client.connect())
      await measured('query', () => question(client, config, seen))
      socket.write(goodbye)
    } catch (error) {
      seen.failure = signal.aborted ? deadlineFailure('processing', subject) : refusalOf(error, subject)
    } finally {
      socket.destroySoon()
    }
    if (signal.aborted) socket.destroy()
  }
  const checked = judge(config, subject, seen)
  const broken = checked.find(({ passed }) => !passed)
  const { outcome, reason } =
    seen.failure ??
    (broken
      ? { outcome: 'down' as const, reason: { code: broken.code, message: broken.sentence } }
      : { outcome: 'up' as const, reason: { code: 'ok', message: 'The query was answered.' } })
  const assertions = checked.map(({ code: _, sentence: __, ...assertion }) => assertion)
  const probed = { outcome, reason, durationMs: clock.monotonicMs() - startedMs, phases, samples: samplesOf(seen) }
  return withoutSecrets({ ...probed, evidence: evidenceOf(seen, assertions) }, [config.password])
}

const serverQuestion =
  "SELECT pg_is_in_recovery()::text, current_setting('server_version'), current_setting('default_transaction_read_only')"

async function question(client: Client, { query }: PostgresConfig, seen: Seen): Promise<void> {
  await client.query('BEGIN READ ONLY')
  const [[recovery, version, readOnly] = []] = (await asked(client, serverQuestion)).rows
  seen.inRecovery = recovery === 'true'
  seen.version = version ?? null
  seen.readOnly = readOnly === 'on'
  const { rows } = await asked(client, query)
  seen.answer = { value: rows[0]?.[0] ?? null, rows: rows.length }
}

interface Checked extends Assertion {
  readonly code: string
  readonly sentence: string
}

function judge(config: PostgresConfig, subject: string, { failure, inRecovery, readOnly, answer }: Seen): Checked[] {
  if (failure !== null || answer === null) return []
  const checked: Checked[] = []
  const assert = (code: string, what: string, expected: string, actual: string, passed: boolean, sentence: string) =>
    checked.push({ code, what, expected, actual, passed, level: 'down', sentence: `${subject} ${sentence}.` })
  if (config.role !== 'any') {
    const role = inRecovery ? 'replica' : readOnly ? 'primary that only reads' : 'primary'
    const codes = { replica: 'read-only-replica', 'primary that only reads': 'read-only', primary: 'wrong-role' }
    const code = config.role === 'primary' ? codes[role] : 'wrong-role'
    const passed = config.role === 'replica' ? inRecovery === true : role === 'primary'
    assert(code, 'Role', config.role, role, passed, `is a ${role}; expected a ${config.role}`)
  }
  const { value } = answer
  const came = value === null ? (answer.rows === 0 ? 'no row' : 'NULL') : shorten(value, 300)
  if (config.expected !== '') {
    const sentence = `answered the query with ${came}; expected ${shorten(config.expected, 300)}`
    assert('value-mismatch', 'Value', config.expected, came, value === config.expected, sentence)
  }
  if (config.expectedPattern !== '') {
    const passed = value !== null && occurs(config.expectedPattern, value)
    const sentence = `answered the query with ${came}; expected a match of ${shorten(config.expectedPattern, 300)}`
    assert('value-mismatch', 'Value matches', config.expectedPattern, came, passed, sentence)
  }
  return checked
}

function samplesOf({ attempt, inRecovery, answer }: Seen): ProbeSample[] {
  const value = answer?.value ?? ''
  return [
    { name: 'probe_ip_protocol', value: attempt.connection?.ipVersion ?? 0 },
    ...(attempt.earliestExpiryAt === null
      ? []
      : [{ name: 'probe_ssl_earliest_cert_expiry', value: attempt.earliestExpiryAt / 1000 }]),
    ...(inRecovery === null ? [] : [{ name: 'probe_postgres_in_recovery', value: inRecovery ? 1 : 0 }]),
    // What the query counts is worth a chart and a rule.
    ...(/^-?\d{1,15}(\.\d+)?$/.test(value) ? [{ name: 'probe_postgres_value', value: Number(value) }] : []),
  ]
}

function evidenceOf({ attempt, version, inRecovery, readOnly, answer }: Seen, assertions: Assertion[]) {
  const rows = [
    ...(version === null ? [] : [{ name: 'version', value: shorten(version, 200) }]),
    ...(inRecovery === null ? [] : [{ name: 'role', value: inRecovery ? 'replica' : 'primary' }]),
    ...(readOnly ? [{ name: 'takes writes', value: 'no' }] : []),
    ...(answer === null
      ? []
      : [
          { name: 'rows', value: String(answer.rows) },
          { name: 'first value', value: answer.value === null ? 'NULL' : shorten(answer.value, 1000) },
        ]),
  ]
  return {
    ...(attempt.remoteAddress ? { remoteAddress: attempt.remoteAddress } : {}),
    ...(attempt.tls ? { tls: attempt.tls } : {}),
    ...(assertions.length > 0 ? { assertions } : {}),
    ...(rows.length > 0 ? { facts: [{ title: 'Server', note: '', rows }] } : {}),
  }
}
