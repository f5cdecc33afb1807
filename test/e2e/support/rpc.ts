/** Asks a running console directly, as a script of an administrator would. */
import type { CallName, InputOf, OutputOf } from '#shared/contract/index.ts'
import { adminToken } from './console-process.ts'

export async function rpc<K extends CallName>(origin: string, name: K, input: InputOf<K>): Promise<OutputOf<K>> {
  const reply = await fetch(`${origin}/api/rpc/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${adminToken}` },
    body: JSON.stringify(input),
  })
  const body = await reply.text()
  if (!reply.ok) throw new Error(`${name} was answered ${reply.status}: ${body}`)
  // The console has parsed its own output against the contract.
  return JSON.parse(body) as OutputOf<K>
}
