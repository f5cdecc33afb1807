/** One GET of a collector: over TCP, TLS or a local socket; what is no good answer becomes a refusal with its reason. */
import { createConnection, type Socket } from 'node:net'
import { exchange, type HttpAnswer } from '#main/checks/http-probe/exchange.ts'
import { type Connection, openConnection, type TlsOptions } from '#main/checks/network/connect.ts'
import { deadlineFailure, down, type Failure, failureOf } from '#main/checks/network/failure.ts'
import { parseHost } from '#main/checks/network/host.ts'
import { shorten, textSample } from '#main/checks/network/text.ts'
import type { Clock } from '#main/ports.ts'
import { ServiceRefusal } from './kind.ts'

export interface Question {
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  /** For https; verified against the system's authorities by default. */
  readonly tls?: Omit<TlsOptions, 'alpn'>
  readonly ipVersion?: 'any' | '4' | '6'
  /** Path of a local socket that is asked instead of the URL's host. */
  readonly socketPath?: string
  readonly maxBodyBytes: number
}

/** Rejects with ServiceRefusal when no whole answer came. Any status is an answer; redirects are not followed. */
async function get(question: Question, clock: Clock, signal: AbortSignal): Promise<HttpAnswer> {
  const { url, headers = {}, maxBodyBytes } = question
  const connection = await connected(question, clock, signal)
  const asked = {
    url,
    method: 'GET',
    body: '',
    headers: { host: url.host, 'user-agent': 'Belfry', accept: '*/*', ...headers },
  }
  const { answer, failure } = await exchange(connection, asked, maxBodyBytes, clock, signal)
  if (failure !== null) throw new ServiceRefusal(failure)
  if (answer === null) throw new ServiceRefusal(deadlineFailure('processing', url.host))
  return answer
}

/** The body of a good answer. `subject`: who answers, as the subject of a sentence. */
export async function getBody(question: Question, subject: string, clock: Clock, signal: AbortSignal): Promise<Buffer> {
  const answer = await get(question, clock, signal)
  if (answer.status >= 200 && answer.status < 300) return answer.body
  throw new ServiceRefusal(refusalOf(answer, subject))
}

/** The JSON of a good answer. */
export async function getJson(
  question: Question,
  subject: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<unknown> {
  const asJson = { ...question, headers: { accept: 'application/json', ...question.headers } }
  const body = await getBody(asJson, subject, clock, signal)
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    const began = shorten(textSample(body) ?? `bytes 0x${body.toString('hex', 0, 8)}`, 80)
    throw new ServiceRefusal(down('not-json', `${subject} answered, but not with JSON: its answer begins "${began}".`))
  }
}

function refusalOf({ status, statusText, headers, body }: HttpAnswer, subject: string): Failure {
  const said = `${status}${statusText === '' ? '' : ` ${shorten(statusText, 60)}`}`
  const detail = shorten((textSample(body) ?? '').replace(/\s+/g, ' ').trim(), 200)
  const told = detail === '' ? '' : `: ${detail}`
  if (status === 401) return down('wrong-credentials', `${subject} does not take these credentials (${said})${told}.`)
  if (status === 403) return down('not-authorized', `${subject} does not permit this (${said})${told}.`)
  if (status === 404) return down('not-found', `${subject} has nothing at this address (${said})${told}.`)
  if (status >= 300 && status < 400) {
    const to = headers.find(({ name }) => name.toLowerCase() === 'location')?.value ?? 'nowhere'
    return down('redirected', `${subject} sends elsewhere (${said}), to ${shorten(to, 200)}: use that address.`)
  }
  return down('http-status', `${subject} answered with ${said}; expected 200${told}.`)
}

async function connected(question: Question, clock: Clock, signal: AbortSignal): Promise<Connection> {
  const { url, tls, ipVersion = 'any', socketPath } = question
  if (socketPath !== undefined) return { socket: await localSocket(socketPath, signal), ipVersion: 4 }
  const isSecure = url.protocol === 'https:'
  const endpoint = {
    host: parseHost(url.hostname) ?? url.hostname,
    port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
    ipVersion,
    tls: isSecure ? { verify: true, authorities: '', ...tls, alpn: ['http/1.1'] } : null,
  }
  const { connection, failure } = await openConnection(endpoint, clock, signal)
  if (connection !== null) return connection
  throw new ServiceRefusal(failure ?? deadlineFailure('connect', url.host))
}

function localSocket(path: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path })
    const end = (failure: Failure) => {
      socket.destroy()
      reject(new ServiceRefusal(failure))
    }
    const abort = () => end(deadlineFailure('connect', path))
    const settle = () => signal.removeEventListener('abort', abort)
    // Stays for the socket's whole life: an error that nobody listens for would end the process.
    socket.on('error', (error) => {
      settle()
      end(localFailure(error, path))
    })
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    socket.once('connect', () => {
      settle()
      resolve(socket)
    })
  })
}

function localFailure(error: Error, path: string): Failure {
  const code = 'code' in error ? error.code : ''
  if (code === 'ENOENT') return down('socket-missing', `There is no socket ${path}: is the service running here?`)
  if (code === 'EACCES' || code === 'EPERM') {
    return down('not-permitted', `Belfry may not open ${path}: let its user be a member of the socket's group.`)
  }
  return failureOf(error, 'connect', path)
}
