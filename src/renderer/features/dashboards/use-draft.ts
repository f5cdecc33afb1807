/** Fields over something that must be right: what is typed stays, what is wrong is said, only what is right goes on. */
import { useState } from 'react'
import type { z } from 'zod'

export interface Draft<T> {
  readonly value: T
  /** By the path of the field. */
  readonly problems: ReadonlyMap<string, string>
  set(change: Partial<T>): void
}

export function useDraft<T extends object>(
  initial: T,
  schema: z.ZodType<T>,
  onChange: (value: T) => void,
  further?: (value: T) => ReadonlyMap<string, string>,
): Draft<T> {
  const [value, setValue] = useState(initial)
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map())
  return {
    value,
    problems,
    set(change) {
      const next = { ...value, ...change }
      setValue(next)
      const read = schema.safeParse(next)
      const found = new Map(read.error?.issues.map(({ path, message }) => [path.map(String).join('.'), message]) ?? [])
      for (const [path, message] of further?.(next) ?? []) found.set(path, message)
      setProblems(found)
      if (read.success && found.size === 0) onChange(read.data)
    },
  }
}
