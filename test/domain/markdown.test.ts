import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSafeLink, parseInline, parseMarkdown } from '#shared/domain/markdown.ts'

const text = (value: string) => ({ type: 'text', text: value })

describe('markdown', () => {
  it('has headings, paragraphs, code and rules', () => {
    expect(parseMarkdown('# On call\nAsk **first**\nthen act\n\n```\na < b\n```\n---')).toEqual([
      { type: 'heading', level: 1, children: [text('On call')] },
      {
        type: 'paragraph',
        children: [text('Ask '), { type: 'strong', children: [text('first')] }, text('\nthen act')],
      },
      { type: 'code', text: 'a < b' },
      { type: 'rule' },
    ])
  })

  it('has lists within lists, and quotes', () => {
    expect(parseMarkdown('- a\n  - b\n- c')).toEqual([
      {
        type: 'list',
        isOrdered: false,
        items: [
          [
            { type: 'paragraph', children: [text('a')] },
            { type: 'list', isOrdered: false, items: [[{ type: 'paragraph', children: [text('b')] }]] },
          ],
          [{ type: 'paragraph', children: [text('c')] }],
        ],
      },
    ])
    expect(parseMarkdown('1. one\n2. two')[0]).toMatchObject({ type: 'list', isOrdered: true })
    expect(parseMarkdown('> said\n> so')[0]).toMatchObject({ type: 'quote' })
  })

  it('takes HTML as the text it is', () => {
    expect(parseInline('<script>alert(1)</script>')).toEqual([text('<script>alert(1)</script>')])
    expect(parseMarkdown('<img src=x onerror=y>')).toEqual([
      { type: 'paragraph', children: [text('<img src=x onerror=y>')] },
    ])
  })

  it('links to the web and into Belfry, and nowhere else', () => {
    expect(parseInline('[run](https://example.com/a)')).toEqual([
      { type: 'link', href: 'https://example.com/a', children: [text('run')] },
    ])
    expect(parseInline('see https://example.com.')).toEqual([
      text('see '),
      { type: 'link', href: 'https://example.com', children: [text('https://example.com')] },
      text('.'),
    ])
    expect(['#/alerts', '/wall/a', 'HTTPS://x'].map(isSafeLink)).toEqual([true, true, true])
    for (const href of ['javascript:alert', 'data:text/html,x', '//evil.example', '/\\evil.example', 'vbscript:x']) {
      expect(isSafeLink(href)).toBe(false)
      expect(JSON.stringify(parseInline(`[x](${href})`))).not.toContain('"link"')
    }
  })

  it('keeps what is escaped', () => {
    expect(
      parseInline('a \\*b\\*')
        .map((part) => (part.type === 'text' ? part.text : '?'))
        .join(''),
    ).toBe('a *b*')
  })

  it('ends for every text, soon', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'*_`[]()>-# \n~1.ab\\!'), maxLength: 400 }), (any) => {
        expect(Array.isArray(parseMarkdown(any))).toBe(true)
      }),
      { numRuns: 500 },
    )
    const began = performance.now()
    parseMarkdown('*'.repeat(20_000) + '['.repeat(20_000) + '> '.repeat(2000))
    expect(performance.now() - began).toBeLessThan(1000)
  })
})
