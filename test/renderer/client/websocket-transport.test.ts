import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type WebSocket as ServerSocket, WebSocketServer } from 'ws'
import type { Transport, TransportState } from '../../../src/renderer/client/transport.ts'
import { webSocketTransport } from '../../../src/renderer/client/websocket-transport.ts'

const endings: (() => void)[] = []
afterEach(() => {
  for (const end of endings.splice(0)) end()
  vi.unstubAllGlobals()
})

async function server(port = 0) {
  const sockets = new WebSocketServer({ host: '127.0.0.1', port })
  await once(sockets, 'listening')
  const close = () => {
    for (const socket of sockets.clients) socket.terminate()
    sockets.close()
  }
  endings.push(close)
  return { sockets, port: (sockets.address() as AddressInfo).port, close }
}

function transportTo(port: number, hasSession: () => Promise<boolean> = async () => true) {
  const transport = webSocketTransport({ url: `ws://127.0.0.1:${port}/ws`, hasSession })
  endings.push(() => transport.close())
  return transport
}

const reached = (transport: Transport, wanted: TransportState) =>
  new Promise<void>((resolve) => {
    if (transport.state === wanted) return resolve()
    const end = transport.onState((state) => {
      if (state !== wanted) return
      end()
      resolve()
    })
  })

const connection = async (sockets: WebSocketServer): Promise<ServerSocket> => {
  const [socket] = await once(sockets, 'connection')
  return socket
}

describe('the WebSocket transport', () => {
  it('carries frames both ways as JSON', async () => {
    const { sockets, port } = await server()
    const arrived = connection(sockets)
    const transport = transportTo(port)
    const frames: unknown[] = []
    transport.onFrame((frame) => void frames.push(frame))
    const socket = await arrived
    const received = once(socket, 'message')
    await reached(transport, 'open')
    transport.send({ type: 'call', id: 1, name: 'checks.list', input: {} })
    expect(JSON.parse(String((await received)[0]))).toEqual({ type: 'call', id: 1, name: 'checks.list', input: {} })
    const heard = new Promise<void>((resolve) => void transport.onFrame(() => resolve()))
    socket.send(JSON.stringify({ type: 'resync' }))
    await heard
    expect(frames).toEqual([{ type: 'resync' }])
  })

  it('comes back by itself after the server went away', async () => {
    const first = await server()
    const transport = transportTo(first.port)
    await reached(transport, 'open')
    const lost = reached(transport, 'connecting')
    first.close()
    await lost
    await server(first.port)
    await reached(transport, 'open')
  })

  it('says that nobody is logged in instead of trying again', async () => {
    const { sockets, port } = await server()
    const connected = vi.fn()
    sockets.on('connection', connected)
    const transport = transportTo(port, async () => false)
    await reached(transport, 'unauthenticated')
    expect(connected).not.toHaveBeenCalled()
  })

  it.each([4401, 1008])('takes close code %i as the end of the session', async (code) => {
    const { sockets, port } = await server()
    const arrived = connection(sockets)
    const transport = transportTo(port)
    const socket = await arrived
    await reached(transport, 'open')
    socket.close(code)
    await reached(transport, 'unauthenticated')
  })

  it('reports frames it does not know and goes on', async () => {
    vi.stubGlobal('reportError', vi.fn())
    const { sockets, port } = await server()
    const arrived = connection(sockets)
    const transport = transportTo(port)
    const socket = await arrived
    const heard = new Promise<unknown>((resolve) => void transport.onFrame(resolve))
    await reached(transport, 'open')
    for (const text of ['no json', '{"type":"surprise"}', '{"type":"resync"}']) socket.send(text)
    expect(await heard).toEqual({ type: 'resync' })
    expect(reportError).toHaveBeenCalledTimes(2)
  })

  it('stays closed once it is closed', async () => {
    const { port } = await server()
    const transport = transportTo(port)
    await reached(transport, 'open')
    transport.close()
    expect(transport.state).toBe('closed')
    transport.send({ type: 'ping' })
    expect(transport.state).toBe('closed')
  })
})
