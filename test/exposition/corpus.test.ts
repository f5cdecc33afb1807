/**
 * Corpora of expositions, ours and any other: BELFRY_EXPOSITION_CASES=FOLDER[:FOLDER...] npm test -- test/exposition/corpus
 */
import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseExposition } from '#shared/exposition/parse-exposition.ts'
import { corpusCases } from './corpus-cases.ts'

const own = join(import.meta.dirname, 'corpus')
const given = (process.env['BELFRY_EXPOSITION_CASES'] ?? '').split(delimiter).filter((folder) => folder !== '')

describe.each([own, ...given])('the corpus in %s', (folder) => {
  const cases = corpusCases(folder)

  it('has cases', () => {
    expect(cases.length).toBeGreaterThan(0)
  })

  it.each(cases)('$name is $isGood to be accepted', ({ format, bytes, isGood, expected }) => {
    const read = () => parseExposition([bytes], { format, isStrict: true })
    if (isGood) expect(read().length).toBeGreaterThanOrEqual(0)
    else expect(read).toThrow(expected ?? /^\d+:\d+: expected /)
  })
})
