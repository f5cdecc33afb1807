/** A name server of few words: every name is 10.99.64.5, but those that begin with `gone` do not exist. */
import { createSocket } from 'node:dgram'

const address = Buffer.from([10, 99, 64, 5])
const typeA = 1
const socket = createSocket('udp4')
socket.on('message', (query, from) => {
  let end = 12
  while (query[end] !== 0) end += (query[end] ?? 0) + 1
  const question = query.subarray(12, end + 5)
  const isGone = query.subarray(13, 17).toString() === 'gone'
  const isAnswered = !isGone && query.readUInt16BE(end + 1) === typeA
  const head = Buffer.alloc(12)
  query.copy(head, 0, 0, 2)
  // A response to a standard query, recursion available; 3: no such name.
  head.writeUInt16BE(0x8180 | (isGone ? 3 : 0), 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(isAnswered ? 1 : 0, 6)
  // A pointer to the question's name, type A, class IN, no time to live, four bytes.
  const answer = Buffer.concat([Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]), address])
  socket.send(Buffer.concat(isAnswered ? [head, question, answer] : [head, question]), from.port, from.address)
})
socket.bind(53, '0.0.0.0', () => process.stdout.write('listening\n'))
