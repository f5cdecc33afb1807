import { describe, expect, it } from 'vitest'
import { createSeriesIndex } from '#main/metrics/series-index.ts'
import { seriesKey } from '#shared/domain/labels.ts'

const checks = Array.from({ length: 1500 }, (_, i) => `check-${(i * 7919) % 1500}`)

describe('the index of series', () => {
  it('finds each of thousands again, whatever the order of their labels, and nothing else', () => {
    const index = createSeriesIndex()
    for (const check of checks) {
      index.add('up', { check, kind: 'http' })
      index.add('up', { check })
      index.add('seconds', { check, kind: 'http' })
    }
    for (const check of checks) {
      expect(index.find('up', { kind: 'http', check })?.labels).toEqual({ check, kind: 'http' })
      expect(index.find('up', { check })?.labels).toEqual({ check })
      expect(index.find('seconds', { check })).toBeUndefined()
      expect(index.find('up', { check, kind: 'tcp' })).toBeUndefined()
    }
  })

  it('tells apart what would be the same text without its bounds', () => {
    const index = createSeriesIndex()
    const one = index.add('m', { a: 'bc' })
    expect(index.find('m', { ab: 'c' })).toBeUndefined()
    expect(index.find('ma', { '': 'bc' })).toBeUndefined()
    const other = index.add('m', { ab: 'c' })
    expect([index.find('m', { a: 'bc' }), index.find('m', { ab: 'c' })]).toEqual([one, other])
  })

  it('takes a label that is named like a part of every object', () => {
    const index = createSeriesIndex()
    const labels = Object.fromEntries([['__proto__', 'x']])
    const handle = index.add('m', labels)
    expect(index.find('m', {})).toBeUndefined()
    expect(index.find('m', labels)).toBe(handle)
    expect(index.match([{ label: '__proto__', op: '=', value: 'x' }])).toEqual([handle])
  })

  it('answers in one order, also after others joined', () => {
    const index = createSeriesIndex()
    const inOrder = (matched: ReturnType<typeof index.match>) => {
      const keys = matched.map(({ name, labels }) => seriesKey(name, labels))
      expect(keys).toEqual([...keys].sort())
      return keys.length
    }
    for (const check of checks.slice(0, 700)) for (const name of ['up', 'seconds']) index.add(name, { check })
    expect(inOrder(index.match([{ label: '__name__', op: '=', value: 'up' }]))).toBe(700)
    expect(inOrder(index.match([]))).toBe(1400)
    for (const check of checks.slice(700)) for (const name of ['a', 'up']) index.add(name, { check })
    expect(inOrder(index.match([{ label: '__name__', op: '=', value: 'up' }]))).toBe(1500)
    expect(inOrder(index.match([{ label: '__name__', op: '!=', value: 'up' }]))).toBe(1500)
    expect(inOrder(index.match([{ label: 'check', op: '=~', value: 'check-1.*' }]))).toBeGreaterThan(500)
  })

  it('gives the series of one target one object of labels, also when each comes with a copy', () => {
    const index = createSeriesIndex()
    for (const [i, name] of ['up', 'seconds', 'bytes'].entries()) {
      index.restore({ id: i + 1, name, labels: { check: 'a', kind: 'http' } })
    }
    const labels = index.match([{ label: 'check', op: '=', value: 'a' }]).map((handle) => handle.labels)
    expect(new Set(labels).size).toBe(1)
    expect(index.add('codes', { kind: 'http', check: 'a' })).toEqual({ id: 4, name: 'codes', labels: labels[0] })
  })
})
