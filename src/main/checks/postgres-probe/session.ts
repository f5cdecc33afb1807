/** A session with a PostgreSQL server: over a connection that is measured and guarded, with values as the text they came as. */
import { Client, DatabaseError, type QueryConfig } from 'pg'
import type { Clock } from '#main/ports.ts'
import { openConnection, type TlsOptions } from '../network/connect.ts'
import { deadlineFailure, type Failure } from '../network/failure.ts'
import { joinHostPort } from '../network/host.ts'
import { postgresTlsIfOffered, startTlsOf } from '../network/start-tls.ts'
import type { PostgresConfig } from './config.ts'
import { guardedStream } from './guarded-stream.ts'
import { refusalOf } from './refusal.ts'

export type PostgresAddress = Pick<
  PostgresConfig,
  'host' | 'port' | 'database' | 'username' | 'password' | 'tls' | 'authorities' | 'ipVersion'
>

export interface Rows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
}

export interface PostgresSession {
  /** One statement and no more. Rejects with the server's error. */
  ask(text: string): Promise<Rows>
  /** Within a transaction: the rows, or why there are none; the transaction goes on. Rejects when the connection is lost. */
  askAside(text: string): Promise<Rows | Failure>
}

export type Talked<T> = { readonly value: T } | { readonly failure: Failure }

/** Never rejects. When `signal` aborts, the connection is destroyed. */
export async function talkToPostgres<T>(
  address: PostgresAddress,
  clock: Clock,
  signal: AbortSignal,
  talk: (session: PostgresSession) => Promise<T>,
): Promise<Talked<T>> {
  const { host, port, ipVersion } = address
  const subject = joinHostPort(host, port)
  const { connection, failure } = await openConnection({ host, port, ipVersion, tls: tlsOf(address) }, clock, signal)
  if (failure !== null) return { failure }
  if (connection === null) return { failure: deadlineFailure('connect', subject) }
  const { socket } = connection
  const client = clientOf(address, guardedStream(socket))
  try {
    await untilAborted(client.connect(), signal)
    const value = await untilAborted(talk(sessionOf(client, subject)), signal)
    socket.write(goodbye)
    return { value }
  } catch (error) {
    return { failure: signal.aborted ? deadlineFailure('processing', subject) : refusalOf(error, subject) }
  } finally {
    socket.destroySoon()
    if (signal.aborted) socket.destroy()
  }
}

function sessionOf(client: Client, subject: string): PostgresSession {
  const ask = (text: string) => asked(client, text)
  return {
    ask,
    async askAside(text) {
      await client.query('SAVEPOINT aside')
      try {
        const rows = await ask(text)
        await client.query('RELEASE SAVEPOINT aside')
        return rows
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error
        await client.query('ROLLBACK TO SAVEPOINT aside')
        return refusalOf(error, subject)
      }
    },
  }
}

/** The message that ends a session. */
export const goodbye = Buffer.from([0x58, 0, 0, 0, 4])

export function tlsOf({ tls, authorities }: PostgresAddress): TlsOptions | null {
  if (tls === 'off') return null
  const startTls = tls === 'prefer' ? postgresTlsIfOffered : startTlsOf('postgres')
  return { verify: tls === 'verify', authorities, alpn: [], startTls }
}

export function clientOf(address: PostgresAddress, stream: ReturnType<typeof guardedStream>): Client {
  const client = new Client({
    host: address.host,
    port: address.port,
    database: address.database,
    user: address.username,
    // A function, for an empty password would be looked for in the environment and in files.
    password: () => address.password,
    ssl: false,
    stream: () => stream,
    application_name: 'belfry',
    client_encoding: 'UTF8',
    // Values stay the text they came as.
    types: { getTypeParser: () => (text: unknown) => text },
  })
  // Also told to whoever waits; without a listener it would end Belfry.
  client.on('error', () => {})
  return client
}

/** Extended, so that it is one statement and no more. */
export async function asked(client: Client, text: string): Promise<Rows> {
  const query: QueryConfig & { rowMode: 'array'; queryMode: 'extended' } = {
    text,
    rowMode: 'array',
    queryMode: 'extended',
  }
  const { rows, fields } = await client.query<(string | null)[]>(query)
  return { columns: fields.map(({ name }) => name), rows }
}

export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
