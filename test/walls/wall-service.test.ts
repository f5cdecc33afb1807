import { describe, expect, it } from 'vitest'
import { createEvents } from '#main/events.ts'
import { createWallService } from '#main/walls/wall-service.ts'
import type { CheckView, TimelineState } from '#shared/contract/checks.ts'
import { Wall, WallView } from '#shared/contract/walls.ts'
import { fakeTime } from '#test/support/fake-time.ts'
import { memoryConfig } from '#test/support/memory-config.ts'
import { alertView, checkView } from '#test/support/sample-views.ts'

const lobby = Wall.parse({
  name: 'lobby',
  title: 'Lobby',
  pages: [
    { kind: 'checks', labels: { team: 'shop' } },
    { kind: 'alerts' },
    { kind: 'uptime', text: 'EXAMPLE' },
    { kind: 'host' },
    { kind: 'series', metric: 'node_load1' },
    { kind: 'clock' },
  ],
})

async function feed(checks: readonly CheckView[] = []) {
  const time = fakeTime()
  const events = createEvents()
  const told: string[] = []
  events.subscribe((name) => told.push(name))
  const config = memoryConfig()
  await config.saveWall(null, lobby)
  const asked = { checks: 0, metrics: 0, histories: 0 }
  let present = checks
  const service = createWallService({
    clock: time.clock,
    timers: time.timers,
    events,
    config,
    version: '1.2.3',
    hostname: 'tower',
    checks() {
      asked.checks++
      return present
    },
    async histories() {
      asked.histories++
      return []
    },
    alerts: async () => [
      alertView({ id: 'old', firedAt: 1000 }),
      alertView({ id: 'ended', state: 'resolved', firedAt: 500, resolvedAt: 3000 }),
      alertView({ id: 'waiting', state: 'pending', firedAt: null }),
      alertView({ id: 'new', firedAt: 2000 }),
    ],
    async metrics(queries) {
      asked.metrics++
      return queries.map(({ metric }) => ({
        stepMs: 1000,
        tier: 'raw' as const,
        times: [1000, 2000],
        series: [
          { labels: { mode: 'idle', __name__: metric }, values: [30, 20] },
          { labels: { mode: 'user', __name__: metric }, values: [10, null] },
        ],
      }))
    },
  })
  const become = (next: readonly CheckView[]) => {
    present = next
    const [first] = next
    if (first) events.emit('checks.changed', first)
  }
  return { service, time, events, config, told, asked, become }
}

const shop = (id: string, state: TimelineState, changes: Partial<CheckView> = {}) =>
  checkView({ id, name: id, state, labels: { team: 'shop' }, ...changes })

