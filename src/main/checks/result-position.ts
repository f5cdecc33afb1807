/** Where a page of results goes on, as the text a client sends back. */
import type { ResultPosition } from '#main/store/families/checks.ts'
import { AppError } from '#shared/contract/errors.ts'

export function positionText({ at, id }: ResultPosition): string {
  return `${at}.${id}`
}

/** Throws AppError `invalid` for a text that `positionText` did not make. */
export function parsePosition(text: string | null): ResultPosition | null {
  if (text === null) return null
  const match = /^(\d{1,16})\.(.+)$/.exec(text)
  if (match === null) {
    throw new AppError(
      'invalid',
      `The cursor "${text}" is none: send back what "next" said, or null for the first page.`,
    )
  }
  return { at: Number(match[1]), id: match[2] ?? '' }
}
