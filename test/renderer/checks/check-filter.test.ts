import { describe, expect, it } from 'vitest'
import {
  facetsOf,
  filterChecks,
  isFiltering,
  noFilter,
  toggled,
} from '../../../src/renderer/features/checks/check-filter.ts'
import { check } from './check-builder.ts'

const checks = [
  check({ name: 'Shop', target: 'https://shop.example/', labels: { team: 'web', tier: 'one' } }),
  check({ name: 'Mail', kind: 'tcp', target: 'mail.example:25', state: 'down', labels: { team: 'core' } }),
  check({
    name: 'Gateway',
    kind: 'icmp',
    target: '10.0.0.1',
    state: 'degraded',
    labels: { team: 'core', tier: 'one' },
  }),
]
const names = (filter: Partial<typeof noFilter>) =>
  filterChecks(checks, { ...noFilter, ...filter }).map(({ name }) => name)

describe('filterChecks', () => {
  it('finds every word in name, target, kind or label, whatever the case', () => {
    expect(names({ text: 'EXAMPLE shop' })).toEqual(['Shop'])
    expect(names({ text: 'team=core icmp' })).toEqual(['Gateway'])
    expect(names({ text: 'shop mail' })).toEqual([])
  })

  it('widens within one sort of filter and narrows across sorts', () => {
    expect(names({ states: ['down', 'degraded'] })).toEqual(['Mail', 'Gateway'])
    expect(names({ states: ['down', 'degraded'], kinds: ['icmp'] })).toEqual(['Gateway'])
  })

  it('widens by values of one label and narrows by different labels', () => {
    expect(names({ labels: ['team=web', 'team=core'] })).toEqual(['Shop', 'Mail', 'Gateway'])
    expect(names({ labels: ['team=core', 'tier=one'] })).toEqual(['Gateway'])
  })

  it('takes any of the groups and all of the tags', () => {
    const tagged = [
      check({ name: 'A', group: 'eu', tags: ['slow', 'paid'] }),
      check({ name: 'B', group: 'us', tags: ['slow'] }),
      check({ name: 'C', group: null, tags: [] }),
    ]
    const found = (filter: Partial<typeof noFilter>) =>
      filterChecks(tagged, { ...noFilter, ...filter }).map(({ name }) => name)
    expect(found({ groups: ['eu', 'us'] })).toEqual(['A', 'B'])
    expect(found({ tags: ['slow', 'paid'] })).toEqual(['A'])
    expect(found({ text: 'paid eu' })).toEqual(['A'])
    const facets = facetsOf(tagged, { ...noFilter, groups: ['us'] })
    expect(facets.groups).toEqual([
      { value: 'eu', count: 1 },
      { value: 'us', count: 1 },
    ])
    expect(facets.tags).toEqual([{ value: 'slow', count: 1 }])
  })

  it('lets everything through when nothing is asked for', () => {
    expect(filterChecks(checks, noFilter)).toHaveLength(3)
    expect([isFiltering(noFilter), isFiltering({ ...noFilter, text: ' x' })]).toEqual([false, true])
  })
})

describe('facetsOf', () => {
  it('counts what each choice would show beside the other filters', () => {
    const facets = facetsOf(checks, { ...noFilter, labels: ['team=core'] })
    expect(facets.states).toEqual([
      { value: 'down', count: 1 },
      { value: 'degraded', count: 1 },
    ])
    expect(facets.kinds).toEqual([
      { value: 'icmp', count: 1 },
      { value: 'tcp', count: 1 },
    ])
    expect(facets.labels).toContainEqual({ value: 'team=web', count: 1 })
  })

  it('keeps a chosen value in sight when nothing has it any more', () => {
    const facets = facetsOf(checks, { ...noFilter, states: ['unknown'], labels: ['team=gone'] })
    expect(facets.states).toContainEqual({ value: 'unknown', count: 0 })
    expect(facets.labels).toContainEqual({ value: 'team=gone', count: 0 })
  })
})

describe('toggled', () => {
  it('adds what is not there and takes away what is', () => {
    expect([toggled(['a'], 'b'), toggled(['a', 'b'], 'a')]).toEqual([['a', 'b'], ['b']])
  })
})
