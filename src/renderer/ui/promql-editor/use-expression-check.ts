/** What the console says of an expression that is being typed: asked when the typing pauses. */
import { useEffect, useState } from 'react'
import { AppError } from '#shared/contract/errors.ts'
import type { OutputOf } from '#shared/contract/index.ts'
import { useClient } from '../../client/client-context.tsx'

export type ExpressionCheck = OutputOf<'query.check'>

/** Nobody wants to be told what is wrong with half a word. */
const pauseMs = 350

/** Of exactly this text; null while it is not known, for an empty text, and where the console cannot be asked. */
export function useExpressionCheck(expr: string, isEnabled = true): ExpressionCheck | null {
  const client = useClient()
  const [known, setKnown] = useState<{ readonly expr: string; readonly check: ExpressionCheck } | null>(null)
  const isAsked = isEnabled && expr.trim() !== ''
  useEffect(() => {
    if (!isAsked) return
    const attempt = new AbortController()
    const ask = async () => {
      try {
        const check = await client.call('query.check', { expr }, { signal: attempt.signal })
        if (!attempt.signal.aborted) setKnown({ expr, check })
      } catch (error) {
        // Unreachable: the banner of the connection says so, and what is asked with the expression fails visibly.
        if (!(error instanceof AppError)) throw error
      }
    }
    const timer = setTimeout(() => void ask(), pauseMs)
    return () => {
      clearTimeout(timer)
      attempt.abort()
    }
  }, [client, expr, isAsked])
  return isAsked && known?.expr === expr ? known.check : null
}
