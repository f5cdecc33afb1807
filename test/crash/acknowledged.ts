/**
 * The ledger of what store-under-load.ts was told to be durable, and the look at a data directory for whether all of it
 * is there. Kept outside of the process that is killed or loses its power.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import type { Child } from '../store/support/child.ts'

export const storeUnderLoad = new URL('./store-under-load.ts', import.meta.url)

export interface Ledger {
  /** Names of acknowledged units. */
  readonly units: Set<string>
  /** Instants of acknowledged samples. */
  readonly samples: Set<number>
}

/** Notes one line of what the process says. */
export function note({ units, samples }: Ledger, line: string): void {
  if (line.startsWith('unit ')) units.add(line.slice('unit '.length))
  if (line.startsWith('sample ')) samples.add(Number(line.slice('sample '.length)))
}

/** Reads what the process found; it itself looks for half instants, doubles and wrong values, and ends at one. */
export async function lostSamples(child: Child, { samples }: Ledger): Promise<number[]> {
  const line = await child.line()
  const found = new Set<number>(JSON.parse(line.slice('samples '.length)))
  return [...samples].filter((at) => !found.has(at))
}

export function expectWholeFiles(directory: string, when: string): void {
  for (const file of filesBelow(directory).filter((name) => name.endsWith('.db'))) {
    const database = new Database(file)
    expect(database.pragma('integrity_check', { simple: true }), `${file} ${when}`).toBe('ok')
    database.close()
  }
}

/** Insists that no unit is there by half; gives the acknowledged ones that are not there. */
export function lostUnits(directory: string, { units }: Ledger, when: string): string[] {
  const database = new Database(join(directory, 'belfry.db'))
  try {
    const names = (sql: string) => new Set(database.prepare<[], string>(sql).pluck().all())
    const audited = names('SELECT subject FROM audit')
    const sessions = names('SELECT id_hash FROM session')
    expect(audited, `half a unit ${when}`).toEqual(sessions)
    expect(database.prepare('SELECT count(*) FROM token').pluck().get(), `a refused unit ${when}`).toBe(0)
    expect(database.prepare('SELECT max(sequence) FROM audit').pluck().get() ?? 0, `gaps ${when}`).toBe(audited.size)
    return [...units].filter((name) => !audited.has(name))
  } finally {
    database.close()
  }
}

export function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) => join(directory, name))
}

export const isDamaged = (file: string) => file.includes('damaged')
