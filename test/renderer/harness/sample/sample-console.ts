/** A whole console in memory: answers every call of the contract through the real `serve`, and sends events. */

import { AppError } from '#shared/contract/errors.ts'
import type { CallName, EventName, InputOf, OutputOf, PayloadOf } from '#shared/contract/index.ts'
import { contract } from '#shared/contract/index.ts'
import type { Settings } from '#shared/contract/settings.ts'
import type { Reply } from '#shared/contract/wire.ts'
import { serve } from '../../../../src/main/transport/serve.ts'
import { type MemoryTransport, memoryTransport } from '../../../../src/renderer/client/memory-transport.ts'
import { isNew, type Mode } from './modes.ts'
import { sampleHandlers, sampleSettings } from './sample-handlers.ts'

export interface SampleConsole {
  readonly transport: MemoryTransport
  readonly settings: Settings
  /** Calls of these names fail with `unavailable`. */
  readonly failing: Set<CallName>
  /** Every call as it came, for tests that ask what was asked. */
  readonly calls: { readonly name: string; readonly input: unknown }[]
  emit<K extends EventName>(name: K, payload: PayloadOf<K>): void
  answer<K extends CallName>(name: K, input: InputOf<K>): Promise<OutputOf<K>>
}

const slowMs = 2500

export function sampleConsole(mode: Mode, checkCount: number): SampleConsole {
  const settings = sampleSettings()
  const failing = new Set<CallName>()
  const calls: { name: string; input: unknown }[] = []
  const running = new Map<number, AbortController>()
  const emit = <K extends EventName>(name: K, payload: PayloadOf<K>) =>
    // The payload is of the contract's type, which is JSON.
    transport.deliver({ type: 'event', name, payload: payload as never })
  const handlers = sampleHandlers({ mode, checkCount: isNew(mode) ? 0 : checkCount, settings, emit })
  const ask = serve(contract, handlers, quiet)
  const caller = { role: 'admin', name: 'sample' } as const

  const transport = memoryTransport(
    {
      onFrame(frame) {
        if (frame.type === 'ping') transport.deliver({ type: 'pong' })
        if (frame.type === 'cancel') running.get(frame.id)?.abort()
        if (frame.type !== 'call') return
        const { id, name, input } = frame
        const attempt = new AbortController()
        running.set(id, attempt)
        calls.push({ name, input })
        void (async () => {
          if (mode === 'slow') await new Promise((resolve) => setTimeout(resolve, slowMs))
          const reply: Reply = isFailing(name)
            ? {
                ok: false,
                code: 'unavailable',
                message: 'The storage worker does not answer. It is being restarted.',
                issues: [],
              }
            : await ask(name, input, caller, attempt.signal)
          running.delete(id)
          transport.deliver({ type: 'reply', id, reply })
        })()
      },
    },
    mode === 'unauthenticated' ? 'unauthenticated' : 'open',
  )
  const isFailing = (name: string) =>
    (mode === 'failed' && !['console.info', 'settings.get'].includes(name)) || [...failing].includes(name as CallName)

  // Live as the real one: samples come every second.
  if (mode !== 'failed') setInterval(() => emit('metrics.advanced', { at: Date.now() }), 1000)
  if (mode === 'lost') setTimeout(() => transport.setState('connecting'), 1500)

  return {
    transport,
    settings,
    failing,
    calls,
    emit,
    async answer(name, input) {
      const reply = await ask(name, input, caller, new AbortController().signal)
      if (!reply.ok) throw new AppError(reply.code, reply.message)
      // Parsed by `serve` with the call's own schema.
      return reply.value as never
    },
  }
}

const quiet = {
  debug() {},
  info() {},
  warn() {},
  error(message: string, fields: object = {}) {
    throw new Error(`the sample console failed: ${message} ${JSON.stringify(fields)}`, fields)
  },
  child: () => quiet,
}
