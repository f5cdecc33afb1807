/** The three ways a client reaches the console, each as a way to open a page's own client and a bare pipe for text. */
import { WebSocket as NodeWebSocket } from 'ws'
import { serveIpc } from '#main/electron/ipc.ts'
import { pageUrl } from '#main/electron/page.ts'
import { startConsoleListener } from '#main/http/console-listener.ts'
import { openConnection } from '#main/transport/connection.ts'
import { bridgeChannels } from '#shared/contract/bridge.ts'
import type { Role } from '#shared/contract/define.ts'
import * as electron from '#test/electron/simulation/electron.ts'
import type { StubConsole } from '#test/support/stub-console.ts'
import { bridgeTransport } from '../../src/renderer/client/bridge-transport.ts'
import { type Client, connect } from '../../src/renderer/client/connect.ts'
import { memoryTransport } from '../../src/renderer/client/memory-transport.ts'
import { webSocketTransport } from '../../src/renderer/client/websocket-transport.ts'

/** A pipe without a client: frames go out as they are written, and come in as they were sent. */
interface Bare {
  send(text: string): void
  /** The next frame, waiting for it. */
  next(): Promise<unknown>
}

export interface Wire {
  readonly name: string
  /** The role its clients have. */
  readonly role: Role
  client(): Promise<Client>
  bare(): Promise<Bare>
  /** The console's side goes away. */
  cut(): Promise<void>
  close(): Promise<void>
}

export type WireKind = (console: StubConsole) => Promise<Wire>

/** Frames as they come, for whoever asks next. */
function inbox() {
  const frames: unknown[] = []
  const waiting: ((frame: unknown) => void)[] = []
  return {
    add(text: string) {
      const frame: unknown = JSON.parse(text)
      const first = waiting.shift()
      if (first) first(frame)
      else frames.push(frame)
    },
    next: () =>
      frames.length > 0
        ? Promise.resolve(frames.shift())
        : new Promise<unknown>((resolve) => void waiting.push(resolve)),
  }
}

export const memoryWire: WireKind = async (console) => {
  const caller = { role: 'operator', name: 'memory' } as const
  const ends: (() => void)[] = []
  const open = (send: (text: string) => void, onEnd: () => void) => {
    const outlet = { send, bufferedBytes: () => 0, close: onEnd }
    const connection = openConnection({
      serve: console.serve,
      events: console.events,
      timers: console.ports.timers,
      caller,
      outlet,
    })
    ends.push(() => {
      connection.close()
      onEnd()
    })
    return connection
  }
  const cut = async () => {
    for (const end of ends.splice(0)) end()
  }
  return {
    name: 'memory',
    role: caller.role,
    async client() {
      const transport = memoryTransport({ onFrame: (frame) => connection.receive(JSON.stringify(frame)) })
      const connection = open(
        (text) => transport.deliver(JSON.parse(text)),
        () => transport.setState('connecting'),
      )
      return connect(transport)
    },
    async bare() {
      const { add, next } = inbox()
      const connection = open(add, () => undefined)
      return { send: (text) => connection.receive(text), next }
    },
    cut,
    close: cut,
  }
}

export const webSocketWire: WireKind = async (console) => {
  const listener = await startConsoleListener({
    console,
    ports: console.ports,
    host: '127.0.0.1',
    port: 0,
    tls: null,
    allowedHosts: [],
    adminToken: null,
    pageDir: '/nonexistent',
    version: '0.0.0',
  })
  const draft = { name: `wire-${listener.port}`, role: 'operator', expiresAt: null } as const
  const { secret } = await console.access.tokens.create(draft, { role: 'admin', name: 'test' })
  const url = `${listener.url.replace('http', 'ws')}/ws`
  const options = { headers: { authorization: `Bearer ${secret}` } }
  const clients: Client[] = []
  return {
    name: 'websocket',
    role: 'operator',
    async client() {
      // The page's transport runs as it is; only the browser's class is replaced, to carry a token instead of a cookie.
      const browserClass = globalThis.WebSocket
      class TokenWebSocket extends NodeWebSocket {
        constructor(address: string) {
          super(address, options)
        }
      }
      Object.assign(globalThis, { WebSocket: TokenWebSocket })
      const client = connect(webSocketTransport({ url, hasSession: async () => true }))
      await new Promise<void>((resolve) => {
        const stop = client.onState((state) => {
          if (state !== 'open') return
          stop()
          resolve()
        })
      })
      Object.assign(globalThis, { WebSocket: browserClass })
      clients.push(client)
      return client
    },
    async bare() {
      const { add, next } = inbox()
      const socket = new NodeWebSocket(url, options)
      socket.on('message', (data) => add(String(data)))
      // A peer that cut us off may do so while we still write.
      socket.on('error', () => undefined)
      await new Promise((resolve) => socket.on('open', resolve))
      return { send: (text) => socket.send(text), next }
    },
    cut: () => listener.close(),
    async close() {
      for (const client of clients) client.close()
      await listener.close()
    },
  }
}

/** The preload is the real one; the module `electron` under it and under the main side is the simulation's. */
export const ipcWire: WireKind = async (console) => {
  electron.simulation.reset()
  const server = serveIpc({ console, ports: console.ports })
  const window = new electron.BrowserWindow({})
  await window.loadURL(pageUrl())
  const { webContents } = window
  electron.renderer.attach(webContents)
  await import('../../src/preload/index.ts')
  const clients: Client[] = []
  return {
    name: 'electron ipc (simulated)',
    role: 'admin',
    async client() {
      const client = connect(bridgeTransport(electron.renderer.world['belfryBridge'] as never))
      clients.push(client)
      return client
    },
    async bare() {
      const { add, next } = inbox()
      electron.ipcRenderer.on(bridgeChannels.toRenderer, (_event: unknown, text: string) => add(text))
      return { send: (text) => electron.ipcRenderer.send(bridgeChannels.toMain, text), next }
    },
    async cut() {
      window.destroy()
    },
    async close() {
      for (const client of clients) client.close()
      server.close()
      electron.ipcRenderer.removeAllListeners()
    },
  }
}
