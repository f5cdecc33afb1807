/** A session with a Redis server: greeted as who is configured, and every refusal named. */
import type { Clock } from '#main/ports.ts'
import { openConnection } from '../network/connect.ts'
import { deadlineFailure, down, type Failure, failureOf } from '../network/failure.ts'
import { joinHostPort } from '../network/host.ts'
import { readerOf } from '../network/reader.ts'
import type { RedisConfig } from './config.ts'
import { commandBytes, mostReplyBytes, type Reply, reply } from './resp.ts'

export type RedisAddress = Pick<
  RedisConfig,
  'host' | 'port' | 'username' | 'password' | 'database' | 'tls' | 'verifyTls' | 'authorities' | 'ipVersion'
>

export type Ask = (...words: string[]) => Promise<Reply>

/** Resolves with the failure; null when `talk` had none. Never rejects. */
export async function talkToRedis(
  address: RedisAddress,
  clock: Clock,
  signal: AbortSignal,
  talk: (ask: Ask, subject: string) => Promise<Failure | null>,
): Promise<Failure | null> {
  const { host, port, ipVersion } = address
  const subject = joinHostPort(host, port)
  const tls = address.tls ? { verify: address.verifyTls, authorities: address.authorities, alpn: [] } : null
  const { connection, failure } = await openConnection({ host, port, ipVersion, tls }, clock, signal)
  if (failure !== null) return failure
  if (connection === null) return deadlineFailure('connect', subject)
  const { socket } = connection
  const reader = readerOf(socket, mostReplyBytes + 1024, signal)
  const ask = (...words: string[]) => {
    socket.write(commandBytes(words))
    return reader.read(reply)
  }
  try {
    return (await greet(address, subject, ask)) ?? (await talk(ask, subject))
  } catch (error) {
    return signal.aborted ? deadlineFailure('processing', subject) : failureOf(error, 'processing', subject)
  } finally {
    reader.release()
    socket.destroy()
  }
}

/** Says who asks, and which database is meant. */
export async function greet(
  { username, password, database }: Pick<RedisAddress, 'username' | 'password' | 'database'>,
  subject: string,
  ask: Ask,
): Promise<Failure | null> {
  const greetings: string[][] = []
  if (password !== '') greetings.push(username === '' ? ['AUTH', password] : ['AUTH', username, password])
  if (database !== 0) greetings.push(['SELECT', String(database)])
  for (const words of greetings) {
    const refusal = refusalOf(await ask(...words), subject)
    if (refusal !== null) return refusal
  }
  return null
}

export async function pinged(subject: string, ask: Ask): Promise<Failure | null> {
  const answer = await ask('PING')
  if (answer.type === 'text' && answer.text === 'PONG') return null
  return refusalOf(answer, subject) ?? down('answer-mismatch', `${subject} did not answer PING with PONG.`)
}

type Refusal = readonly [code: string, sentence: (subject: string) => string]

const refusals: Readonly<Record<string, Refusal>> = {
  WRONGPASS: ['wrong-password', (subject) => `${subject} does not take this user name and password.`],
  NOAUTH: ['authentication-required', (subject) => `${subject} wants a password, and none is configured here.`],
  NOPERM: ['not-authorized', (subject) => `${subject} does not permit this user to ask.`],
  LOADING: ['loading', (subject) => `${subject} is still loading its data into memory.`],
  MASTERDOWN: ['master-down', (subject) => `${subject} is a replica that has lost its master and serves no old data.`],
  BUSY: ['busy', (subject) => `${subject} is busy running a script.`],
  DENIED: ['protected-mode', (subject) => `${subject} runs in protected mode and takes only local connections.`],
}

export function refusalOf(answer: Reply, subject: string): Failure | null {
  if (answer.type !== 'error') return null
  const known = Object.hasOwn(refusals, answer.code) ? refusals[answer.code] : undefined
  if (known !== undefined) return down(known[0], known[1](subject))
  if (/max number of clients/.test(answer.text)) {
    return down('too-many-clients', `${subject} has as many clients as it takes.`)
  }
  if (/without any password configured/.test(answer.text)) {
    return down('no-password-set', `${subject} knows no password, but one is configured here: leave it out.`)
  }
  return down('error-reply', `${subject} answered with an error: ${answer.text}.`)
}
