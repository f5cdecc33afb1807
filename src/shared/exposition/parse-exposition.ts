import type { Labels } from '#shared/domain/series.ts'
import type { Metadata } from './metadata-line.ts'
import { createExpositionParser, type ExpositionOptions } from './parser.ts'

export type ExpositionEntry =
  | ({ readonly type: 'metadata' } & Metadata)
  | {
      readonly type: 'sample'
      readonly name: string
      readonly labels: Labels
      readonly value: number
      /** Epoch ms; null where the exposition gives none. */
      readonly at: number | null
    }

/** All that a whole exposition says, in order. Throws ExpositionError. */
export function parseExposition(
  pieces: readonly (string | Uint8Array)[],
  options: ExpositionOptions,
): ExpositionEntry[] {
  const entries: ExpositionEntry[] = []
  const parser = createExpositionParser(options, {
    sample: (_raw, value, at, read) =>
      void entries.push({ type: 'sample', ...read(), value, at: Number.isNaN(at) ? null : at }),
    metadata: (metadata) => void entries.push({ type: 'metadata', ...metadata }),
  })
  for (const piece of pieces) parser.push(piece)
  parser.end()
  return entries
}
