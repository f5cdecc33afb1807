import { describe, expect, it } from 'vitest'
import { HeartbeatConfig } from '#main/checks/heartbeat/config.ts'
import { judge } from '#main/checks/heartbeat/judge.ts'
import { noPings, type Ping, type PingKind, type PingMemory, remembering } from '#main/checks/heartbeat/ping.ts'

const id = '7f4c2a1e-0a5b-4d7e-9c3f-2b1d8e6a4f50'
const minute = 60_000
const hour = 60 * minute
const at = Date.parse('2026-03-28T12:00:00Z')

const hourly = HeartbeatConfig.parse({
  id,
  schedule: { type: 'period', periodMs: hour },
  graceMs: 5 * minute,
})
const nightly = HeartbeatConfig.parse({
  id,
  schedule: { type: 'cron', expression: '30 2 * * *', zone: 'Europe/Berlin' },
  graceMs: hour,
})

const ping = (kind: PingKind, pingAt: number, rest: Partial<Ping> = {}): Ping => ({
  at: pingAt,
  kind,
  exitStatus: null,
  runId: null,
  durationMs: null,
  method: 'GET',
  remoteAddress: '127.0.0.1',
  userAgent: 'curl',
  body: '',
  ...rest,
})

const having = (...pings: Ping[]): PingMemory => pings.reduce((memory, one) => remembering(memory, one).memory, noPings)

const judged = (config: HeartbeatConfig, memory: PingMemory, now: number, since: number | null = at - 30 * hour) => {
  const { outcome, reason, changesAt } = judge(config, memory, since, now)
  return [outcome, reason.code, changesAt === null ? null : changesAt - now]
}

describe('a heartbeat every hour with five minutes of grace', () => {
  const pinged = having(ping('success', at))
  it.each([
    ['is up until it is due', 10 * minute, ['up', 'pinged', 50 * minute]],
    ['is late during its grace', 61 * minute, ['up', 'late', 4 * minute]],
    ['is down from the end of its grace on', 65 * minute, ['down', 'overdue', null]],
  ])('%s', (_, laterMs, expected) => {
    expect(judged(hourly, pinged, at + laterMs)).toEqual(expected)
  })

  it('says nothing before the first ping, and nothing while nothing listens', () => {
    expect(judged(hourly, noPings, at)).toEqual(['unknown', 'no-ping-yet', null])
    expect(judged(hourly, pinged, at + 2 * hour, null)).toEqual(['unknown', 'not-listening', null])
  })

  it('is down at once when the job fails, and stays it through the next start', () => {
    const failed = having(ping('success', at), ping('fail', at + 1, { exitStatus: 3 }))
    expect(judged(hourly, failed, at + 2)).toEqual(['down', 'failed', null])
    expect(judge(hourly, failed, at, at + 2).reason.message).toBe('The job ended with exit status 3.')
    const again = remembering(failed, ping('start', at + 3)).memory
    expect(judged(hourly, again, at + 4)).toEqual(['down', 'failed', null])
    expect(judged(hourly, remembering(again, ping('success', at + 5)).memory, at + 6)[0]).toBe('up')
  })

  it('is down when a run does not end within the grace', () => {
    const running = having(ping('success', at), ping('start', at + 10 * minute))
    expect(judged(hourly, running, at + 12 * minute)).toEqual(['up', 'running', 3 * minute])
    expect(judged(hourly, running, at + 16 * minute)).toEqual(['down', 'not-finished', null])
  })

  it('does not let a start hide that it is overdue', () => {
    const overdue = having(ping('success', at), ping('start', at + 66 * minute))
    expect(judged(hourly, overdue, at + 67 * minute)).toEqual(['down', 'overdue', null])
  })

  it('claims nothing of what was due while nobody listened, until the next ping had its chance', () => {
    const since = at + 3 * hour
    expect(judged(hourly, pinged, since + minute, since)).toEqual(['unknown', 'due-unobserved', 64 * minute])
    expect(judged(hourly, pinged, since + 64 * minute, since)[0]).toBe('unknown')
    expect(judged(hourly, pinged, since + 65 * minute, since)).toEqual(['down', 'overdue', null])
  })

  it('goes on as ever where nothing was due during the absence', () => {
    const since = at + 30 * minute
    expect(judged(hourly, pinged, at + 40 * minute, since)).toEqual(['up', 'pinged', 20 * minute])
    expect(judged(hourly, pinged, at + 66 * minute, since)).toEqual(['down', 'overdue', null])
  })

  it('gives a run that was to end unseen another grace', () => {
    const running = having(ping('success', at), ping('start', at + minute))
    const since = at + 20 * minute
    expect(judged(hourly, running, since + minute, since)).toEqual(['unknown', 'due-unobserved', 4 * minute])
    expect(judged(hourly, running, since + 6 * minute, since)).toEqual(['down', 'not-finished', null])
  })

  it.each([
    [hour, 'A ping came, on time.'],
    [50 * minute, 'A ping came, 10m early.'],
    [62 * minute, 'A ping came, 2m late.'],
  ])('tells how punctual a ping was', (laterMs, message) => {
    const memory = having(ping('success', at), ping('success', at + laterMs))
    expect(judge(hourly, memory, at, at + laterMs + minute).reason.message).toBe(message)
  })
})

describe('a heartbeat by cron', () => {
  it('is due at the first valid instant after a local time that does not exist', () => {
    // 2026-03-29 02:30 does not exist in Berlin.
    const due = Date.parse('2026-03-29T01:00:00Z')
    const memory = having(ping('success', Date.parse('2026-03-28T01:31:00Z')))
    expect(judged(nightly, memory, due - 1)).toEqual(['up', 'pinged', 1])
    expect(judged(nightly, memory, due + hour)).toEqual(['down', 'overdue', null])
  })
})

describe('runs', () => {
  it('have a duration from start to end', () => {
    expect(having(ping('start', at), ping('success', at + 90_000)).last?.durationMs).toBe(90_000)
    expect(judge(hourly, having(ping('start', at), ping('success', at + 90_000)), at, at + 91_000).reason.message).toBe(
      'A ping came, after running for 1m 30s.',
    )
  })

  it('that overlap are told apart by their ids', () => {
    const overlapping = having(
      ping('start', at, { runId: 'a' }),
      ping('start', at + 10, { runId: 'b' }),
      ping('success', at + 20, { runId: 'a' }),
    )
    expect(overlapping.last?.durationMs).toBeNull()
    expect(overlapping.start?.runId).toBe('b')
  })

  it('are not touched by a log line', () => {
    const memory = having(ping('start', at))
    expect(remembering(memory, ping('log', at + 1)).memory).toBe(memory)
  })
})

describe('the options of a heartbeat', () => {
  it.each([
    [{ id: 'not-an-id' }, 'id'],
    [{ id, schedule: { type: 'cron', expression: 'every day', zone: 'UTC' } }, 'schedule.expression'],
    [{ id, schedule: { type: 'cron', expression: '0 0 30 2 *', zone: 'UTC' } }, 'schedule.expression'],
    [{ id, schedule: { type: 'cron', expression: '2030-01-01T00:00:00', zone: 'UTC' } }, 'schedule.expression'],
    [{ id, schedule: { type: 'cron', expression: '0 3 * * *', zone: 'Europe/Atlantis' } }, 'schedule.zone'],
    [{ id, schedule: { type: 'period', periodMs: 10 } }, 'schedule.periodMs'],
    [{ id, graceMs: 0 }, 'graceMs'],
  ])('%j is refused at %s', (config, path) => {
    const parsed = HeartbeatConfig.safeParse(config)
    expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path])
  })
})
