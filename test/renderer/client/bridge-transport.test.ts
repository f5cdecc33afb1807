import { describe, expect, it } from 'vitest'
import type { ClientFrame, ServerFrame } from '#shared/contract/wire.ts'
import { bridgeTransport } from '../../../src/renderer/client/bridge-transport.ts'

function bridgeInHand() {
  const sent: ClientFrame[] = []
  const listeners = new Set<(frame: ServerFrame) => void>()
  const bridge = {
    send: (frame: ClientFrame) => void sent.push(frame),
    onFrame(listener: (frame: ServerFrame) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  return { bridge, sent, listeners }
}

describe('the bridge transport', () => {
  it('is open at once and carries frames both ways', () => {
    const { bridge, sent, listeners } = bridgeInHand()
    const transport = bridgeTransport(bridge)
    const heard: ServerFrame[] = []
    transport.onFrame((frame) => void heard.push(frame))
    transport.send({ type: 'ping' })
    for (const listener of listeners) listener({ type: 'pong' })
    expect(transport.state).toBe('open')
    expect(sent).toEqual([{ type: 'ping' }])
    expect(heard).toEqual([{ type: 'pong' }])
  })

  it('leaves no listener behind, whether ended one by one or all by closing', () => {
    const { bridge, listeners } = bridgeInHand()
    const transport = bridgeTransport(bridge)
    const end = transport.onFrame(() => {})
    transport.onFrame(() => {})
    end()
    expect(listeners.size).toBe(1)
    transport.close()
    expect(listeners.size).toBe(0)
  })
})
