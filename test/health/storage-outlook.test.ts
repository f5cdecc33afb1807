import { describe, expect, it } from 'vitest'
import { createEvents } from '#main/events.ts'
import { keepStorageLimit } from '#main/health/keep-limit.ts'
import { outlookOf } from '#main/health/storage-outlook.ts'
import { createNotices } from '#main/notices.ts'
import { fakePorts } from '#test/support/ports.ts'

const dayMs = 86_400_000
const mebibyte = 1024 * 1024
const at = 100 * dayMs
const times = [at - 10 * dayMs, at - 5 * dayMs]
const kinds = [
  { kind: 'samples', title: 'Samples', values: [100, 150] },
  { kind: 'backups', title: 'Backups', values: [null, 40] },
]
const usage = (diskFreeBytes: number | null) => ({
  diskFreeBytes,
  kinds: [
    { kind: 'samples', title: 'Samples', bytes: 200 },
    { kind: 'backups', title: 'Backups', bytes: 100 },
  ],
})
const known = { at, times, stepMs: 5 * dayMs, kinds, usage: usage(1000), limitBytes: 0 }

describe('the outlook on storage', () => {
  it('divides what was added by the days it took, and the room by that', () => {
    expect(outlookOf(known)).toMatchObject({
      growth: { fromAt: at - 10 * dayMs, thenBytes: 100, nowBytes: 300, days: 10, bytesPerDay: 20 },
      room: { what: 'disk', bytes: 1000, days: 50 },
      historyBytes: 200,
    })
  })

  it('names the limit when that is nearer, and leaves backups out of it', () => {
    expect(outlookOf({ ...known, limitBytes: 260 })).toMatchObject({
      growth: { thenBytes: 100, nowBytes: 200, bytesPerDay: 10 },
      room: { what: 'limit', bytes: 60, days: 6 },
    })
  })

  it('names the disk when that is nearer than the limit', () => {
    expect(outlookOf({ ...known, usage: usage(40), limitBytes: 100_000 }).room).toMatchObject({ what: 'disk', days: 2 })
  })

  it.each([
    ['nothing was recorded', { kinds: kinds.map((kind) => ({ ...kind, values: [null, null] })) }],
    ['less than a day was recorded', { times: [at - dayMs / 2, at - dayMs / 4] }],
  ])('tells no growth when %s', (_, change) => {
    expect(outlookOf({ ...known, ...change })).toMatchObject({ growth: null, room: { days: null } })
  })

  it('has no end in sight when storage shrinks, or the disk does not say', () => {
    const shrunk = kinds.map((kind) => ({ ...kind, values: [900, 900] }))
    expect(outlookOf({ ...known, kinds: shrunk }).room).toEqual({ what: 'disk', bytes: 1000, days: null })
    expect(outlookOf({ ...known, usage: usage(null) }).room).toEqual({ what: 'unknown', bytes: null, days: null })
  })
})

describe('the limit of storage', () => {
  function limited(bytes: number, perDay: number, days: number, limitBytes: number) {
    const ports = fakePorts()
    const notices = createNotices(ports.clock, ports.logger, createEvents())
    let left = days
    const stop = keepStorageLimit({
      ports,
      notices,
      metrics: {
        async giveUpOldestDay() {
          if (left === 0) return null
          left--
          return { day: `2026-01-0${days - left}`, samples: 7 }
        },
      },
      usage: async () => ({ kinds: [{ kind: 'samples', title: 'Samples', bytes: bytes - (days - left) * perDay }] }),
      limitBytes: () => limitBytes,
    })
    const look = async () => {
      await ports.time.advance(10 * 60_000)
      await new Promise((resolve) => setImmediate(resolve))
      return notices.list()
    }
    return { look, left: () => left, stop }
  }

  it('gives up the oldest days until history fits, and says which', async () => {
    const { look, left } = limited(500 * mebibyte, 60 * mebibyte, 5, 400 * mebibyte)
    expect(await look()).toMatchObject([
      {
        level: 'info',
        message: expect.stringContaining(
          'History was larger than 400 MiB (storage.maxBytes): 14 samples of 2026-01-01 to 2026-01-02',
        ),
      },
    ])
    expect(left()).toBe(3)
  })

  it('says so when no day is left to give up', async () => {
    const { look, left } = limited(500 * mebibyte, 10 * mebibyte, 2, 400 * mebibyte)
    expect(await look()).toMatchObject([{ level: 'warning', title: 'History is larger than its limit' }])
    expect(left()).toBe(0)
  })

  it.each([
    ['there is none', 0],
    ['history fits', 600 * mebibyte],
  ])('does nothing when %s', async (_, limit) => {
    const { look, left } = limited(500 * mebibyte, 10 * mebibyte, 2, limit)
    expect(await look()).toEqual([])
    expect(left()).toBe(2)
  })
})
