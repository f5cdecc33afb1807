/** Looks for services at their usual places on this machine, without credentials and without leaving a trace in them. */
import { openConnection } from '#main/checks/network/connect.ts'
import { bytes, readerOf, type Take } from '#main/checks/network/reader.ts'
import { commandBytes, reply } from '#main/checks/redis-probe/resp.ts'
import type { ServicePorts } from './kind.ts'

const mostBytes = 65_536

/** The request for TLS is answered by every PostgreSQL, with one letter. Source: "SSL Session Encryption". */
export function answersPostgres(host: string, port: number, ports: ServicePorts, signal: AbortSignal) {
  const question = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])
  return answers(
    { host, port, question, take: bytes(1), isIt: (letter) => /^[SN]$/.test(letter.toString()) },
    ports,
    signal,
  )
}

/** Also one that wants a password says so in its protocol. */
export function answersRedis(host: string, port: number, ports: ServicePorts, signal: AbortSignal) {
  return answers({ host, port, question: commandBytes(['PING']), take: reply, isIt: () => true }, ports, signal)
}

interface Asked<T> {
  readonly host: string
  readonly port: number
  readonly question: Buffer
  readonly take: Take<T>
  readonly isIt: (answer: T) => boolean
}

/** Never rejects: what answers otherwise is something else. */
async function answers<T>(asked: Asked<T>, { clock }: ServicePorts, signal: AbortSignal): Promise<boolean> {
  const { host, port } = asked
  const { connection } = await openConnection({ host, port, ipVersion: 'any', tls: null }, clock, signal)
  if (connection === null) return false
  const { socket } = connection
  const reader = readerOf(socket, mostBytes, signal)
  try {
    socket.write(asked.question)
    return asked.isIt(await reader.read(asked.take))
  } catch {
    return false // It speaks another protocol, or says nothing.
  } finally {
    reader.release()
    socket.destroy()
  }
}
