/**
 * A process that writes into the store as fast as it is acknowledged, and says each acknowledgement on a line of its
 * own, until somebody kills it: `opening`, `open`, then `unit <name>` for every unit that was told to be durable.
 */
import { systemClock } from '#main/adapters/clock.ts'
import { openStore } from '#main/store/open-store.ts'
import type { Write } from '#main/store/state-store.ts'
import { memoryLogger } from '#test/support/ports.ts'

const [directory = '', cycle = ''] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)

/** Units under way at a time, so that groups of several are cut off in the middle. */
const concurrency = 6

say('opening')
const store = await openStore({ directory, host: 'headless', logger: memoryLogger(), clock: systemClock })
say('open')
await Promise.all(Array.from({ length: concurrency }, (_, lane) => commitForEver(lane)))

/** Each unit writes one audit entry and one session of the same name: both or neither are there afterwards. */
async function commitForEver(lane: number): Promise<never> {
  for (let count = 0; ; count++) {
    const name = `${cycle}-${lane}-${count}`
    const at = systemClock.now()
    const audit = (subject: string): Write => [
      'audit.append',
      { at, actor: 'load', action: 'unit', subject, detail: { text: 'x'.repeat((count % 7) * 200) } },
    ]
    if (count % 10 === 3) await refused([audit(`refused ${name}`), ...sameTokenTwice(name, at)])
    const session = { idHash: name, role: 'viewer', createdAt: at, expiresAt: at, lastSeenAt: at } as const
    await store.state.commit([audit(name), ['session.save', session]])
    say(`unit ${name}`)
  }
}

/** A unit that fails at its last write: nothing of it may ever be found. */
async function refused(unit: readonly Write[]): Promise<void> {
  const outcome = await store.state.commit(unit).then(
    () => 'committed',
    () => 'refused',
  )
  if (outcome !== 'refused') throw new Error('a unit with a double token was committed')
}

function sameTokenTwice(name: string, at: number): readonly Write[] {
  const token = {
    id: name,
    name,
    role: 'viewer',
    secretHash: name,
    createdAt: at,
    expiresAt: null,
    lastUsedAt: null,
  } as const
  return [
    ['token.insert', token],
    ['token.insert', { ...token, id: `${name} again` }],
  ]
}
