import { useEffect, useState } from 'react'
import { AppError } from '#shared/contract/errors.ts'
import type { Parsed } from '#shared/promql/parse.ts'

/**
 * What is read of an expression; undefined while the grammar is being fetched, null where it is no PromQL. `read` must
 * stay the same function.
 */
export function useParsed<T>(expr: string, read: (parsed: Parsed) => T): T | null | undefined {
  const [found, setFound] = useState<{ readonly expr: string; readonly value: T | null }>()
  useEffect(() => {
    let isShown = true
    void parsed(expr).then((one) => isShown && setFound({ expr, value: one && read(one) }))
    return () => {
      isShown = false
    }
  }, [expr, read])
  return found?.expr === expr ? found.value : undefined
}

async function parsed(expr: string): Promise<Parsed | null> {
  const { parsePromql } = await import('#shared/promql/parse.ts')
  try {
    return parsePromql(expr)
  } catch (error) {
    // The editor and the rule say what is wrong with it; here there is only nothing to read.
    if (error instanceof AppError) return null
    throw error
  }
}
