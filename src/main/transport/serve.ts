/**
 * Frame in, reply out. Looks the call up, checks the role, parses the input, runs the handler and parses its output.
 * Knows no transport. Whatever goes wrong becomes a value with a code from the closed set; what nobody expected is
 * logged with its cause and answered `internal`.
 */

import type { z } from 'zod'
import type { Logger } from '#main/ports.ts'
import { type Caller, type CallSpec, type Contract, type Handlers, roleSuffices } from '#shared/contract/define.ts'
import { AppError, type Issue } from '#shared/contract/errors.ts'
import type { Reply } from '#shared/contract/wire.ts'

export type Serve = (name: string, input: unknown, caller: Caller, signal: AbortSignal) => Promise<Reply>

/** Binds handlers to their contract. The returned function never throws and never rejects. */
export function serve<C extends Contract>(contract: C, handlers: Handlers<C>, logger: Logger): Serve {
  return async (name, input, caller, signal) => {
    try {
      if (!Object.hasOwn(contract.calls, name)) {
        throw new AppError('not-found', `There is no call named "${name.slice(0, 100)}".`)
      }
      const spec = contract.calls[name] as CallSpec
      if (!roleSuffices(caller.role, spec.role)) {
        throw new AppError('forbidden', `"${name}" needs the role ${spec.role}; ${caller.name} has ${caller.role}.`)
      }
      const parsed = spec.input.safeParse(input)
      if (!parsed.success) throw invalidInput(name, parsed.error)
      // The handler's own type is erased by the lookup; its output is parsed below, so nothing is taken on trust.
      const handler = handlers[name] as (input: unknown, context: unknown) => unknown
      const value = spec.output.parse(await handler(parsed.data, { caller, signal }))
      return { ok: true, value: value as never }
    } catch (error) {
      if (signal.aborted && !(error instanceof AppError)) return abandoned(name)
      return failureOf(error, name, logger)
    }
  }
}

/** Whoever asked is gone or has cancelled; that a handler stopped with an exception is then as it should be. */
function abandoned(name: string): Reply {
  return { ok: false, code: 'closed', message: `"${name}" was cancelled before it was done.`, issues: [] }
}

function failureOf(error: unknown, name: string, logger: Logger): Reply {
  if (error instanceof AppError) {
    return { ok: false, code: error.code, message: error.message, issues: [...error.issues] }
  }
  logger.error('a call failed unexpectedly', { call: name, error })
  return {
    ok: false,
    code: 'internal',
    message: `"${name}" failed unexpectedly; the cause is in Belfry's own log.`,
    issues: [],
  }
}

function invalidInput(name: string, error: z.ZodError): AppError {
  const issues = issuesOf(error)
  const first = issues[0]
  return new AppError('invalid', `"${name}" was asked wrongly: ${first?.path || 'input'}: ${first?.message}`, issues)
}

/** zod's issues as paths and sentences. */
export function issuesOf(error: z.ZodError): Issue[] {
  return error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }))
}
