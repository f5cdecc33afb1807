import { describe, expect, it } from 'vitest'
import type { WallTile } from '#shared/contract/walls.ts'
import { driftAt } from '../../../src/renderer/features/wall/drift.ts'
import { feedWords } from '../../../src/renderer/features/wall/feed-words.ts'
import { looked, remainingRatio, startPlaylist, tick, turned } from '../../../src/renderer/features/wall/playlist.ts'

const wall = {
  autofocusMs: 30_000,
  pages: [10_000, 20_000, 5000].map((showMs) => ({ kind: 'clock' as const, title: '', showMs })),
}
const down = (id: string, stateSince = 1): WallTile => ({
  id,
  name: id,
  state: 'down',
  stateSince,
  message: 'Refused.',
  availabilityRatio: null,
  latencyMs: null,
})

describe('the playlist', () => {
  it('turns each page when it has stood for its time, and begins again', () => {
    let playlist = startPlaylist(0, 0)
    const turns: [number, number][] = []
    for (let now = 0; now <= 50_000; now += 1000) {
      const next = tick(playlist, wall, now)
      if (next.page !== playlist.page) turns.push([now, next.page])
      playlist = next
    }
    expect(turns).toEqual([
      [10_000, 1],
      [30_000, 2],
      [35_000, 0],
      [45_000, 1],
    ])
  })

  it.each([
    ['a page that is gone', startPlaylist(7, 0), 0],
    ['a page before the first', startPlaylist(-3, 0), 0],
  ])('takes %s for the first', (_, playlist, page) => {
    expect(tick(playlist, wall, 1000).page).toBe(page)
  })

  it('stands still where there is one page, or somebody holds it', () => {
    const one = { ...wall, pages: wall.pages.slice(0, 1) }
    expect(tick(startPlaylist(0, 0), one, 1e9).page).toBe(0)
    expect(remainingRatio(startPlaylist(0, 0), one, 5000)).toBeNull()
    const held = { ...startPlaylist(0, 0), isHeld: true }
    expect(tick(held, wall, 1e9).page).toBe(0)
    expect(remainingRatio(held, wall, 5000)).toBeNull()
  })

  it('goes on when the clock was set back', () => {
    expect(tick(startPlaylist(0, 1e12), wall, 1000).page).toBe(1)
  })

  it('goes both ways by hand', () => {
    expect(turned(startPlaylist(0, 0), wall, -1, 5)).toMatchObject({ page: 2, since: 5 })
    expect(turned(startPlaylist(2, 0), wall, 1, 5).page).toBe(0)
  })

  it.each([
    [0, 1],
    [5000, 0.5],
    [10_000, 0],
    [99_000, 0],
  ])('counts down: after %i ms %d are left', (now, left) => {
    expect(remainingRatio(startPlaylist(0, 0), wall, now)).toBe(left)
  })
})

describe('what breaks', () => {
  const watching = looked(startPlaylist(0, 0), wall, [down('old')], 0)

  it('is not shown large when it was broken before anybody looked', () => {
    expect(watching.focus).toBeNull()
  })

  it('is shown large at once, for its time, and then the page begins anew', () => {
    const broken = looked(watching, wall, [down('old'), down('new', 5000)], 8000)
    expect(broken.focus).toMatchObject({ tile: { id: 'new' }, until: 38_000 })
    expect(remainingRatio(broken, wall, 23_000)).toBe(0.5)
    expect(tick(broken, wall, 37_999)).toBe(broken)
    expect(tick(broken, wall, 38_000)).toMatchObject({ focus: null, page: 0, since: 38_000 })
  })

  it('is shown large once, and again when it breaks again', () => {
    const broken = looked(watching, wall, [down('new', 5000)], 8000)
    const after = tick(broken, wall, 40_000)
    expect(looked(after, wall, [down('new', 5000)], 41_000).focus).toBeNull()
    const mended = looked(after, wall, [], 42_000)
    expect(looked(mended, wall, [down('new', 50_000)], 50_000).focus).not.toBeNull()
  })

  it('gives way to what breaks later', () => {
    const first = looked(watching, wall, [down('a', 5000)], 6000)
    const second = looked(first, wall, [down('a', 5000), down('b', 7000), down('c', 6500)], 8000)
    expect(second.focus).toMatchObject({ tile: { id: 'b' }, until: 38_000 })
  })

  it('gives the screen back when it is mended', () => {
    const broken = looked(watching, wall, [down('new', 5000)], 8000)
    expect(looked(broken, wall, [], 9000)).toMatchObject({ focus: null, since: 9000 })
  })

  it('stays small where the wall says so', () => {
    expect(looked(watching, { ...wall, autofocusMs: 0 }, [down('new')], 1).focus).toBeNull()
  })
})

describe('the feed', () => {
  const facts = { answeredAt: 10_000, now: 11_000, isConnected: true, at: 5000, observedAt: 4000 }
  it.each([
    ['fresh', facts, false, 'updated 1 s ago'],
    ['just now', { ...facts, now: 10_400 }, false, 'updated now'],
    ['a clock set back', { ...facts, now: 2000 }, false, 'updated now'],
    ['one interval late', { ...facts, now: 13_900 }, false, 'updated 3 s ago'],
    ['two intervals late', { ...facts, now: 14_000 }, true, 'No answer from Belfry for 4 s'],
    ['cut', { ...facts, now: 75_000, isConnected: false }, true, 'Belfry cannot be reached for 1 min'],
    ['just cut', { ...facts, now: 12_000, isConnected: false }, false, 'updated 2 s ago'],
    ['not there yet', { ...facts, answeredAt: null }, false, 'Waiting for Belfry'],
    ['never there', { ...facts, answeredAt: null, isConnected: false }, true, 'Belfry cannot be reached'],
    ['of a console that measures nothing', { ...facts, at: 200_000 }, true, 'Nothing measured for 3 min'],
  ])('that is %s says so', (_, given, isLoud, text) => {
    expect(feedWords(given)).toEqual({ isLoud, text })
  })
})

describe('the drift', () => {
  const minute = 60_000
  const places = Array.from({ length: 2 * 169 }, (_, step) => driftAt(step * minute))

  it('comes to every place of its square equally often', () => {
    const visits = new Map<string, number>()
    for (const { x, y } of places) visits.set(`${x} ${y}`, (visits.get(`${x} ${y}`) ?? 0) + 1)
    expect(visits.size).toBe(169)
    expect(new Set(visits.values())).toEqual(new Set([2]))
  })

  it('moves by one pixel at a time, and never far', () => {
    for (const [index, place] of places.entries()) {
      const next = places[(index + 1) % places.length] ?? place
      expect(Math.abs(next.x - place.x) + Math.abs(next.y - place.y)).toBeLessThanOrEqual(1)
      expect(Math.max(Math.abs(place.x), Math.abs(place.y))).toBeLessThanOrEqual(6)
    }
  })
})
