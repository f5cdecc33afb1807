/**
 * Cases of an exposition corpus in a folder, in the forms that corpora have:
 * - `good/NAME.txt` is accepted, `bad/NAME.txt` is refused with what stands in `bad/NAME.expected`, if that is there;
 *   `NAME.om.txt` is OpenMetrics, anything else the text format;
 * - `NAME/test.json` with `file` and `shouldParse`, as the OpenMetrics project keeps them;
 * - `from_test_parse_N` and `from_test_parse_error_N`, as Prometheus's library of formats keeps them.
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import type { ExpositionFormat } from '#shared/exposition/parser.ts'

export interface CorpusCase {
  readonly name: string
  readonly format: ExpositionFormat
  readonly bytes: Uint8Array
  readonly isGood: boolean
  /** A part of the error; null where the corpus does not say. */
  readonly expected: string | null
}

const Manifest = z.looseObject({ file: z.string().default('metrics'), shouldParse: z.boolean() })

export function corpusCases(folder: string): CorpusCase[] {
  const files = (pattern: string) => globSync(pattern, { cwd: folder }).sort()
  const plain = files('**/{good,bad}/**/*.txt').map((file): CorpusCase => {
    const path = join(folder, file)
    const isGood = !/(?:^|[\\/])bad[\\/]/.test(file)
    const expected = path.replace(/\.txt$/, '.expected')
    return {
      name: file,
      format: file.endsWith('.om.txt') ? 'openmetrics' : 'text',
      bytes: readFileSync(path),
      isGood,
      expected: !isGood && existsSync(expected) ? readFileSync(expected, 'utf8').trim() : null,
    }
  })
  const openMetrics = files('**/test.json').flatMap((file): CorpusCase[] => {
    const manifest = Manifest.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')))
    const path = join(folder, dirname(file), manifest.file)
    if (!existsSync(path)) return []
    const bytes = readFileSync(path)
    return [{ name: dirname(file), format: 'openmetrics', bytes, isGood: manifest.shouldParse, expected: null }]
  })
  const library = files('**/from_test_parse_*').map((file): CorpusCase => {
    const isGood = !basename(file).startsWith('from_test_parse_error_')
    return { name: file, format: 'text', bytes: readFileSync(join(folder, file)), isGood, expected: null }
  })
  return [...plain, ...openMetrics, ...library]
}
