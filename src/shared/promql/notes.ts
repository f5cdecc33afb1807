/** What an evaluation has to say besides its result: each once, with its position. */
import type { Span } from './ast.ts'
import { positionOf } from './problem.ts'

export interface Noted {
  /** The result is likely not what was meant. */
  readonly warnings: readonly string[]
  /** Worth knowing; the result is right. */
  readonly infos: readonly string[]
}

export interface Notes {
  warn(span: Span, message: string): void
  inform(span: Span, message: string): void
  all(): Noted
}

export function notesOn(text: string): Notes {
  const warnings = new Set<string>()
  const infos = new Set<string>()
  const placed = (span: Span, message: string) => `${positionOf(text, span.from)}: ${message}`
  return {
    warn: (span, message) => void warnings.add(placed(span, message)),
    inform: (span, message) => void infos.add(placed(span, message)),
    all: () => ({ warnings: [...warnings], infos: [...infos] }),
  }
}
