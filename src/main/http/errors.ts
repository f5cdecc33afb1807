/** Failures as HTTP replies: `{"error": {code, message, details?}}`, and never a stack. */
import { systemErrorCode } from '#main/files/system-error.ts'
import { AppError, httpStatusOf } from '#shared/contract/errors.ts'

export interface ErrorReply {
  readonly status: number
  readonly body: {
    readonly error: { readonly code: string; readonly message: string; readonly details?: readonly object[] }
  }
}

export function errorReplyOf(error: AppError): ErrorReply {
  const details = error.issues.length > 0 ? { details: error.issues } : {}
  return { status: httpStatusOf[error.code], body: { error: { code: error.code, message: error.message, ...details } } }
}

/** What Fastify itself refuses, in our words; null for anything else that was thrown. */
export function refusalOf(error: unknown): AppError | null {
  if (error instanceof AppError) return error
  switch (systemErrorCode(error)) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new AppError('too-large', 'The body is larger than what is read at this address.')
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new AppError('invalid', 'The body is expected as JSON, with "Content-Type: application/json".')
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new AppError('invalid', 'The body does not have the length that Content-Length says.')
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new AppError('not-found', 'There is nothing at this address.')
    // The client hung up in the middle; what a handler meets on its own way out never comes here as it is.
    case 'ECONNRESET':
      return new AppError('closed', 'The connection ended before the whole body had come.')
    default:
      return null
  }
}
