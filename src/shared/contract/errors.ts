/** Failures a caller can act on. The set of codes is closed: a client may switch on it. */
export const errorCodes = [
  'invalid', // the input has the wrong shape or an impossible value            -> 400
  'unauthenticated', // nobody is logged in, or the token is unknown or expired -> 401
  'forbidden', // the role does not suffice                                      -> 403
  'not-found', // no such call or object                                         -> 404
  'conflict', // it exists already, or changed meanwhile                         -> 409
  'too-large', //                                                                -> 413
  'unprocessable', // well-formed, but the world says no                         -> 422
  'too-many', // a limit was met; try later                                      -> 429
  'unavailable', // a component is down or still starting                        -> 503
  'timeout', //                                                                  -> 504
  'closed', // the transport went away while the call was pending                -> 503
  'internal', // a bug: logged with its cause, told without it                   -> 500
] as const
export type ErrorCode = (typeof errorCodes)[number]

export const httpStatusOf: Readonly<Record<ErrorCode, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  unprocessable: 422,
  'too-many': 429,
  unavailable: 503,
  timeout: 504,
  closed: 503,
  internal: 500,
}

/** One thing wrong with an input: where (a path such as `config.port`) and what was expected and came. */
export interface Issue {
  readonly path: string
  readonly message: string
}

/**
 * An expected failure that a user can act on. Its message says what was expected, what came and what to do; it is shown
 * as it is. Anything else that is thrown is a bug.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly issues: readonly Issue[]
  constructor(code: ErrorCode, message: string, issues: readonly Issue[] = []) {
    super(message)
    this.name = 'AppError'
    this.code = code
    this.issues = issues
  }
}
