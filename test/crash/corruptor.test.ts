/**
 * Bytes of the sample store go bad while Belfry is off: bits flip, sectors turn to zeros, files are cut off, replaced or
 * gone. The next start serves what is whole, never a wrong value, deletes nothing of what is damaged, and tells what is
 * missing: losing a sample without a word is the failure this rig looks for.
 */
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Random } from '#main/ports.ts'
import { seededRandom } from '#test/support/ports.ts'
import { patienceMs, rigFigures, rounds } from '#test/support/torture.ts'
import { openHarness, type StoreHarness } from '../metrics/store-harness.ts'

const figures = rigFigures('corrupted bytes')
const perFile = rounds(4, 40)
const seed = 20260105
const seriesCount = 5
const everyMs = 600_000
const instants = 6 * 24 * 2 + 6 * 5
const matchers = [{ label: '__name__', op: '=', value: 'corrupted' }] as const

let whole: StoreHarness
let startAt: number

beforeAll(async () => {
  whole = await openHarness()
  startAt = whole.time.clock.now()
  const series = Array.from({ length: seriesCount }, (_, index) => {
    const handle = whole.store.series('corrupted', { index: String(index) })
    if (!handle) throw new Error('a series was refused')
    return handle
  })
  for (let count = 0; count < instants; count++) {
    const at = startAt + count * everyMs
    whole.time.setWallClock(at)
    whole.store.append(
      at,
      series.map((handle, index) => [handle, valueAt(at, index)]),
    )
    await whole.store.flush()
    if (count % 6 === 0) await whole.tend()
  }
  await whole.tend()
}, 60_000)
afterAll(() => whole.close())

const valueAt = (at: number, index: number) => ((at - startAt) / everyMs) * (index + 1) + index / 7

type Damage = (file: string, random: Random) => void

const damages: Readonly<Record<string, Damage>> = {
  'flipped bits'(file, random) {
    const bytes = readFileSync(file)
    const flips = 1 + Math.floor(random.next() * 8)
    for (let flip = 0; flip < flips; flip++) {
      const at = Math.floor(random.next() * bytes.length)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random.next() * 8))
    }
    writeFileSync(file, bytes)
  },
  'a sector of zeros': (file, random) => overwriteSector(file, random, 0),
  'a sector of rubbish': (file, random) => overwriteSector(file, random, 0xa5),
  'its end cut off': (file, random) => truncateSync(file, Math.floor(random.next() * readFileSync(file).length)),
  'nothing in it': (file) => truncateSync(file, 0),
  'a text in its place': (file) => writeFileSync(file, 'I am not a database.\n'.repeat(500)),
  'nothing in its place': (file) => rmSync(file),
}

function overwriteSector(file: string, random: Random, byte: number): void {
  const bytes = readFileSync(file)
  const sector = Math.floor((random.next() * bytes.length) / 512) * 512
  writeFileSync(file, bytes.fill(byte, sector, sector + 512))
}

/** The files the store consists of: its database, days and summaries. */
function storeFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.db'))
    .sort()
}

interface Found {
  readonly missing: number
  readonly wrong: number
  readonly doubled: number
  readonly isTold: boolean
}

async function look(survivor: StoreHarness): Promise<Found> {
  const range = { from: startAt, to: startAt + instants * everyMs }
  const found = await survivor.store.select(matchers, range).catch(refused)
  if (found === null) return { missing: seriesCount * instants, wrong: 0, doubled: 0, isTold: true }
  // Days and summaries tell of their damage when they are read.
  await survivor.store.reduce(matchers, range, 5 * 60_000)
  let [right, wrong, doubled] = [0, 0, 0]
  for (const { labels, times, values } of found) {
    const seen = new Set<number>()
    times.forEach((at, position) => {
      if (seen.has(at)) doubled++
      seen.add(at)
      if (values[position] === valueAt(at, Number(labels['index']))) right++
      else wrong++
    })
  }
  const isTold = survivor.notices.list().some(({ id }) => id.startsWith('metrics.'))
  return { missing: seriesCount * instants - right - wrong, wrong, doubled, isTold }
}

/** A store that cannot be read at all says so to whoever asks. */
function refused(error: unknown): null {
  expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining('damaged') })
  return null
}

/** Copies the store, damages one file of the copy, starts on it, and looks. */
async function startDamaged(name: string, damage: Damage, random: Random): Promise<Found> {
  let damaged: Buffer | null = null
  const survivor = await whole.afterCrash((directory) => {
    checkpoint(directory)
    damage(join(directory, name), random)
    const isThere = storeFiles(directory).includes(name)
    damaged = isThere ? readFileSync(join(directory, name)) : null
  })
  try {
    const found = await look(survivor)
    if (found.isTold && damaged !== null) expectKept(survivor.directory, name, damaged)
    return found
  } finally {
    await survivor.close()
  }
}

/** All is in the files themselves then, and a damaged one has no log that would mend it. */
function checkpoint(directory: string): void {
  const database = new Database(join(directory, 'metrics.db'))
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
}

/** Where it was set aside, its bytes are the damaged ones; where it was not, it is still there. */
function expectKept(directory: string, name: string, damaged: Buffer): void {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  const aside = names.filter((one) => basename(one).startsWith(`${basename(name)}.damaged`))
  if (aside.length === 0) expect(names).toContain(name)
  for (const one of aside) expect(readFileSync(join(directory, one)).equals(damaged), one).toBe(true)
}

describe('a store of samples', () => {
  it('has files of each kind to damage', () => {
    expect(storeFiles(whole.directory)).toEqual([
      'metrics.db',
      expect.stringMatching(/^metrics\/1h-/),
      expect.stringMatching(/^metrics\/5m-/),
      expect.stringMatching(/^metrics\/raw-/),
      expect.stringMatching(/^metrics\/raw-/),
    ])
  })

  it.each(Object.entries(damages))(
    'whose files have %s serves the rest and tells what is missing',
    {
      timeout: patienceMs(60_000),
    },
    async (what, damage) => {
      const random = seededRandom(seed)
      for (const name of storeFiles(whole.directory)) {
        for (let round = 0; round < perFile; round++) {
          const found = await startDamaged(name, damage, random)
          figures.runs++
          figures.duplicates += found.doubled
          const isSilent = found.missing > 0 && !found.isTold
          if (isSilent || found.wrong > 0) figures.lost += found.missing + found.wrong
          const when = `${name} with ${what}, round ${round} of seed ${seed}: ${JSON.stringify(found)}`
          expect(found, when).toMatchObject({ wrong: 0, doubled: 0 })
          expect(isSilent, when).toBe(false)
        }
      }
    },
  )

  it('that lost samples which no file ever held is seen to miss them without a word', async () => {
    const silent: Damage = (file) => {
      const database = new Database(file)
      database.prepare('DELETE FROM frame WHERE seq = (SELECT max(seq) FROM frame)').run()
      database.close()
    }
    const found = await startDamaged('metrics.db', silent, seededRandom(seed))
    figures.isControlRed = found.missing > 0 && !found.isTold
    expect(figures.isControlRed).toBe(true)
  })
})
