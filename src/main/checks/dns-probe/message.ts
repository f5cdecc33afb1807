/**
 * DNS messages as bytes: a question to ask, an answer to read. Answers come from strangers: names that point at
 * themselves, counts that lie and records that end too early are a ProtocolError, never a loop and never a guess.
 * Source: RFC 1035; RFC 3596 (AAAA), RFC 2782 (SRV), RFC 8659 (CAA).
 */
import { ProtocolError } from '../network/failure.ts'
import { shortestIPv6 } from '../network/host.ts'

/** By their numbers, in the order a form offers them. */
export const recordTypes = {
  A: 1,
  AAAA: 28,
  CNAME: 5,
  MX: 15,
  NS: 2,
  TXT: 16,
  SOA: 6,
  SRV: 33,
  CAA: 257,
  PTR: 12,
} as const
export type RecordType = keyof typeof recordTypes

export const responseCodes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'] as const

export interface Question {
  readonly id: number
  /** In ASCII, with or without the dot at its end. */
  readonly name: string
  readonly type: RecordType
  readonly recursive: boolean
}

export interface DnsRecord {
  readonly name: string
  /** `TYPE65` where this reader does not know it. */
  readonly type: string
  readonly ttlSeconds: number
  /** As a zone file writes it, names without the dot at their end. */
  readonly value: string
}

export interface DnsAnswer {
  /** `NOERROR` and its like, or `RCODE11`. */
  readonly code: string
  readonly isTruncated: boolean
  readonly isAuthoritative: boolean
  readonly answers: readonly DnsRecord[]
  /** Counts of the sections that are not read. */
  readonly authorityCount: number
  readonly additionalCount: number
}

const headerBytes = 12
const mostRecords = 1000
const longestName = 255
const longestValue = 1000

/** Throws RangeError for a name no DNS message can hold. */
export function questionBytes({ id, name, type, recursive }: Question): Buffer {
  const header = Buffer.alloc(headerBytes)
  header.writeUInt16BE(id, 0)
  header.writeUInt16BE(recursive ? 0x0100 : 0, 2)
  header.writeUInt16BE(1, 4)
  const tail = Buffer.alloc(4)
  tail.writeUInt16BE(recordTypes[type], 0)
  tail.writeUInt16BE(1, 2)
  return Buffer.concat([header, nameBytes(name), tail])
}

function nameBytes(name: string): Buffer {
  const whole = name.replace(/\.$/, '')
  const labels = whole === '' ? [] : whole.split('.')
  const parts = labels.map((label) => {
    const text = Buffer.from(label, 'latin1')
    if (text.length === 0 || text.length > 63) throw new RangeError(`"${name}" has an empty or too long part`)
    return Buffer.concat([Buffer.from([text.length]), text])
  })
  const encoded = Buffer.concat([...parts, Buffer.from([0])])
  if (encoded.length > longestName) throw new RangeError(`"${name}" is longer than ${longestName} bytes`)
  return encoded
}

/** Whether the bytes are an answer to this question; anything else on the line is none of ours. */
export function isAnswerTo(message: Buffer, { id, name, type }: Question): boolean {
  if (message.length < headerBytes || message.readUInt16BE(0) !== id) return false
  if ((message.readUInt16BE(2) & 0x8000) === 0) return false
  // Servers that refuse or do not understand may leave the question out.
  if (message.readUInt16BE(4) === 0) return true
  try {
    const asked = readName(message, headerBytes)
    return sameName(asked.name, name) && message.readUInt16BE(asked.endsAt) === recordTypes[type]
  } catch {
    // Broken inside: reading it says how.
    return true
  }
}

function sameName(one: string, other: string): boolean {
  return plainName(one) === plainName(other)
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}

/** Throws ProtocolError. */
export function readAnswer(message: Buffer): DnsAnswer {
  try {
    return readParts(message)
  } catch (error) {
    if (error instanceof RangeError) throw new ProtocolError('a DNS message came that ends too early')
    throw error
  }
}

function readParts(message: Buffer): DnsAnswer {
  const flags = message.readUInt16BE(2)
  const [questions, answerCount, authorityCount, additionalCount] = [4, 6, 8, 10].map((at) => message.readUInt16BE(at))
  const code = flags & 0x0f
  const isTruncated = (flags & 0x0200) !== 0
  let at = headerBytes
  for (let index = 0; index < (questions ?? 0); index++) at = readName(message, at).endsAt + 4
  const answers: DnsRecord[] = []
  // What a truncated message holds of its records is asked for again.
  for (let index = 0; !isTruncated && index < (answerCount ?? 0); index++) {
    if (index >= mostRecords) throw new ProtocolError(`more than ${mostRecords} records came`)
    const read = readRecord(message, at)
    answers.push(read.record)
    at = read.endsAt
  }
  return {
    code: responseCodes[code] ?? `RCODE${code}`,
    isTruncated,
    isAuthoritative: (flags & 0x0400) !== 0,
    answers,
    authorityCount: authorityCount ?? 0,
    additionalCount: additionalCount ?? 0,
  }
}

