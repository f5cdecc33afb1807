import { Activity } from 'lucide-react'
import { describe, expect, it } from 'vitest'
import { chordOf } from '../../../src/renderer/keys/key-map.ts'
import { type PaletteItem, rankItems } from '../../../src/renderer/keys/rank-items.ts'

const event = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
})

describe('a chord', () => {
  it.each([
    [event('a'), 'a'],
    [event('?'), '?'],
    [event('Enter'), 'Enter'],
    [event('K', { ctrlKey: true }), 'mod+k'],
    [event('Enter', { ctrlKey: true }), 'mod+Enter'],
    [event('k', { metaKey: true }), 'mod+k'],
    [event('Shift'), null],
    [event('f', { altKey: true }), null],
  ])('of %o is %s', (pressed, chord) => {
    expect(chordOf(pressed)).toBe(chord)
  })
})

describe('the palette', () => {
  const item = (title: string, note = '', group = 'Check'): PaletteItem => ({
    id: title,
    title,
    note,
    group,
    icon: Activity,
    run() {},
  })
  const items = [
    item('Checks', '', 'Screen'),
    item('Mail relay', 'mail.example.com'),
    item('Checkout API', 'shop'),
    item('Email check'),
  ]
  const found = (text: string) => rankItems(items, text).map(({ title }) => title)

  it('shows all in the given order until something is typed', () => {
    expect(found('')).toEqual(['Checks', 'Mail relay', 'Checkout API', 'Email check'])
  })

  it('puts starts before insides, and titles before notes', () => {
    expect(found('mail')).toEqual(['Mail relay', 'Email check'])
    expect(found('shop')).toEqual(['Checkout API'])
  })

  it('wants every word', () => {
    expect(found('check api')).toEqual(['Checkout API'])
    expect(found('check nothing')).toEqual([])
  })

  it('never shows more than sixty', () => {
    expect(
      rankItems(
        Array.from({ length: 500 }, (_, index) => item(`Check ${index}`)),
        'check',
      ),
    ).toHaveLength(60)
  })
})
