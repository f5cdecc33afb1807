/** Binds the listener to its address, and says in plain words why it cannot be bound. */
import type { FastifyInstance } from 'fastify'
import { systemErrorCode } from '#main/files/system-error.ts'
import { AppError } from '#shared/contract/errors.ts'
import { isLoopback } from './guard.ts'

export interface Binding {
  readonly host: string
  readonly port: number
  readonly tls: object | null
  readonly adminToken: string | null
}

/** Resolves to the port. AppError as startConsoleListener says. */
export async function listen(app: FastifyInstance, { host, port }: Binding): Promise<number> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    await app.close()
    throw listenFailure(error, host, port)
  }
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

function listenFailure(error: unknown, host: string, port: number): unknown {
  const code = systemErrorCode(error)
  if (code === 'EADDRINUSE') {
    const remedy = 'End the other program, or choose another port with --port (0 takes any free one).'
    return new AppError('conflict', `Port ${port} on ${host} is taken by another program. ${remedy}`)
  }
  if (code === 'EACCES') {
    return new AppError(
      'unprocessable',
      `Port ${port} may not be used by this user. Choose one above 1023 with --port.`,
    )
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new AppError(
      'unprocessable',
      `${host} is no address of this machine. Expected one it has, such as 127.0.0.1.`,
    )
  }
  return error
}

/** Beyond this machine, nobody may read along and nobody may come in without a token. AppError `unprocessable`. */
export function refuseOpenAddress({ host, tls, adminToken }: Binding): void {
  if (isLoopback(host) || (tls !== null && adminToken !== null)) return
  const missing = [tls === null ? 'TLS (--tls-cert and --tls-key)' : '', adminToken === null ? 'BELFRY_TOKEN' : '']
  const list = missing.filter((part) => part !== '').join(' and ')
  throw new AppError(
    'unprocessable',
    `${host} can be reached from other machines, which needs ${list}. Without, listen on 127.0.0.1.`,
  )
}
