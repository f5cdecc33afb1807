/** `npm run token -- create --role viewer --name grafana`: what was asked for, and the token that comes of it. */
import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { Clock, Ids } from '#main/ports.ts'
import { grantableRoles } from '#shared/contract/define.ts'
import { AppError } from '#shared/contract/errors.ts'
import { handOver, handoverDirectory } from './handover.ts'
import { hashOfSecret, newSecret } from './secret.ts'
import { tokenPrefix } from './tokens.ts'

const tokenUsage = `Makes an API token. Belfry takes it in at once when it runs, else at its next start.

  npm run token -- create --role viewer|operator|admin --name NAME [--days N] [--data DIR]

  --days N    let it expire after N days (default: never)
  --data DIR  Belfry's data directory, where it is not the usual one
`

const dayMs = 86_400_000

const Asked = z.strictObject({
  name: z.string({ error: 'expected --name, such as --name grafana' }).trim().min(1).max(80),
  role: z.enum(grantableRoles, { error: `expected --role with one of ${grantableRoles.join(', ')}` }),
  days: z.coerce.number({ error: 'expected --days with a number of days' }).positive().max(36_500).optional(),
  data: z.string().optional(),
})
export type TokenRequest = z.infer<typeof Asked>

/** AppError `invalid` says which argument is missing or wrong. */
export function parseTokenCommand(args: readonly string[]): TokenRequest {
  const { values, positionals } = parsed(args)
  if (positionals.length !== 1 || positionals[0] !== 'create') {
    throw new AppError('invalid', `Expected the command "create".\n\n${tokenUsage}`)
  }
  const asked = Asked.safeParse(values)
  if (asked.success) return asked.data
  throw new AppError('invalid', `${asked.error.issues[0]?.message ?? 'The arguments are wrong'}.\n\n${tokenUsage}`)
}

/** Leaves the token where the console finds it; the secret is returned and kept nowhere. */
export async function makeToken(
  { name, role, days }: TokenRequest,
  dataDir: string,
  { clock, ids }: { readonly clock: Clock; readonly ids: Ids },
): Promise<string> {
  const secret = newSecret(tokenPrefix)
  const createdAt = clock.now()
  await handOver(handoverDirectory(dataDir), {
    id: ids.next(),
    name,
    role,
    secretHash: hashOfSecret(secret),
    createdAt,
    expiresAt: days === undefined ? null : Math.round(createdAt + days * dayMs),
  })
  return secret
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        role: { type: 'string' },
        days: { type: 'string' },
        data: { type: 'string' },
      },
    })
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new AppError('invalid', `${error.message.split('. ', 1)[0]}.\n\n${tokenUsage}`)
  }
}
