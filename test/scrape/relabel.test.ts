import { describe, expect, it } from 'vitest'
import { compileRelabel, defaultRelabel, type RelabelRule } from '#main/scrape/relabel.ts'

/** A reference in braces. */
const group = (name: string) => `$\{${name}}`

/** The labels afterwards; null where they are dropped. */
function relabelled(labels: Record<string, string>, ...rules: Partial<RelabelRule>[]) {
  const map = new Map(Object.entries(labels))
  const isKept = compileRelabel(rules.map((rule) => ({ ...defaultRelabel, ...rule })))(map)
  return isKept ? Object.fromEntries(map) : null
}

describe('relabelling', () => {
  const abc = { a: 'foo', b: 'bar', c: 'baz' }

  // Cases after prometheus/model/relabel/relabel_test.go.
  it.each<[string, Record<string, string>, Partial<RelabelRule>[], Record<string, string> | null]>([
    [
      'replaces',
      abc,
      [{ sourceLabels: ['a'], regex: 'f(.*)', targetLabel: 'd', replacement: `ch${group('1')}-ch${group('1')}` }],
      { ...abc, d: 'choo-choo' },
    ],
    [
      'replaces one after another',
      abc,
      [
        {
          sourceLabels: ['a', 'b'],
          regex: 'f(.*);(.*)r',
          targetLabel: 'a',
          replacement: `b${group('1')}${group('2')}m`,
        },
        { sourceLabels: ['c', 'a'], regex: '(b).*b(.*)ba(.*)', targetLabel: 'd', replacement: '$1$2$2$3' },
      ],
      { a: 'boobam', b: 'bar', c: 'baz', d: 'boooom' },
    ],
    ['drops what matches', { a: 'foo' }, [{ sourceLabels: ['a'], regex: '.*o.*', action: 'drop' }], null],
    ['anchors expressions', { a: 'foo' }, [{ sourceLabels: ['a'], regex: 'o', action: 'drop' }], { a: 'foo' }],
    ['keeps what matches', { a: 'foo' }, [{ sourceLabels: ['a'], regex: 'no-match', action: 'keep' }], null],
    [
      'leaves alone what does not match',
      { a: 'foo' },
      [{ sourceLabels: ['a'], regex: 'x(.*)', targetLabel: 'd' }],
      { a: 'foo' },
    ],
    [
      'takes a label away with an empty replacement',
      { a: 'foo', d: 'x' },
      [{ sourceLabels: ['a'], targetLabel: 'd', replacement: '' }],
      { a: 'foo' },
    ],
    [
      'has references in the name of the target',
      { a: 'some-name-value' },
      [
        {
          sourceLabels: ['a'],
          regex: 'some-([^-]+)-([^,]+)',
          targetLabel: `${group('1')}`,
          replacement: `${group('2')}`,
        },
      ],
      { a: 'some-name-value', name: 'value' },
    ],
    [
      'knows named groups',
      { a: 'one-two' },
      [
        {
          sourceLabels: ['a'],
          regex: '(?P<first>\\w+)-(?P<second>\\w+)',
          targetLabel: 'd',
          replacement: `$second-${group('first')}$$`,
        },
      ],
      { a: 'one-two', d: 'two-one$' },
    ],
    [
      'takes a longer name for a group that is not there',
      { a: 'foo' },
      [{ sourceLabels: ['a'], regex: '(.*)', targetLabel: 'd', replacement: '$1x' }],
      { a: 'foo' },
    ],
    [
      'joins with the separator',
      abc,
      [{ sourceLabels: ['a', 'b', 'none'], separator: '|', targetLabel: 'd' }],
      { ...abc, d: 'foo|bar|' },
    ],
    [
      'hashes',
      { c: 'baz' },
      [{ sourceLabels: ['c'], targetLabel: 'd', action: 'hashmod', modulus: 1000 }],
      { c: 'baz', d: '976' },
    ],
    [
      'hashes several',
      { a: 'foo\nbar' },
      [{ sourceLabels: ['a'], targetLabel: 'b', action: 'hashmod', modulus: 1000 }],
      { a: 'foo\nbar', b: '734' },
    ],
    [
      'maps names',
      { a: 'foo', b1: 'bar', b2: 'baz' },
      [{ regex: '(b.*)', replacement: `bar_${group('1')}`, action: 'labelmap' }],
      { a: 'foo', b1: 'bar', b2: 'baz', bar_b1: 'bar', bar_b2: 'baz' },
    ],
    ['drops labels', { a: 'foo', b1: 'bar', b2: 'baz' }, [{ regex: '(b.*)', action: 'labeldrop' }], { a: 'foo' }],
    [
      'keeps labels',
      { a: 'foo', b1: 'bar', b2: 'baz' },
      [{ regex: '(b.*)', action: 'labelkeep' }],
      { b1: 'bar', b2: 'baz' },
    ],
    [
      'lowers and raises case',
      { foo: 'bAr123Foo' },
      [
        { sourceLabels: ['foo'], action: 'uppercase', targetLabel: 'up' },
        { sourceLabels: ['foo'], action: 'lowercase', targetLabel: 'low' },
      ],
      { foo: 'bAr123Foo', up: 'BAR123FOO', low: 'bar123foo' },
    ],
    [
      'keeps equals',
      { port: '1234', own: '1234' },
      [{ action: 'keepequal', sourceLabels: ['port'], targetLabel: 'own' }],
      { port: '1234', own: '1234' },
    ],
    [
      'does not keep unequals',
      { port: '1234', own: '5678' },
      [{ action: 'keepequal', sourceLabels: ['port'], targetLabel: 'own' }],
      null,
    ],
    [
      'drops equals',
      { port: '1234', own: '1234' },
      [{ action: 'dropequal', sourceLabels: ['port'], targetLabel: 'own' }],
      null,
    ],
    ['lets a dot match a line end', { a: 'x\ny' }, [{ sourceLabels: ['a'], regex: 'x.y', action: 'drop' }], null],
  ])('%s', (_, labels, rules, expected) => {
    expect(relabelled(labels, ...rules)).toEqual(expected)
  })
})
