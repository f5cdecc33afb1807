/** Who may come in: API tokens for programs, sessions for browsers. Only hashes are stored, and each change is audited. */
import { openSessions, type SessionOptions, type Sessions } from './sessions.ts'
import { openTokens, type TokenOptions, type Tokens } from './tokens.ts'

export interface Access {
  readonly tokens: Tokens
  readonly sessions: Sessions
}

export async function createAccess(options: TokenOptions & SessionOptions): Promise<Access> {
  return { tokens: await openTokens(options), sessions: await openSessions(options) }
}
