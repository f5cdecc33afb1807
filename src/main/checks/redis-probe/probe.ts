/** One Redis probe: connects, says who it is, asks PING and looks at what the server says of itself. */
import type { Phase } from '#shared/contract/checks.ts'
import type { ProbeOutcome, ProbePorts } from '../kind.ts'
import { openConnection } from '../network/connect.ts'
import { deadlineFailure, down, type Failure, failureOf } from '../network/failure.ts'
import { joinHostPort } from '../network/host.ts'
import { readerOf } from '../network/reader.ts'
import { withoutSecrets } from '../network/text.ts'
import type { RedisConfig } from './config.ts'
import { factsOf, type Info, judge, parseInfo, samplesOf } from './info.ts'
import { commandBytes, mostReplyBytes, reply } from './resp.ts'
import { type Ask, greet, pinged, refusalOf } from './session.ts'

export async function probeRedis(config: RedisConfig, ports: ProbePorts, signal: AbortSignal): Promise<ProbeOutcome> {
  const { clock } = ports
  const startedMs = clock.monotonicMs()
  const { host, port, ipVersion } = config
  const subject = joinHostPort(host, port)
  const tls = config.tls ? { verify: config.verifyTls, authorities: config.authorities, alpn: [] } : null
  const attempt = await openConnection({ host, port, ipVersion, tls }, clock, signal)
  const talkedFromMs = clock.monotonicMs()
  const socket = attempt.connection?.socket ?? null
  const talk: Talk = { failure: attempt.failure, info: null }
  if (socket !== null) {
    const reader = readerOf(socket, mostReplyBytes + 1024, signal)
    const ask = (...words: string[]) => {
      socket.write(commandBytes(words))
      return reader.read(reply)
    }
    await converse(config, subject, ask, talk).catch((error: unknown) => {
      talk.failure = signal.aborted ? deadlineFailure('processing', subject) : failureOf(error, 'processing', subject)
    })
    reader.release()
    socket.destroy()
  }
  const endedMs = clock.monotonicMs()
  const checked = talk.info === null || talk.failure !== null ? [] : judge(config, subject, talk.info)
  const broken = checked.find((one) => !one.passed && one.level === 'down') ?? checked.find((one) => !one.passed)
  const { outcome, reason } =
    talk.failure ??
    (broken
      ? { outcome: broken.level, reason: { code: broken.code, message: broken.sentence } }
      : { outcome: 'up' as const, reason: { code: 'ok', message: 'PONG.' } })
  const spoken: Phase[] = socket === null ? [] : [{ name: 'commands', durationMs: endedMs - talkedFromMs }]
  const rows = talk.info === null ? [] : factsOf(talk.info)
  return withoutSecrets(
    {
      outcome,
      reason,
      durationMs: endedMs - startedMs,
      phases: [...attempt.phases, ...spoken],
      samples: [
        { name: 'probe_ip_protocol', value: attempt.connection?.ipVersion ?? 0 },
        ...(attempt.earliestExpiryAt === null
          ? []
          : [{ name: 'probe_ssl_earliest_cert_expiry', value: attempt.earliestExpiryAt / 1000 }]),
        ...(talk.info === null ? [] : samplesOf(talk.info)),
      ],
      evidence: {
        ...(attempt.remoteAddress ? { remoteAddress: attempt.remoteAddress } : {}),
        ...(attempt.tls ? { tls: attempt.tls } : {}),
        ...(checked.length > 0
          ? { assertions: checked.map(({ code: _, sentence: __, ...assertion }) => assertion) }
          : {}),
        ...(rows.length > 0 ? { facts: [{ title: 'Server', note: '', rows }] } : {}),
      },
    },
    [config.password],
  )
}

interface Talk {
  failure: Failure | null
  info: Info | null
}

async function converse(config: RedisConfig, subject: string, ask: Ask, talk: Talk): Promise<void> {
  talk.failure = (await greet(config, subject, ask)) ?? (await pinged(subject, ask))
  if (talk.failure !== null) return
  const info = await ask('INFO')
  if (info.type === 'text') talk.info = parseInfo(info.text)
  // Who may not ask for it can still be told that the server answers, unless something hangs on it.
  else if (config.role !== 'any' || config.warnMemoryPercent !== null || config.warnLagSeconds !== null) {
    talk.failure = refusalOf(info, subject) ?? down('protocol-error', `${subject} did not answer INFO with a text.`)
  }
}
