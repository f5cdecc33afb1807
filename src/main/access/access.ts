/**
 * Who may come in: API tokens for programs, sessions for browsers. Only hashes are stored; a secret is shown once, when
 * it is made. All of them are few, so they are held in memory and the store is only written to.
 */
import type { Caller, Role } from '#shared/contract/define.ts'
import type { TokenView } from '#shared/contract/settings.ts'

export interface Access {
  readonly tokens: {
    /** Newest first, expired ones included. */
    list(): Promise<TokenView[]>
    /** AppError `conflict` when a living token has this name, `invalid` when it would already be expired. */
    create(draft: TokenDraft, by: Caller): Promise<{ token: TokenView; secret: string }>
    /** AppError `not-found`. */
    revoke(id: string, by: Caller): Promise<void>
    /** Who holds this secret; null when nobody does or it has expired. */
    authenticate(secret: string): Promise<Caller | null>
  }
  readonly sessions: {
    create(): Promise<{ secret: string; expiresAt: number }>
    authenticate(secret: string): Promise<Caller | null>
    end(secret: string): Promise<void>
  }
}

export interface TokenDraft {
  readonly name: string
  readonly role: Role
  /** Null: never. */
  readonly expiresAt: number | null
}
