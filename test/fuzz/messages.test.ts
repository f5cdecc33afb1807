/**
 * Messages by the thousand over every way in, to the whole console: each is answered, each answer is what the contract
 * says, nothing is a bug, nobody does what their role may not, and what was refused has changed nothing.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { systemTimers } from '#main/adapters/clock.ts'
import { serveIpc } from '#main/electron/ipc.ts'
import { pageUrl } from '#main/electron/page.ts'
import { openConnection } from '#main/transport/connection.ts'
import type { Serve } from '#main/transport/serve.ts'
import { bridgeChannels } from '#shared/contract/bridge.ts'
import { type Role, roleSuffices } from '#shared/contract/define.ts'
import { errorCodes, httpStatusOf } from '#shared/contract/errors.ts'
import { type CallName, contract } from '#shared/contract/index.ts'
import { ClientFrame, type Reply, ServerFrame } from '#shared/contract/wire.ts'
import * as electron from '#test/electron/simulation/electron.ts'
import { type LiveConsole, openLiveConsole } from '#test/support/live-console.ts'
import { isTorture, patienceMs, rigFigures, rounds } from '#test/support/torture.ts'
import { call, frame } from './messages.ts'

vi.mock('electron', () => import('#test/electron/simulation/electron.ts'))

const figures = rigFigures('fuzzed messages')
const seed = 20260105
const framesPerPipe = rounds(600, 15_000)
const requests = rounds(600, 10_000)
/** Bounds how long one round holds the test's own work. */
const batch = 200

let live: LiveConsole
const startedIn = process.cwd()

beforeAll(async () => {
  live = await openLiveConsole()
  // Names that a call took for a file's would be made here.
  process.chdir(live.dataDir)
})
afterAll(async () => {
  process.chdir(startedIn)
  await live.close()
})

/** A way in for texts; what comes back is read one after another. */
interface Pipe {
  send(text: string): void
  next(): Promise<unknown>
  close(): void
}

function inbox() {
  const waiting: ((text: string) => void)[] = []
  const come: string[] = []
  return {
    add(text: string) {
      const first = waiting.shift()
      if (first) first(text)
      else come.push(text)
    },
    async next(): Promise<unknown> {
      const text = come.shift() ?? (await new Promise<string>((resolve) => void waiting.push(resolve)))
      return JSON.parse(text)
    },
  }
}

type OpenPipe = (role: Role) => Promise<Pipe>

const overWebSocket: OpenPipe = async (role) => {
  const headers = { authorization: `Bearer ${await tokenOf(role)}` }
  const socket = new WebSocket(`${live.listener.url.replace('http', 'ws')}/ws`, { headers })
  const { add, next } = inbox()
  socket.on('message', (data) => add(String(data)))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return { next, send: (text) => socket.send(text), close: () => socket.terminate() }
}

/** Electron's own window is always the administrator's. */
const overIpc: OpenPipe = async () => {
  electron.simulation.reset()
  const ports = { timers: systemTimers, logger: live.log }
  const server = serveIpc({ console: live.console, ports })
  const window = new electron.BrowserWindow({})
  await window.loadURL(pageUrl())
  electron.renderer.attach(window.webContents)
  const { add, next } = inbox()
  electron.ipcRenderer.on(bridgeChannels.toRenderer, (_event: unknown, text: string) => add(text))
  return {
    next,
    send: (text) => electron.ipcRenderer.send(bridgeChannels.toMain, text),
    close() {
      server.close()
      window.destroy()
    },
  }
}

const overMemory =
  (serve: Serve): OpenPipe =>
  async (role) => {
    const { add, next } = inbox()
    const connection = openConnection({
      serve,
      events: live.console.events,
      timers: systemTimers,
      caller: { role, name: 'memory' },
      outlet: { send: add, bufferedBytes: () => 0, close: () => undefined },
    })
    return { next, send: connection.receive, close: connection.close }
  }

const tokens = new Map<Role, string>()

async function tokenOf(role: Role): Promise<string> {
  const known = tokens.get(role)
  if (known !== undefined) return known
  const draft = { name: `fuzz-${role}`, role, expiresAt: null }
  const { secret } = await live.console.access.tokens.create(draft, { role: 'admin', name: 'test' })
  tokens.set(role, secret)
  return secret
}

/** What is wrong with the answer; null when nothing is. */
function fault(role: Role, name: string, reply: Reply): string | null {
  if (!Object.hasOwn(contract.calls, name)) {
    return !reply.ok && reply.code === 'not-found' ? null : 'a call that does not exist was answered'
  }
  const spec = contract.calls[name as CallName]
  if (!roleSuffices(role, spec.role)) {
    return !reply.ok && reply.code === 'forbidden' ? null : `${role} got past ${spec.role}`
  }
  if (!reply.ok) return reply.code === 'internal' ? 'a bug of the console' : null
  const parsed = spec.output.safeParse(reply.value)
  return parsed.success ? null : `the answer is none of the contract: ${parsed.error.message}`
}

interface Answered {
  readonly faults: readonly string[]
  /** A call that its role may make was granted. */
  readonly isGranted: boolean
}

