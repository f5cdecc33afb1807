/**
 * Asks one reference whether it is there, as cheaply as can be: a TCP connection that is closed at once. A refusal is an
 * answer too. A gateway that ignores TCP is pinged as well.
 */
import { connect } from 'node:net'
import { platform } from 'node:process'
import { commandFor, runPing } from '#main/checks/icmp-probe/ping-command.ts'
import { parsePing } from '#main/checks/icmp-probe/ping-output.ts'
import type { Timers } from '#main/ports.ts'

export interface Reference {
  /** As it is told: `192.0.2.1 (gateway)`, `1.1.1.1:443`. */
  readonly name: string
  readonly host: string
  readonly port: number
  readonly isGateway: boolean
}

/** Never rejects: what cannot be asked has not answered. */
export type AskReference = (reference: Reference, timeoutMs: number) => Promise<boolean>

/** A gateway that has not answered on TCP by then is pinged. */
const pingAfterMs = 300

export function askReferences(timers: Timers): AskReference {
  return async (reference, timeoutMs) => {
    const ending = new AbortController()
    const stop = timers.after(timeoutMs, () => ending.abort())
    try {
      const ways = [connected(reference, ending.signal)]
      if (reference.isGateway) ways.push(pinged(reference, timers, ending.signal))
      return await anyOf(ways)
    } finally {
      stop()
      ending.abort()
    }
  }
}

/** True with the first that is, false when none is. */
async function anyOf(ways: readonly Promise<boolean>[]): Promise<boolean> {
  const yes = ways.map(async (way) => {
    if (!(await way)) throw new Error('no answer')
    return true
  })
  return Promise.any(yes).catch(() => false)
}

function connected({ host, port }: Reference, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (answered: boolean) => {
      socket.destroy()
      resolve(answered)
    }
    socket.once('connect', () => end(true))
    // Stays: an error that nobody listens for would end the process.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      end(error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET'),
    )
    signal.addEventListener('abort', () => end(false), { once: true })
  })
}

async function pinged({ host }: Reference, timers: Timers, signal: AbortSignal): Promise<boolean> {
  await new Promise<void>((resolve) => {
    const stop = timers.after(pingAfterMs, resolve)
    signal.addEventListener(
      'abort',
      () => {
        stop()
        resolve()
      },
      { once: true },
    )
  })
  if (signal.aborted) return false
  const family = host.includes(':') ? 6 : 4
  const run = await runPing(commandFor(platform, { address: host, family, packets: 1, replyTimeoutMs: 1000 }), signal)
  return run.kind === 'ended' && (parsePing(run.output, 1)?.received ?? 0) > 0
}