function readRecord(message: Buffer, at: number): { record: DnsRecord; endsAt: number } {
  const { name, endsAt } = readName(message, at)
  const type = message.readUInt16BE(endsAt)
  const ttlSeconds = message.readUInt32BE(endsAt + 4)
  const from = endsAt + 10
  const to = from + message.readUInt16BE(endsAt + 8)
  if (to > message.length) throw new ProtocolError('a DNS record came that is longer than its message')
  const known = typeNames.get(type)
  const value = known === undefined ? hexOf(message, from, to) : readers[known](message, from, to)
  return { record: { name, type: known ?? `TYPE${type}`, ttlSeconds, value: value.slice(0, longestValue) }, endsAt: to }
}

const typeNames = new Map<number, RecordType>(
  // Object.entries forgets that its keys are those of the object.
  Object.entries(recordTypes).map(([name, number]) => [number, name as RecordType]),
)

type ReadValue = (message: Buffer, from: number, to: number) => string

const nameAt: ReadValue = (message, from) => readName(message, from).name

const readers: Readonly<Record<RecordType, ReadValue>> = {
  A: (message, from, to) => [...exactly(message, from, to, 4)].join('.'),
  AAAA: (message, from, to) => shortestIPv6(wordsOf(exactly(message, from, to, 16))),
  CNAME: nameAt,
  NS: nameAt,
  PTR: nameAt,
  MX: (message, from) => `${message.readUInt16BE(from)} ${nameAt(message, from + 2, 0)}`,
  TXT: (message, from, to) => {
    let text = ''
    for (let at = from; at < to; ) {
      const length = message.readUInt8(at)
      if (at + 1 + length > to) throw new ProtocolError('a TXT record came that is longer than it says')
      text += message.toString('utf8', at + 1, at + 1 + length)
      at += 1 + length
    }
    return text
  },
  SOA(message, from) {
    const primary = readName(message, from)
    const mailbox = readName(message, primary.endsAt)
    const numbers = [0, 4, 8, 12, 16].map((offset) => message.readUInt32BE(mailbox.endsAt + offset))
    return [primary.name, mailbox.name, ...numbers].join(' ')
  },
  SRV: (message, from) =>
    `${[0, 2, 4].map((offset) => message.readUInt16BE(from + offset)).join(' ')} ${nameAt(message, from + 6, 0)}`,
  CAA(message, from, to) {
    const tagEndsAt = from + 2 + message.readUInt8(from + 1)
    if (tagEndsAt > to) throw new ProtocolError('a CAA record came that is longer than it says')
    const tag = message.toString('latin1', from + 2, tagEndsAt)
    return `${message.readUInt8(from)} ${tag} "${message.toString('utf8', tagEndsAt, to)}"`
  },
}

function wordsOf(address: Buffer): string {
  return [0, 2, 4, 6, 8, 10, 12, 14].map((at) => address.readUInt16BE(at).toString(16)).join(':')
}

function exactly(message: Buffer, from: number, to: number, size: number): Buffer {
  if (to - from !== size) throw new ProtocolError(`an address of ${to - from} bytes came, expected ${size}`)
  return message.subarray(from, to)
}

/** RFC 3597's notation. */
function hexOf(message: Buffer, from: number, to: number): string {
  return `\\# ${to - from} ${message.toString('hex', from, Math.min(to, from + 100))}`
}

/** Pointers must lead backwards, so that each is followed at most once. */
function readName(message: Buffer, from: number): { name: string; endsAt: number } {
  const labels: string[] = []
  let at = from
  let endsAt: number | null = null
  let length = 0
  for (let lowest = from; ; ) {
    const size = message.readUInt8(at)
    if (size === 0) {
      const name = labels.length === 0 ? '.' : labels.join('.')
      return { name, endsAt: endsAt ?? at + 1 }
    }
    if (size >= 0xc0) {
      const target = message.readUInt16BE(at) & 0x3fff
      endsAt ??= at + 2
      if (target >= lowest) throw new ProtocolError('a DNS message came whose names lead in a circle')
      lowest = target
      at = target
      continue
    }
    if (size > 63) throw new ProtocolError('a DNS name came that is written in no known way')
    if (at + 1 + size > message.length) throw new RangeError('beyond the message')
    length += size + 1
    if (length > longestName) throw new ProtocolError(`a DNS name longer than ${longestName} bytes came`)
    labels.push(message.toString('latin1', at + 1, at + 1 + size))
    at += 1 + size
  }
}
