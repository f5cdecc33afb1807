/** Lists of status codes and ranges as people write them: `200-299, 301`. */
import { z } from 'zod'

export interface StatusRange {
  readonly from: number
  /** Inclusive. */
  readonly to: number
}

/** Null when the text is no such list. */
function parseStatusRanges(text: string): readonly StatusRange[] | null {
  const ranges = text.split(',').map((part): StatusRange | null => {
    const match = /^\s*([1-9]\d\d)(?:\s*-\s*([1-9]\d\d))?\s*$/.exec(part)
    if (match === null) return null
    const from = Number(match[1])
    const to = Number(match[2] ?? match[1])
    return from <= to ? { from, to } : null
  })
  return ranges.some((range) => range === null) ? null : ranges.filter((range) => range !== null)
}

/** Lists are few and asked about with every probe. */
const remembered = new Map<string, readonly StatusRange[]>()
const mostRemembered = 500

export function statusExpected(status: number, text: string): boolean {
  const ranges = remembered.get(text) ?? parseStatusRanges(text) ?? []
  if (remembered.size < mostRemembered) remembered.set(text, ranges)
  return ranges.some(({ from, to }) => status >= from && status <= to)
}

export const StatusRanges = z
  .string()
  .max(200)
  .refine((text) => parseStatusRanges(text) !== null, {
    message: 'expected status codes or ranges separated by commas, such as 200-299, 301',
  })
