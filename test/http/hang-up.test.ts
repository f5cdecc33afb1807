/** A client that goes away in the middle of its request is no error of Belfry's. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { testListener } from './listener.ts'

it('that happens within a body is not logged as one', async () => {
  const served = await testListener({})
  const { port } = served.listener
  const stream = connect(port, '127.0.0.1')
  await once(stream, 'connect')
  const head = [
    'POST /api/rpc/checks.list HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    `Authorization: Bearer ${served.tokens.viewer}`,
    'Content-Type: application/json',
    'Content-Length: 1000',
  ]
  stream.write(`${head.join('\r\n')}\r\n\r\n{"half": `)
  // By the time others are answered, the first half has arrived, and then its end.
  expect((await served.ask('/health/live')).status).toBe(200)
  stream.destroy()
  expect((await served.ask('/health/live')).status).toBe(200)
  await served.close()
  expect(served.console.ports.logger.lines.filter(({ level }) => level === 'error')).toEqual([])
})
