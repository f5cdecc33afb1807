import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { href, placeOf } from '../../../src/renderer/navigation/routes.ts'

describe('addresses', () => {
  it.each([
    ['', 'overview'],
    ['#/', 'overview'],
    ['#/checks', 'checks'],
    ['#/checks/new', 'checkNew'],
    ['#/checks/7', 'check'],
    ['#/checks/7/edit', 'checkEdit'],
    ['#/machine?range=now-6h', 'host'],
  ])('%s is the place %s', (hash, route) => {
    expect(placeOf(hash)?.route).toBe(route)
  })

  it.each(['#/nowhere', '#/checks/7/8/9', '#/checks/%E0%A4%A'])('%s is no place', (hash) => {
    expect(placeOf(hash)).toBeNull()
  })

  it('leave empty filters out', () => {
    expect(href('checks', {}, { state: 'down', text: '' })).toBe('#/checks?state=down')
  })

  it('lead back to the same parameters and filters, whatever is in them', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (id, text) => {
        fc.pre(id !== 'new')
        const place = placeOf(href('check', { id }, { text }))
        expect(place?.route).toBe('check')
        expect(place?.params).toEqual({ id })
        expect(place?.query.get('text')).toBe(text)
      }),
    )
  })
})
