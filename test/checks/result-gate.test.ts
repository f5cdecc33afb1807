import { afterEach, describe, expect, it } from 'vitest'
import { readyCheck } from '#main/checks/ready-check.ts'
import { createResultGate } from '#main/checks/result-gate.ts'
import type { ProbeReport } from '#main/checks/runner.ts'
import { createEvents } from '#main/events.ts'
import { createNotices } from '#main/notices.ts'
import type { UplinkGuard } from '#main/uplink/uplink-guard.ts'
import { CheckDraft, type Outcome } from '#shared/contract/checks.ts'
import { fakePorts } from '#test/support/ports.ts'
import { scriptedKind } from './scripted-kind.ts'

const { kind } = scriptedKind()
const check = (host: string) =>
  readyCheck({ id: host, draft: CheckDraft.parse({ name: host, kind: 'scripted', config: { host } }) }, [kind])

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

function open() {
  const { clock, timers, logger, time } = fakePorts()
  const notices = createNotices(clock, logger, createEvents())
  const link = { isLost: false, asked: 0, hasNeighbours: true, answers: 0 }
  const uplink: UplinkGuard = {
    nearnessOf: (host) => (host === '127.0.0.1' ? 'own' : host.startsWith('192.0.2.') ? 'neighbour' : 'remote'),
    noteAddress: () => {},
    noteAnswer: () => void link.answers++,
    wasLostSince: () => link.isLost && link.asked > 0,
    async confirmLostSince() {
      link.asked++
      return link.isLost
    },
    hasNeighbours: () => link.hasNeighbours,
    onBack: () => () => {},
    close: () => {},
  }
  const gate = createResultGate({ clock, timers, notices, uplink })
  ends.push(gate.close)
  const pass = async (host: string, outcome: Outcome, code: string, isDown = false) => {
    const report = {
      result: {
        ...{ id: 'r', checkId: host, at: clock.now(), trigger: 'scheduled', outcome, durationMs: 5 },
        phases: [{ name: 'connect', durationMs: 1 }],
        reason: { code, message: `It is ${code}.` },
        evidence: {},
      },
      samples: [{ name: 'probe_success', value: 0 }],
      againInMs: null,
    } satisfies ProbeReport
    const { result, samples } = await gate.pass(check(host), report, { startedMs: 0, isDown })
    return [result.outcome, result.reason.code, samples.length] as const
  }
  return { pass, link, notices, time, told: () => notices.list().map(({ id }) => id) }
}

describe('a result of a target behind the link', () => {
  it('is what it is while the link is there', async () => {
    const { pass, link } = open()
    expect(await pass('far.example', 'down', 'timeout')).toEqual(['down', 'timeout', 1])
    expect(link.asked).toBe(1)
  })

  it('is unknown when the link was gone, with what the probe saw', async () => {
    const { pass, link } = open()
    link.isLost = true
    expect(await pass('far.example', 'down', 'timeout')).toEqual(['unknown', 'uplink', 0])
    expect(await pass('203.0.113.9', 'unknown', 'network-unreachable')).toEqual(['unknown', 'uplink', 0])
    expect(await pass('far.example', 'unknown', 'dns-timeout')).toEqual(['unknown', 'uplink', 0])
    expect(await pass('far.example', 'up', 'ok')).toEqual(['up', 'ok', 1])
    expect(await pass('far.example', 'unknown', 'internal-error')).toEqual(['unknown', 'internal-error', 1])
  })

  it('asks nobody about a target that is down already, nor about what answers or is on this machine', async () => {
    const { pass, link } = open()
    link.isLost = true
    expect(await pass('far.example', 'down', 'timeout', true)).toEqual(['down', 'timeout', 1])
    expect(await pass('127.0.0.1', 'down', 'timeout')).toEqual(['down', 'timeout', 1])
    expect(await pass('far.example', 'up', 'ok')).toEqual(['up', 'ok', 1])
    expect(link).toMatchObject({ asked: 0, answers: 1 })
  })

  it('of a neighbour is the link’s fault only when the gateway is silent too', async () => {
    const { pass, link } = open()
    link.isLost = true
    expect(await pass('192.0.2.9', 'down', 'timeout')).toEqual(['down', 'timeout', 1])
    link.hasNeighbours = false
    expect(await pass('192.0.2.9', 'down', 'timeout')).toEqual(['unknown', 'uplink', 0])
  })
})

describe('the resolver of this machine', () => {
  it('is told once when several names fail, and withdrawn when one is found again', async () => {
    const { pass, told } = open()
    expect(await pass('a.example', 'unknown', 'dns-unavailable')).toEqual(['unknown', 'dns-unavailable', 1])
    expect(told()).toEqual([])
    expect(await pass('b.example', 'unknown', 'dns-timeout')).toEqual(['unknown', 'resolver', 0])
    expect(await pass('a.example', 'unknown', 'dns-unavailable')).toEqual(['unknown', 'resolver', 0])
    expect(told()).toEqual(['resolver'])
    expect(await pass('a.example', 'up', 'ok')).toEqual(['up', 'ok', 1])
    expect(told()).toEqual([])
  })

  it('is not blamed for one name, for a name that does not exist, nor for addresses', async () => {
    const { pass, told } = open()
    for (let round = 0; round < 5; round++) {
      await pass('a.example', 'unknown', 'dns-unavailable')
      await pass('gone.example', 'down', 'dns-not-found')
      await pass('203.0.113.9', 'down', 'timeout')
    }
    expect(told()).toEqual([])
  })
})

describe('limits of this machine', () => {
  it('are told once, with what to do, and not any more when they are over', async () => {
    const { pass, notices, told, time } = open()
    for (let round = 0; round < 3; round++) await pass('far.example', 'unknown', 'out-of-descriptors')
    await pass('127.0.0.1', 'unknown', 'no-local-port')
    expect(told().toSorted()).toEqual(['own-limits.no-local-port', 'own-limits.out-of-descriptors'])
    expect(notices.list().find(({ id }) => id.endsWith('descriptors'))?.message).toContain('ulimit -n')
    await time.advance(50_000)
    await pass('far.example', 'unknown', 'out-of-descriptors')
    await time.advance(30_000)
    expect(told()).toEqual(['own-limits.out-of-descriptors'])
    await time.advance(60_000)
    expect(told()).toEqual([])
  })
})
