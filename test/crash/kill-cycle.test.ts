/**
 * Kills the process that writes into the store, again and again, and looks each time whether everything it had
 * acknowledged is there. The ledger is this process's own, filled through a pipe that outlives the other end.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '#test/support/ports.ts'
import { patienceMs, rigFigures, rounds } from '#test/support/torture.ts'
import { type Child, startChild } from '../store/support/child.ts'
import { temporaryDirectory } from '../store/support/temporary-directory.ts'
import {
  expectWholeFiles,
  filesBelow,
  isDamaged,
  type Ledger,
  lostSamples,
  lostUnits,
  note,
  storeUnderLoad,
} from './acknowledged.ts'

const figures = rigFigures('kill -9')
const cycles = rounds(25, 200)
const seed = 20260105
/** Every fifth is killed while it opens what the one before left behind, the others under load. */
const killedWhileOpening = (cycle: number) => cycle % 5 === 4
const longestOpeningMs = 250
const longestLoadMs = 250
const mostLives = 20

describe('the store', () => {
  it(`has every acknowledged record after each of ${cycles} kill -9 at random instants`, {
    timeout: patienceMs(300_000),
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
      const lost = lostUnits(directory, ledger, when)
      figures.runs++
      figures.lost += lost.length
      expect(lost, `lost ${when}`).toEqual([])
    }
    const last = startChild(storeUnderLoad, [directory, 'last'])
    expect(await last.line()).toBe('opening')
    await expectSamplesFound(last, ledger, cycles)
    expect(ledger.units.size).toBeGreaterThan(5 * cycles)
    expect(ledger.samples.size).toBeGreaterThan(5 * cycles)
    expect(filesBelow(directory).filter(isDamaged)).toEqual([])
    // On a busy machine the lives were too short for it: then the last one lives until it has happened.
    const noted = keepLedger(last, ledger)
    await expect
      .poll(() => filesBelow(directory), { timeout: patienceMs(60_000), message: 'a day is compacted' })
      .toContainEqual(expect.stringMatching(/\braw-.*\.db$/))
    await last.kill()
    await noted
  })

  it('is seen to lose records when it acknowledges them before they are durable', {
    timeout: patienceMs(60_000),
  }, async () => {
    // A single kill may hit an instant at which nothing was under way.
    for (let life = 0; life < mostLives && figures.isControlRed !== true; life++) {
      const directory = temporaryDirectory()
      const ledger: Ledger = { units: new Set(), samples: new Set() }
      const child = startChild(storeUnderLoad, [directory, 'early', 'acknowledges early'])
      while ((await child.line()) !== 'open');
      const noted = keepLedger(child, ledger)
      await expect.poll(() => ledger.units.size).toBeGreaterThan(10)
      await child.kill()
      await noted
      figures.isControlRed = lostUnits(directory, ledger, `after life ${life} of the control`).length > 0
    }
    expect(figures.isControlRed).toBe(true)
  })
})

/** Notes what the process acknowledges until its pipe is empty. */
async function keepLedger(child: Child, ledger: Ledger): Promise<void> {
  for await (const line of child.lines()) note(ledger, line)
}

async function expectSamplesFound(child: Child, ledger: Ledger, cycle: number): Promise<void> {
  expect(await lostSamples(child, ledger), `samples lost before cycle ${cycle} of seed ${seed}`).toEqual([])
  expect(await child.line()).toBe('open')
}
