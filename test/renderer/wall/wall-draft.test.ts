import { describe, expect, it } from 'vitest'
import { Wall } from '#shared/contract/walls.ts'
import { reasonToReload } from '../../../src/renderer/features/wall/self-care.ts'
import { wallInPath } from '../../../src/renderer/features/wall/wall-address.ts'
import {
  draftOf,
  freeName,
  newPage,
  readDraft,
  type WallDraft,
} from '../../../src/renderer/features/wall/wall-draft.ts'

const wall = Wall.parse({
  name: 'hall',
  title: 'Hall',
  diagonalInches: 48.5,
  autofocusMs: 0,
  pages: [
    { kind: 'checks', labels: { team: 'shop', tier: '1' }, text: 'pay', showMs: 90_000 },
    { kind: 'series', metric: 'node_load1', reduce: 'max', unit: 'ratio', windowMs: 7_200_000 },
    { kind: 'clock' },
  ],
})

function problemsOf(change: Partial<WallDraft>): Record<string, string> {
  const read = readDraft({ ...draftOf(wall), ...change })
  return read.ok ? {} : Object.fromEntries(read.problems)
}
const withPage = (change: object) => ({ pages: [{ ...newPage('series'), metric: 'up', ...change }] })

describe('a wall that is being typed', () => {
  it('is the wall it was made from', () => {
    expect(readDraft(draftOf(wall))).toEqual({ ok: true, wall })
  })

  it.each([
    ['name', { name: 'The Hall' }],
    ['name', { name: '' }],
    ['title', { title: ' ' }],
    ['diagonalInches', { diagonal: 'large' }],
    ['diagonalInches', { diagonal: '' }],
    ['distanceMetres', { distance: '900' }],
    ['timeZone', { timeZone: 'Mars/Olympus' }],
    ['autofocusMs', { autofocus: 'a while' }],
    ['autofocusMs', { autofocus: '1 h' }],
    ['pages', { pages: [] }],
    ['pages.0.metric', withPage({ metric: '' })],
    ['pages.0.labels', withPage({ labels: 'team' })],
    ['pages.0.labels', withPage({ labels: '1=2' })],
    ['pages.0.showMs', withPage({ show: '1 s' })],
    ['pages.0.windowMs', withPage({ window: '20 d' })],
  ])('says at %s what is wrong', (place, change) => {
    expect(Object.keys(problemsOf(change))).toEqual([place])
  })

  it.each([
    ['a comma in a number', { distance: '2,5' }, { distanceMetres: 2.5 }],
    ['an empty zone', { timeZone: '' }, { timeZone: 'local' }],
    ['a duration in other words', { autofocus: '1m 30s' }, { autofocusMs: 90_000 }],
  ])('understands %s', (_, change, expected) => {
    expect(readDraft({ ...draftOf(wall), ...change })).toMatchObject({ ok: true, wall: expected })
  })

  it('leaves out what its kind of page does not have', () => {
    const read = readDraft({ ...draftOf(wall), pages: [{ ...newPage('alerts'), labels: 'team=shop', metric: 'up' }] })
    expect(read).toMatchObject({ ok: true, wall: { pages: [{ kind: 'alerts', title: '', showMs: 30_000 }] } })
  })
})

describe('the name of a copy', () => {
  it.each([
    ['hall', [], 'hall'],
    ['hall', ['hall'], 'hall-2'],
    ['hall', ['hall', 'hall-2'], 'hall-3'],
  ])('of %s beside %j', (wanted, taken, expected) => {
    expect(freeName(wanted, taken)).toBe(expected)
  })
})

describe('the address of a wall', () => {
  it.each([
    ['/wall/hall', 'hall'],
    ['/wall/hall/', 'hall'],
    ['/', null],
    ['/wall/', null],
    ['/wall/Hall', null],
    ['/wall/a/b', null],
    ['/wall/%2e%2e', null],
  ])('%s', (path, name) => {
    expect(wallInPath(path)).toBe(name)
  })
})

describe('a page that stands for weeks', () => {
  const well = { heapBytes: 50e6, upForMs: 1000, gapMs: 0, isQuiet: true, loadedVersion: '1', version: '1' }
  it.each([
    ['goes on while all is well', well, null],
    ['goes on where nothing is known', { ...well, heapBytes: null, version: null }, null],
    ['begins anew after a hang, at once', { ...well, gapMs: 30_001, isQuiet: false }, 'hang'],
    ['begins anew with another console', { ...well, version: '2', isQuiet: false }, 'version'],
    ['gives back its memory when it turns', { ...well, heapBytes: 400e6 }, 'heap'],
    ['and not before', { ...well, heapBytes: 400e6, isQuiet: false }, null],
    ['begins anew once a day', { ...well, upForMs: 86_400_001 }, 'age'],
  ])('%s', (_, health, expected) => {
    expect(reasonToReload(health)).toBe(expected)
  })
})
