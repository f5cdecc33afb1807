/**
 * Kills the process that writes into the store, again and again, and looks each time whether everything it had
 * acknowledged is there. The ledger is this process's own, filled through a pipe that outlives the other end.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '#test/support/ports.ts'
import { type Child, startChild } from '../store/support/child.ts'
import { temporaryDirectory } from '../store/support/temporary-directory.ts'

const cycles = 50
const seed = 20260105
/** Every fifth is killed while it opens what the one before left behind, the others under load. */
const killedWhileOpening = (cycle: number) => cycle % 5 === 4
const longestOpeningMs = 250
const longestLoadMs = 250

describe('the store', () => {
  it(`has every acknowledged unit after each of ${cycles} kill -9 at random instants`, {
    timeout: 180_000,
  }, async () => {
    const directory = temporaryDirectory()
    const random = seededRandom(seed)
    const acknowledged = new Set<string>()
    for (let cycle = 0; cycle < cycles; cycle++) {
      const child = startChild('crash/store-under-load.ts', [directory, String(cycle)])
      expect(await child.line()).toBe('opening')
      if (!killedWhileOpening(cycle)) expect(await child.line()).toBe('open')
      const ledger = keepLedger(child, acknowledged)
      await delay(random.next() * (killedWhileOpening(cycle) ? longestOpeningMs : longestLoadMs))
      await child.kill()
      await ledger
      expect(child.process.signalCode, `ended by itself in cycle ${cycle}: ${child.complaints()}`).toBe('SIGKILL')
      expectAllThere(directory, acknowledged, `after cycle ${cycle} of seed ${seed}`)
    }
    expect(acknowledged.size).toBeGreaterThan(cycles)
    expect(readdirSync(directory).filter((name) => name.includes('damaged'))).toEqual([])
  })
})

/** Notes what the process acknowledges until its pipe is empty. */
async function keepLedger(child: Child, acknowledged: Set<string>): Promise<void> {
  for await (const line of child.lines()) {
    if (line.startsWith('unit ')) acknowledged.add(line.slice('unit '.length))
  }
}

function expectAllThere(directory: string, acknowledged: ReadonlySet<string>, when: string): void {
  const database = new Database(join(directory, 'belfry.db'))
  try {
    const names = (sql: string) => new Set(database.prepare<[], string>(sql).pluck().all())
    const audited = names('SELECT subject FROM audit')
    const sessions = names('SELECT id_hash FROM session')
    expect(database.pragma('integrity_check', { simple: true }), when).toBe('ok')
    expect(
      [...acknowledged].filter((name) => !audited.has(name)),
      `lost ${when}`,
    ).toEqual([])
    expect(audited, `half a unit ${when}`).toEqual(sessions)
    expect(database.prepare('SELECT count(*) FROM token').pluck().get(), `a refused unit ${when}`).toBe(0)
    expect(database.prepare('SELECT max(sequence) FROM audit').pluck().get() ?? 0, `gaps ${when}`).toBe(audited.size)
  } finally {
    database.close()
  }
}
