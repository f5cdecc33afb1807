/** Pages of a list that the contract gives whole. The cursor is the id of the last item shown. */
import { z } from 'zod'
import { AppError } from '#shared/contract/errors.ts'

export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(200).optional(),
})

/** AppError `invalid` when the item the cursor names is gone. */
export function pageOf<T extends { readonly id: string }>(
  items: readonly T[],
  { limit, cursor }: z.output<typeof pageQuery>,
): { items: readonly T[]; next: string | null } {
  const last = cursor === undefined ? -1 : items.findIndex((item) => item.id === cursor)
  if (cursor !== undefined && last < 0) {
    throw new AppError('invalid', `cursor: what it pointed to is gone; begin again without a cursor`)
  }
  const page = items.slice(last + 1, last + 1 + limit)
  const isLast = last + 1 + limit >= items.length
  return { items: page, next: isLast ? null : (page.at(-1)?.id ?? null) }
}
