/**
 * The power goes while the store is written to: every life begins on the disk that a cut of the one before it left, and
 * is itself cut at many instants. Whatever it had acknowledged by such an instant is found on the disk of that cut.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Random } from '#main/ports.ts'
import { seededRandom } from '#test/support/ports.ts'
import { patienceMs, rigFigures, rounds } from '#test/support/torture.ts'
import { type ChildOptions, startChild } from '../store/support/child.ts'
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
import { buildShim, createDisk, missingForPowerCut, readRecord, recordingEnv, saidBefore } from './power-cut.ts'

const figures = rigFigures('power cut')
const lives = rounds(3, 20)
const cutsPerLife = rounds(5, 10)
const seed = 20260105
const longestLoadMs = 600
const normalSynchronous = new URL('./normal-synchronous.ts', import.meta.url)

const missing = missingForPowerCut()

describe.skipIf(missing !== null)(`the store on a disk that loses its power (needs ${missing ?? 'gcc, found'})`, () => {
  it(`has every acknowledged record after each of ${lives * cutsPerLife} cuts at random instants`, {
    timeout: patienceMs(180_000),
  }, async () => {
    const workshop = createWorkshop(seededRandom(seed))
    const earlier: Ledger = { units: new Set(), samples: new Set() }
    let before = workshop.emptyDirectory()
    for (let life = 0; life < lives; life++) {
      const recorded = await workshop.live(before, `life ${life}`)
      for (let cut = 0; cut < cutsPerLife; cut++) {
        const when = `after cut ${cut} of life ${life} of seed ${seed}`
        const { disk, ledger } = recorded.cut(earlier)
        const lost = await examine(disk, ledger, when)
        figures.runs++
        figures.lost += lost
        expect(lost, `lost ${when}`).toBe(0)
      }
      const { disk, ledger } = recorded.cut(earlier)
      for (const unit of ledger.units) earlier.units.add(unit)
      for (const sample of ledger.samples) earlier.samples.add(sample)
      before = disk
    }
    expect(earlier.units.size).toBeGreaterThan(5 * lives)
    expect(earlier.samples.size).toBeGreaterThan(5 * lives)
  })

  it('is seen to lose records when it does not wait for the disk', { timeout: patienceMs(60_000) }, async () => {
    const workshop = createWorkshop(seededRandom(seed))
    const nothing: Ledger = { units: new Set(), samples: new Set() }
    const recorded = await workshop.live(workshop.emptyDirectory(), 'control', { before: normalSynchronous })
    let lost = 0
    for (let cut = 0; cut < 5; cut++) {
      const { disk, ledger } = recorded.cut(nothing)
      lost += await examine(disk, ledger, 'in the control')
    }
    figures.isControlRed = lost > 0
    expect(lost).toBeGreaterThan(0)
  })
})

/** Opens the disk as the next start would; gives how many acknowledged records are missing. */
async function examine(disk: string, ledger: Ledger, when: string): Promise<number> {
  const child = startChild(storeUnderLoad, [disk, 'examined'])
  expect(await child.line()).toBe('opening')
  const samples = await lostSamples(child, ledger)
  await child.kill()
  expect(filesBelow(disk).filter(isDamaged), when).toEqual([])
  expectWholeFiles(disk, when)
  return samples.length + lostUnits(disk, ledger, when).length
}

interface RecordedLife {
  /** A disk as a cut at a random instant leaves it, and all that was acknowledged by then, `earlier` included. */
  cut(earlier: Ledger): { readonly disk: string; readonly ledger: Ledger }
}

function createWorkshop(random: Random) {
  const directory = temporaryDirectory()
  const shim = buildShim(directory)
  let made = 0
  const emptyDirectory = () => {
    const path = join(directory, `disk-${made++}`)
    mkdirSync(path)
    return path
  }

  async function live(before: string, name: string, options: ChildOptions = {}): Promise<RecordedLife> {
    const living = emptyDirectory()
    cpSync(before, living, { recursive: true })
    const record = join(directory, `record-${made++}`)
    const end = `${record}-end`
    const env = recordingEnv(shim, living, { record, end })
    const child = startChild(storeUnderLoad, [living, name], { env, ...options })
    while ((await child.line()) !== 'open');
    const read = readAll(child.lines())
    await delay(longestLoadMs)
    writeFileSync(end, '')
    await child.ended()
    await read
    const deeds = readRecord(record)
    const whole = createDisk(living, before, deeds)
    whole.playTo(deeds.length)
    const seen = emptyDirectory()
    whole.seen(seen)
    expectSame(seen, living)
    return {
      cut(earlier) {
        const instant = Math.floor(random.next() * deeds.length)
        const disk = createDisk(living, before, deeds)
        disk.playTo(instant)
        const target = emptyDirectory()
        disk.cut(target, random)
        const ledger: Ledger = { units: new Set(earlier.units), samples: new Set(earlier.samples) }
        for (const line of saidBefore(deeds, instant)) note(ledger, line)
        return { disk: target, ledger }
      },
    }
  }
  return { emptyDirectory, live }
}

/** A full pipe would hold the process up. */
async function readAll(lines: AsyncIterable<string>): Promise<void> {
  for await (const _line of lines);
}

/** The record is whole: played to its end it gives what the process left. */
function expectSame(seen: string, left: string): void {
  const within = (directory: string) =>
    filesBelow(directory)
      .map((file) => relative(directory, file))
      .filter((name) => !name.endsWith('-shm'))
      .sort()
  expect(within(seen)).toEqual(within(left))
  for (const name of within(left).filter((one) => /\.\w+$/.test(one))) {
    expect(readFileSync(join(seen, name)).equals(readFileSync(join(left, name))), name).toBe(true)
  }
}
