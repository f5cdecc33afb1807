/** What an error of PostgreSQL means. Source: PostgreSQL, appendix "Error Codes" (SQLSTATE). */
import { DatabaseError } from 'pg'
import { down, type Failure, failureOf, ProtocolError } from '../network/failure.ts'
import { shorten } from '../network/text.ts'

type Sentence = (subject: string, said: string) => Failure

const bySqlState: Readonly<Record<string, Sentence>> = {
  '28P01': (subject) => down('wrong-password', `${subject} does not take this user name and password.`),
  '28000': (subject, said) => down('not-authorized', `${subject} does not let this user in: ${said}.`),
  '3D000': (subject, said) => down('database-missing', `${subject} has no such database: ${said}.`),
  '42501': (subject, said) => down('not-authorized', `${subject} does not permit this: ${said}.`),
  '53300': (subject, said) => down('too-many-connections', `${subject} has as many connections as it takes: ${said}.`),
  '57P01': (subject) => down('terminated', `${subject} ended the connection on an administrator's word.`),
  '57P03': (subject, said) =>
    /shutting down/.test(said)
      ? down('shutting-down', `${subject} is shutting down.`)
      : down('starting-up', `${subject} does not take connections yet: ${said}.`),
  '25006': (subject) => down('read-only', `${subject} refused the query because it writes; Belfry only reads.`),
}

/** `said` by the server, or an error of the connection; `stage` as failureOf takes it. */
export function refusalOf(error: unknown, subject: string): Failure {
  if (error instanceof Error && /client password must be/.test(error.message)) {
    return down('authentication-required', `${subject} wants a password, and none is configured here.`)
  }
  if (!(error instanceof DatabaseError)) return failureOf(endOf(error), 'processing', subject)
  const said = shorten(error.message, 300)
  const state = error.code ?? ''
  const known = Object.hasOwn(bySqlState, state) ? bySqlState[state] : undefined
  if (known !== undefined) return known(subject, said)
  // What the client could not read it reports as an error of the database, without a state.
  if (state === '') return failureOf(new ProtocolError(said), 'processing', subject)
  return state.startsWith('53')
    ? down('out-of-resources', `${subject} has run out of something: ${said}.`)
    : down('query-failed', `${subject} could not answer the query: ${said}.`)
}

/** The client has no codes for what it finds itself, only words. */
function endOf(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ProtocolError || 'code' in error) return error
  if (!/Connection terminated/.test(error.message)) return new ProtocolError(shorten(error.message, 300))
  return Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' })
}
