import { AppError } from '#shared/contract/errors.ts'

/** Where a text of metrics is wrong; the place is in the message too. Lines and columns are 1-based, in characters. */
export class ExpositionError extends AppError {
  readonly line: number
  readonly column: number
  constructor(line: number, column: number, message: string) {
    super('invalid', `${line}:${column}: ${message}`)
    this.name = 'ExpositionError'
    this.line = line
    this.column = column
  }
}

/** What is wrong at an offset of a text; whoever knows the line makes an ExpositionError of it. */
export class Misread extends Error {
  readonly offset: number
  constructor(offset: number, message: string) {
    super(message)
    this.name = 'Misread'
    this.offset = offset
  }
}

const mostShown = 40

/** A piece of a line for a message: quoted, what cannot be seen escaped, shortened. */
export function shown(text: string, from: number, to: number): string {
  if (from >= to) return 'the end of the line'
  const piece = text.slice(from, Math.min(to, from + mostShown))
  return `${JSON.stringify(piece)}${to - from > mostShown ? '...' : ''}`
}
