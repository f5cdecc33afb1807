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

const storeUnderLoad = new URL('./store-under-load.ts', import.meta.url)
const cycles = 50
const seed = 20260105
/** Every fifth is killed while it opens what the one before left behind, the others under load. */
const killedWhileOpening = (cycle: number) => cycle % 5 === 4
const longestOpeningMs = 250
const longestLoadMs = 250

interface Ledger {
  /** Names of acknowledged units. */
  readonly units: Set<string>
  /** Instants of acknowledged samples. */
  readonly samples: Set<number>
}

describe('the store', () => {
  it(`has every acknowledged record after each of ${cycles} kill -9 at random instants`, {
    timeout: 300_000,
  }, async () => {
    const directory = temporaryDirectory()
    const random = seededRandom(seed)
    const ledger: Ledger = { units: new Set(), samples: new Set() }
    for (let cycle = 0; cycle < cycles; cycle++) {
      const child = startChild(storeUnderLoad, [directory, String(cycle)])
      const isOpening = killedWhileOpening(cycle)
      expect(await child.line()).toBe('opening')
      if (!isOpening) await expectSamplesFound(child, ledger, cycle)
      const noted = keepLedger(child, ledger)
      await delay(random.next() * (isOpening ? longestOpeningMs : longestLoadMs))
      await child.kill()
      await noted
      expect(child.process.signalCode, `ended by itself in cycle ${cycle}: ${child.complaints()}`).toBe('SIGKILL')
      const when = `after cycle ${cycle} of seed ${seed}`
      expectWholeFiles(directory, when)
      expectUnitsThere(directory, ledger.units, when)
    }
    const last = startChild(storeUnderLoad, [directory, 'last'])
    expect(await last.line()).toBe('opening')
    await expectSamplesFound(last, ledger, cycles)
    expect(ledger.units.size).toBeGreaterThan(5 * cycles)
    expect(ledger.samples.size).toBeGreaterThan(5 * cycles)
    expect(filesBelow(directory).filter((name) => name.includes('damaged'))).toEqual([])
    // On a busy machine the lives were too short for it: then the last one lives until it has happened.
    const noted = keepLedger(last, ledger)
    await expect
      .poll(() => filesBelow(directory), { timeout: 60_000, message: 'a day is compacted' })
      .toContainEqual(expect.stringMatching(/\braw-.*\.db$/))
    await last.kill()
    await noted
  })
})

/** Notes what the process acknowledges until its pipe is empty. */
async function keepLedger(child: Child, { units, samples }: Ledger): Promise<void> {
  for await (const line of child.lines()) {
    if (line.startsWith('unit ')) units.add(line.slice('unit '.length))
    if (line.startsWith('sample ')) samples.add(Number(line.slice('sample '.length)))
  }
}

/** The process itself looks for half instants, doubles and wrong values, and does not get as far as this with one. */
async function expectSamplesFound(child: Child, { samples }: Ledger, cycle: number): Promise<void> {
  const line = await child.line()
  const found = new Set<number>(JSON.parse(line.slice('samples '.length)))
  expect(
    [...samples].filter((at) => !found.has(at)),
    `samples lost before cycle ${cycle} of seed ${seed}`,
  ).toEqual([])
  expect(await child.line()).toBe('open')
}

function expectWholeFiles(directory: string, when: string): void {
  for (const file of filesBelow(directory).filter((name) => name.endsWith('.db'))) {
    const database = new Database(file)
    expect(database.pragma('integrity_check', { simple: true }), `${file} ${when}`).toBe('ok')
    database.close()
  }
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) => join(directory, name))
}

function expectUnitsThere(directory: string, units: ReadonlySet<string>, when: string): void {
  const database = new Database(join(directory, 'belfry.db'))
  try {
    const names = (sql: string) => new Set(database.prepare<[], string>(sql).pluck().all())
    const audited = names('SELECT subject FROM audit')
    const sessions = names('SELECT id_hash FROM session')
    expect(
      [...units].filter((name) => !audited.has(name)),
      `lost ${when}`,
    ).toEqual([])
    expect(audited, `half a unit ${when}`).toEqual(sessions)
    expect(database.prepare('SELECT count(*) FROM token').pluck().get(), `a refused unit ${when}`).toBe(0)
    expect(database.prepare('SELECT max(sequence) FROM audit').pluck().get() ?? 0, `gaps ${when}`).toBe(audited.size)
  } finally {
    database.close()
  }
}
