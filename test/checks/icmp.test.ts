import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { icmp } from '#main/checks/kinds/icmp.ts'
import { probe } from './probe.ts'

/** A directory that is all of PATH, with a ping that says what a test wants. */
let directory: string
const path = process.env['PATH'] ?? ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'belfry-ping-'))
})
afterEach(() => {
  process.env['PATH'] = path
  rmSync(directory, { recursive: true, force: true })
})

function pingSays(script: string): void {
  writeFileSync(join(directory, 'ping'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(directory, 'ping'), 0o755)
  process.env['PATH'] = directory
}

const reply = (sequence: number) => `echo "64 bytes from 127.0.0.1: icmp_seq=${sequence} ttl=64 time=1.5 ms"`
const summary = (received: number) => `echo "3 packets transmitted, ${received} received, 0% packet loss"`

describe.skipIf(process.platform === 'win32')('a ping', () => {
  it('is up with its mean round trip when all packets come back', async () => {
    pingSays([reply(1), reply(2), reply(3), summary(3)].join('\n'))
    const { result, evidence, sample } = await probe(icmp, { host: '127.0.0.1' })
    expect(result).toMatchObject({ outcome: 'up', durationMs: 1.5, reason: { message: '3 of 3 packets came back.' } })
    expect(evidence.packets).toEqual({ sent: 3, received: 3, roundTripsMs: [1.5, 1.5, 1.5] })
    expect(sample('probe_icmp_duration_seconds', 'rtt')).toBe(0.0015)
  })

  it.each([
    [{}, 'degraded', 'packet-loss'],
    [{ warnLossPercent: 50 }, 'up', 'ok'],
    [{ failLossPercent: 20 }, 'down', 'packet-loss'],
  ])('that lost one packet of three is under %j %s', async (config, outcome, code) => {
    pingSays([reply(1), reply(2), summary(2)].join('\n'))
    const { result } = await probe(icmp, { host: '127.0.0.1', ...config })
    expect([result.outcome, result.reason.code]).toEqual([outcome, code])
  })

  it('is down when nothing comes back', async () => {
    pingSays(`${summary(0)}; exit 1`)
    expect((await probe(icmp, { host: '127.0.0.1' })).result).toMatchObject({
      outcome: 'down',
      reason: { code: 'no-reply' },
    })
  })

  it.each([
    ['is not installed', null, 'the ping program is not installed'],
    ['is not permitted', 'echo "ping: socket: Operation not permitted" >&2; exit 2', 'Operation not permitted'],
    ['says something nobody understands', 'echo "good day"', 'good day'],
  ])('cannot measure when ping %s', async (_, script, words) => {
    if (script === null) process.env['PATH'] = directory
    else pingSays(script)
    const { result, samples } = await probe(icmp, { host: '127.0.0.1' })
    expect(result).toMatchObject({ outcome: 'unknown', reason: { code: 'cannot-measure' } })
    expect(result.reason.message).toContain('Cannot measure')
    expect(result.reason.message).toContain(words)
    expect(samples).toEqual([])
  })

  it('ends a ping that hangs at the deadline', async () => {
    pingSays(`${reply(1)}\nexec /bin/sleep 60`)
    const { result, bugs } = await probe(icmp, { host: '127.0.0.1' }, 500)
    expect(result.outcome).toBe('degraded')
    expect(result.reason.message).toBe('2 of 3 packets to 127.0.0.1 were lost.')
    expect(bugs).toEqual([])
  })

  it('never hands a host to ping that could be an option', () => {
    expect(icmp.config.safeParse({ host: '-f' }).success).toBe(false)
    expect(icmp.config.safeParse({ host: '$(reboot)' }).success).toBe(false)
  })
})
