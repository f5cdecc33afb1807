/**
 * A rig is a test that takes as long as it is given. `npm test` runs it for a few rounds; `npm run torture` for all, and
 * has it leave its figures for the table.
 */
import { appendFileSync } from 'node:fs'
import { afterAll } from 'vitest'

/** Whether everything is to be tried, however long it takes. */
export const isTorture = process.env['BELFRY_TORTURE'] === '1'

/** How many rounds a rig makes: few in `npm test`, many under torture. */
export function rounds(quick: number, torture: number): number {
  return isTorture ? torture : quick
}

/** Long enough for a rig under torture. */
export function patienceMs(quick: number): number {
  return isTorture ? 3_600_000 : quick
}

export interface RigFigures {
  /** Cuts, kills, messages or whatever the rig counts. */
  runs: number
  /** Acknowledged and not found afterwards, or changed though it was refused. */
  lost: number
  /** Found more than once. */
  duplicates: number
  /** Whether the rig found the planted fault; null until it was planted. */
  isControlRed: boolean | null
}

/** A row of the table, filled by the tests of this file and handed over after them. */
export function rigFigures(rig: string): RigFigures {
  const figures: RigFigures = { runs: 0, lost: 0, duplicates: 0, isControlRed: null }
  afterAll(() => {
    const file = process.env['BELFRY_TORTURE_FIGURES']
    if (file) appendFileSync(file, `${JSON.stringify({ rig, ...figures })}\n`)
  })
  return figures
}
