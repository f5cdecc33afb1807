import { describe, expect, it } from 'vitest'
import { readableTextPx, tileGrid, tileScale, wallSize } from '../../../src/renderer/features/wall/wall-size.ts'

const screen = (widthPx: number, heightPx: number, diagonalInches: number, distanceMetres: number) => ({
  widthPx,
  heightPx,
  diagonalInches,
  distanceMetres,
})

describe('the size of text', () => {
  // Reckoned by hand: capitals of distance / 215, Inter's are 0.727 of its size.
  it.each([
    ['55 inches from 5 m', screen(1920, 1080, 55, 5), 50.4],
    ['55 inches from 3 m', screen(1920, 1080, 55, 3), 30.3],
    ['the same in 4K', screen(3840, 2160, 55, 5), 100.9],
    ['27 inches from 1 m', screen(1920, 1080, 27, 1), 20.6],
    ['75 inches from 10 m', screen(1920, 1080, 75, 10), 74],
  ])('of %s', (_, wall, expected) => {
    expect(readableTextPx(wall)).toBeCloseTo(expected, 0)
  })

  it('grows with the distance and shrinks with the screen, in proportion', () => {
    const near = readableTextPx(screen(1920, 1080, 55, 2))
    expect(readableTextPx(screen(1920, 1080, 55, 4))).toBeCloseTo(2 * near)
    expect(readableTextPx(screen(1920, 1080, 110, 2))).toBeCloseTo(near / 2)
  })

  it('makes capitals a 215th of the distance high, measured on the glass', () => {
    const wall = screen(1920, 1080, 55, 5)
    const millimetresPerPixel = (55 * 25.4) / Math.hypot(1920, 1080)
    expect(wallSize(wall).unitPx * 0.727 * millimetresPerPixel).toBeCloseTo(5000 / 215, 6)
  })

  it('is never smaller than on any other screen, nor larger than what fits', () => {
    expect(wallSize(screen(1920, 1080, 24, 0.3)).unitPx).toBe(16)
    const far = wallSize(screen(1920, 1080, 24, 30))
    expect(far).toMatchObject({ isReadable: false, unitPx: 90 })
    expect(wallSize(screen(1920, 1080, 55, 5)).isReadable).toBe(true)
  })
})

describe('what fits', () => {
  it.each([
    ['55 inches from 5 m', screen(1920, 1080, 55, 5), 12],
    ['55 inches from 3 m', screen(1920, 1080, 55, 3), 12],
    ['55 inches from 8 m', screen(1920, 1080, 55, 8), 2],
    ['an upright screen', screen(1080, 1920, 55, 5), 12],
    ['32 inches from 10 m', screen(1920, 1080, 32, 10), 2],
  ])('on %s', (_, wall, tiles) => {
    expect(wallSize(wall).tiles).toBe(tiles)
  })

  it('always has room for a tile, a line and a piece of news', () => {
    for (const distance of [0.3, 1, 5, 20, 50]) {
      for (const [width, height] of [
        [1920, 1080],
        [480, 320],
        [1080, 1920],
        [3840, 1080],
      ] as const) {
        const size = wallSize(screen(width, height, 20, distance))
        expect(Math.min(size.tiles, size.lines, size.newsAtOnce)).toBeGreaterThanOrEqual(1)
        expect(size.tiles).toBeLessThanOrEqual(12)
      }
    }
  })

  it.each([
    [1, { columns: 1, rows: 1 }],
    [2, { columns: 1, rows: 2 }],
    [4, { columns: 2, rows: 2 }],
    [6, { columns: 2, rows: 3 }],
    [12, { columns: 4, rows: 3 }],
  ])('lays %i tiles out', (count, grid) => {
    expect(tileGrid(count, { columns: 4, rows: 3 }, 1.9)).toEqual(grid)
  })

  it('uses room that is left for larger text in tiles, up to a limit', () => {
    const far = wallSize(screen(1920, 1080, 55, 5))
    expect(tileScale(far, { columns: 4, rows: 3 })).toBe(1)
    expect(tileScale(far, { columns: 1, rows: 1 })).toBe(2.2)
    expect(tileScale(wallSize(screen(1920, 1080, 27, 1)), { columns: 4, rows: 3 })).toBeCloseTo(2.2, 0)
    expect(tileScale(far, { columns: 9, rows: 9 })).toBe(1)
  })

  it('has a place for every tile, whatever their number', () => {
    for (let columns = 1; columns <= 6; columns++) {
      for (let rows = 1; rows <= 4; rows++) {
        for (let count = 1; count <= Math.min(12, columns * rows); count++) {
          const grid = tileGrid(count, { columns, rows }, 16 / 9)
          expect(grid.columns * grid.rows).toBeGreaterThanOrEqual(count)
          expect(grid.columns).toBeLessThanOrEqual(columns)
          expect(grid.rows).toBeLessThanOrEqual(rows)
        }
      }
    }
  })
})