/** Sends one frame and waits for all that comes of it. */
async function answered(pipe: Pipe, role: Role, text: string): Promise<Answered> {
  const sent = ClientFrame.safeParse(jsonOf(text))
  const wanted = sent.success && sent.data.type === 'call' ? sent.data : null
  pipe.send(text)
  if (!wanted) pipe.send('{"type":"ping"}')
  for (;;) {
    const heard = ServerFrame.safeParse(await pipe.next())
    if (!heard.success) return { faults: [`${text} was answered by what is no frame`], isGranted: false }
    const { data } = heard
    if (data.type === 'pong') {
      if (wanted) continue
      return { faults: [], isGranted: false }
    }
    // What only this end takes for a call (a key named __proto__, a nesting too deep) is refused.
    if (data.type === 'refused' && wanted) return { faults: [], isGranted: false }
    if (data.type === 'reply') {
      if (!wanted || data.id !== wanted.id)
        return { faults: [`${text} got the answer to ${data.id}`], isGranted: false }
      const wrong = fault(role, wanted.name, data.reply)
      return { faults: wrong === null ? [] : [`${wrong}: ${text}`], isGranted: data.reply.ok }
    }
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Which it need not be.
    return undefined
  }
}

/** Sends `count` frames; gives what was wrong, with the log's account of each bug. */
async function fuzzFrames(open: OpenPipe, role: Role, count: number): Promise<string[]> {
  const pipe = await open(role)
  const faults: string[] = []
  try {
    for (let sent = 0; sent < count; sent += batch) {
      const before = live.fingerprint()
      let isGranted = false
      for (const text of fc.sample(frame, { numRuns: Math.min(batch, count - sent), seed: seed + sent })) {
        const one = await answered(pipe, role, text)
        isGranted ||= one.isGranted && role !== 'viewer'
        faults.push(...one.faults)
      }
      if (!isGranted && !isSame(before, live.fingerprint()))
        faults.push(`refused messages after ${sent} changed something`)
    }
  } finally {
    pipe.close()
  }
  return faults
}

const isSame = (one: readonly string[], other: readonly string[]) => JSON.stringify(one) === JSON.stringify(other)

const bugs = () => live.log.lines.filter(({ level, message }) => level === 'error' && message.includes('unexpected'))

describe('every message is answered as the contract says', () => {
  it.each([
    ['a WebSocket, as viewer', overWebSocket, 'viewer'],
    ['a WebSocket, as operator', overWebSocket, 'operator'],
    ['a WebSocket, as administrator', overWebSocket, 'admin'],
    ['IPC, as the desktop', overIpc, 'admin'],
    ['memory, as viewer', (role: Role) => overMemory(live.console.serve)(role), 'viewer'],
    ['memory, as operator', (role: Role) => overMemory(live.console.serve)(role), 'operator'],
  ] as const)('over %s', { timeout: patienceMs(60_000) }, async (_, open, role) => {
    const faults = await fuzzFrames(open, role, framesPerPipe)
    figures.runs += framesPerPipe
    figures.lost += faults.length
    expect(faults.slice(0, 5), inspect(bugs())).toEqual([])
  })

  it('over HTTP, by everyone who may come', { timeout: patienceMs(60_000) }, async () => {
    const roles = ['viewer', 'operator', 'admin'] as const
    const faults: string[] = []
    for (const [index, { name, input }] of fc.sample(call, { numRuns: requests, seed }).entries()) {
      const role = roles[index % roles.length] ?? 'viewer'
      const reply = await fetch(`${live.listener.url}/api/rpc/${encodeURIComponent(Buffer.from(name).toString())}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokenOf(role)}` },
        body: JSON.stringify(input) ?? '',
      })
      const wrong = httpFault(role, name, reply.status, await reply.text())
      if (wrong !== null) faults.push(`${wrong}: ${role} ${name} ${JSON.stringify(input)}`)
    }
    figures.runs += requests
    figures.lost += faults.length
    expect(faults.slice(0, 5), inspect(bugs())).toEqual([])
  })
})

function httpFault(role: Role, name: string, status: number, body: string): string | null {
  const answer = jsonOf(body)
  if (status === 200) return fault(role, name, { ok: true, value: answer as never })
  const error = (answer as { error?: { code?: string } } | undefined)?.error
  const code = errorCodes.find((one) => one === error?.code)
  if (code === undefined) return `status ${status} without an error of the contract`
  if (httpStatusOf[code] !== status) return `status ${status} with the code ${code}`
  // A text that is no input at all is refused before its call is looked for, and a name with a slash is no address.
  if (code === 'invalid' || code === 'not-found' || code === 'too-large') return null
  return fault(role, name, { ok: false, code, message: '', issues: [] })
}

const inspect = (lines: readonly unknown[]) => JSON.stringify(lines.slice(-5), errorText, 1)
const errorText = (_key: string, value: unknown) => (value instanceof Error ? value.stack : value)

it('finds a console that does not look at roles', { timeout: 60_000 }, async () => {
  const careless: Serve = (name, input, caller, signal) =>
    live.console.serve(name, input, name === 'tokens.list' ? { ...caller, role: 'admin' } : caller, signal)
  const faults = await fuzzFrames(overMemory(careless), 'viewer', isTorture ? 5000 : 1000)
  figures.isControlRed = faults.some((one) => one.startsWith('viewer got past admin'))
  expect(figures.isControlRed).toBe(true)
})
