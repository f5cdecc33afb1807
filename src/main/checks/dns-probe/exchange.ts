/** Asks one question over UDP or TCP. What is not an answer to it is counted and passed over, as resolvers do. */
import { createSocket } from 'node:dgram'
import type { LookupAddress } from 'node:dns'
import type { Connection } from '../network/connect.ts'
import { bytes, readerOf } from '../network/reader.ts'
import { type DnsAnswer, isAnswerTo, type Question, questionBytes, readAnswer } from './message.ts'

export interface Exchange {
  readonly answer: DnsAnswer
  readonly sizeBytes: number
}

/** Told also when the exchange is rejected. */
export interface Passed {
  count: number
}

/** Rejects with the socket's error, with ProtocolError, or with the signal's reason. */
export function askOverUdp(
  question: Question,
  { address, family }: LookupAddress,
  port: number,
  passed: Passed,
  signal: AbortSignal,
): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
    let over = false
    const settle = (act: () => void) => {
      if (over) return
      over = true
      signal.removeEventListener('abort', abort)
      socket.close()
      act()
    }
    const abort = () => settle(() => reject(signal.reason))
    socket.on('error', (error) => settle(() => reject(error)))
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    socket.on('message', (message) => {
      if (!isAnswerTo(message, question)) {
        passed.count++
        return
      }
      settle(() => {
        try {
          resolve({ answer: readAnswer(message), sizeBytes: message.length })
        } catch (error) {
          reject(error)
        }
      })
    })
    // Connected, so that only this server is heard and its refusal comes as an error.
    socket.connect(port, address, () => {
      if (!over) socket.send(questionBytes(question))
    })
  })
}

const mostBytes = 65_535
const mostPassed = 10

/** Each message has two bytes of length before it. */
export async function askOverTcp(
  question: Question,
  { socket }: Connection,
  passed: Passed,
  signal: AbortSignal,
): Promise<Exchange> {
  const reader = readerOf(socket, mostBytes + 2, signal)
  try {
    const asked = questionBytes(question)
    socket.write(Buffer.concat([Buffer.from([asked.length >> 8, asked.length & 0xff]), asked]))
    for (;;) {
      const length = (await reader.read(bytes(2))).readUInt16BE(0)
      const message = await reader.read(bytes(length))
      if (isAnswerTo(message, question) || passed.count >= mostPassed) {
        return { answer: readAnswer(message), sizeBytes: length }
      }
      passed.count++
    }
  } finally {
    reader.release()
    socket.destroy()
  }
}
