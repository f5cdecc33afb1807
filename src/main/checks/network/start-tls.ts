/**
 * How protocols that begin in plain text are asked to go on in TLS. Whatever else comes before TLS has begun is refused:
 * somebody on the way could have put it there.
 */
import type { Socket } from 'node:net'
import type { StartTls } from './connect.ts'
import { down, type Failure, ProtocolError } from './failure.ts'
import { bytes, line, type Reader, readerOf } from './reader.ts'
import { shorten } from './text.ts'

export const startTlsProtocols = ['smtp', 'imap', 'pop3', 'ldap', 'postgres'] as const
type Protocol = (typeof startTlsProtocols)[number]

const mostBytes = 65_536
const mostLines = 100

export function startTlsOf(protocol: Protocol): StartTls {
  return (socket, signal) => asking(socket, signal, talks[protocol])
}

/** As libpq's `sslmode=prefer`: TLS where the server has it, plain text where it says it has not. */
export const postgresTlsIfOffered: StartTls = (socket, signal) =>
  asking(socket, signal, async (reader, write) => ((await postgresAnswer(reader, write)) === 'S' ? null : 'declined'))

type Talk = (reader: Reader, write: (said: string | Buffer) => void) => Promise<Failure | 'declined' | null>

async function asking(socket: Socket, signal: AbortSignal, talk: Talk): ReturnType<StartTls> {
  const reader = readerOf(socket, mostBytes, signal)
  try {
    const agreed = await talk(reader, (said) => socket.write(said))
    if (agreed === null && reader.release().length > 0) {
      throw new ProtocolError('it went on in plain text after it had agreed to TLS')
    }
    return agreed
  } finally {
    reader.release()
  }
}

const refused = (answer: string) =>
  down('starttls-refused', `The server does not offer TLS on this port: it answered "${shorten(answer, 200)}".`)

const talks: Readonly<Record<Protocol, Talk>> = {
  // Source: RFC 3207.
  async smtp(reader, write) {
    const greeting = await smtpReply(reader)
    if (!greeting.startsWith('220')) return refused(greeting)
    write('EHLO belfry.invalid\r\n')
    const hello = await smtpReply(reader)
    if (!hello.startsWith('250')) return refused(hello)
    write('STARTTLS\r\n')
    const answer = await smtpReply(reader)
    return answer.startsWith('220') ? null : refused(answer)
  },
  // Source: RFC 2595, section 3.
  async imap(reader, write) {
    const greeting = await reader.read(line)
    if (!/^\* (OK|PREAUTH)/i.test(greeting)) return refused(greeting)
    write('a STARTTLS\r\n')
    for (let count = 0; count < mostLines; count++) {
      const answer = await reader.read(line)
      if (/^a OK/i.test(answer)) return null
      if (!answer.startsWith('* ')) return refused(answer)
    }
    throw new ProtocolError(`more than ${mostLines} lines came as one answer`)
  },
  // Source: RFC 2595, section 4.
  async pop3(reader, write) {
    const greeting = await reader.read(line)
    if (!greeting.startsWith('+OK')) return refused(greeting)
    write('STLS\r\n')
    const answer = await reader.read(line)
    return answer.startsWith('+OK') ? null : refused(answer)
  },
  // Source: RFC 4511, section 4.14. An ExtendedRequest with the name of StartTLS; its answer is read no deeper than needed.
  async ldap(reader, write) {
    const name = Buffer.from('1.3.6.1.4.1.1466.20037', 'latin1')
    const request = Buffer.concat([Buffer.from([0x77, name.length + 2, 0x80, name.length]), name])
    write(Buffer.concat([Buffer.from([0x30, request.length + 3, 0x02, 0x01, 0x01]), request]))
    const [tag, lengthByte = 0] = await reader.read(bytes(2))
    if (tag !== 0x30) throw new ProtocolError('no LDAP message came')
    const lengthBytes = lengthByte < 0x80 ? 0 : lengthByte & 0x7f
    if (lengthBytes > 4) throw new ProtocolError('an LDAP message of impossible length came')
    const length = lengthBytes === 0 ? lengthByte : (await reader.read(bytes(lengthBytes))).readUIntBE(0, lengthBytes)
    if (length > mostBytes) throw new ProtocolError(`an LDAP message of ${length} bytes was announced`)
    const message = await reader.read(bytes(length))
    // messageID 1, ExtendedResponse, then resultCode as an enumeration of one byte.
    const resultAt = message.indexOf(Buffer.from([0x0a, 0x01]))
    if (message[3] !== 0x78 || resultAt < 0) throw new ProtocolError('no answer to StartTLS came')
    return message[resultAt + 2] === 0 ? null : refused(`result code ${message[resultAt + 2]}`)
  },
  async postgres(reader, write) {
    return (await postgresAnswer(reader, write)) === 'S' ? null : refused('N')
  },
}

/** Source: PostgreSQL, "SSL Session Encryption" in the chapter on message flow. */
async function postgresAnswer(reader: Reader, write: (said: Buffer) => void): Promise<'S' | 'N'> {
  write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]))
  const answer = (await reader.read(bytes(1))).toString('latin1')
  if (answer === 'S' || answer === 'N') return answer
  throw new ProtocolError(
    `to the request for TLS came byte 0x${Buffer.from(answer, 'latin1').toString('hex')}, not S or N`,
  )
}

/** The last line of a reply; lines before it have a hyphen after the code. */
async function smtpReply(reader: Reader): Promise<string> {
  for (let count = 0; count < mostLines; count++) {
    const reply = await reader.read(line)
    if (!/^\d{3}/.test(reply)) throw new ProtocolError(`no SMTP reply but "${shorten(reply, 200)}" came`)
    if (reply[3] !== '-') return reply
  }
  throw new ProtocolError(`more than ${mostLines} lines came as one reply`)
}