describe('what a wall shows', () => {
  it('is the checks that carry its labels, the worst first, at most twelve, and how many more', async () => {
    const many = Array.from({ length: 30 }, (_, index) => shop(`up-${String(index).padStart(2, '0')}`, 'up'))
    const { service } = await feed([
      ...many,
      shop('slow', 'degraded', { stateSince: 5000 }),
      shop('first-down', 'down', { stateSince: 1000 }),
      shop('last-down', 'down', { stateSince: 9000 }),
      shop('paused', 'down', { enabled: false }),
      checkView({ id: 'other-team', state: 'down' }),
    ])
    const { content, broken } = await service.view('lobby', 0)
    if (content.kind !== 'checks') throw new Error(content.kind)
    expect(content.tiles.map(({ id }) => id).slice(0, 4)).toEqual(['last-down', 'first-down', 'slow', 'up-00'])
    expect(content.tiles).toHaveLength(12)
    expect({ more: content.more, moreAbnormal: content.moreAbnormal }).toEqual({ more: 21, moreAbnormal: 0 })
    expect(content.counts).toMatchObject({ up: 30, degraded: 1, down: 2 })
    // `other-team` is on the page of uptimes, for its target has the text.
    expect(broken.map(({ id }) => id)).toContain('other-team')
    expect(broken.map(({ id }) => id)).not.toContain('paused')
  })

  it('says how many of those left out are not well', async () => {
    const { service } = await feed(Array.from({ length: 15 }, (_, index) => shop(`down-${index}`, 'down')))
    const { content } = await service.view('lobby', 0)
    expect(content).toMatchObject({ more: 3, moreAbnormal: 3 })
  })

  it('tells the newest of alerts, ended ones too, and on their own page those that fire', async () => {
    const { service } = await feed()
    const view = await service.view('lobby', 1)
    expect(view.news.map(({ id }) => id)).toEqual(['ended', 'new', 'old'])
    expect(view.content).toMatchObject({ kind: 'alerts', alerts: [{ id: 'new' }, { id: 'old' }], more: 0 })
  })

  it.each([0, 1, 2, 3, 4, 5])('is of the shape of the contract on page %i', async (page) => {
    const { service } = await feed([shop('one', 'up')])
    expect(() => WallView.parse(structuredClone({ page }))).toThrow()
    const view = await service.view('lobby', page)
    expect(WallView.parse(JSON.parse(JSON.stringify(view)))).toEqual(view)
    expect(view.page).toBe(page)
  })

  it('leaves a gap where the machine was not observed', async () => {
    const { service } = await feed()
    const { content } = await service.view('lobby', 3)
    if (content.kind !== 'charts') throw new Error(content.kind)
    expect(content.charts[0]).toMatchObject({ title: 'CPU', series: [{ label: 'Busy', values: [0.25, 0] }] })
    expect(content.note).toBe('tower')
  })

  it('is its first page where there is no such page any more, and nothing where there is no such wall', async () => {
    const { service } = await feed()
    expect((await service.view('lobby', 99)).page).toBe(0)
    await expect(service.view('attic', 0)).rejects.toThrow('There is no wall named "attic".')
  })
})

describe('screens that look on', () => {
  it('share one answer, until something changes', async () => {
    const { service, time, asked, become, told } = await feed([shop('one', 'up')])
    const views = await Promise.all(Array.from({ length: 20 }, () => service.view('lobby', 0)))
    expect(new Set(views).size).toBe(1)
    expect(asked).toMatchObject({ checks: 1, histories: 1 })
    become([shop('one', 'down')])
    expect((await service.view('lobby', 0)).content).toMatchObject({ tiles: [{ state: 'up' }] })
    await time.advance(250)
    expect(told).toContain('walls.stirred')
    expect((await service.view('lobby', 0)).content).toMatchObject({ tiles: [{ state: 'down' }] })
    // History is a matter of minutes, not of every change.
    expect(asked).toMatchObject({ checks: 2, histories: 1 })
  })

  it('hear of a burst once', async () => {
    const { time, become, told } = await feed()
    for (let change = 0; change < 100; change++) become([shop('one', change % 2 ? 'up' : 'down')])
    await time.advance(250)
    expect(told.filter((name) => name === 'walls.stirred')).toHaveLength(1)
  })

  it('draw charts anew every few seconds, whatever number of them asks', async () => {
    const { service, time, asked } = await feed()
    for (let second = 0; second < 10; second++) {
      await Promise.all([service.view('lobby', 3), service.view('lobby', 3), service.preview(lobby, 3)])
      await time.advance(1000)
    }
    expect(asked.metrics).toBe(2)
  })

  it('ask again when a question failed', async () => {
    const { service, asked } = await feed()
    await expect(service.view('attic', 0)).rejects.toThrow()
    await service.view('lobby', 0)
    expect(asked.checks).toBe(1)
  })

  it('see an edited wall at once', async () => {
    const { service, config, told } = await feed()
    await service.view('lobby', 0)
    await config.saveWall('lobby', { ...lobby, title: 'Entry' })
    expect(told).toContain('walls.changed')
    expect((await service.view('lobby', 0)).wall.title).toBe('Entry')
  })
})
