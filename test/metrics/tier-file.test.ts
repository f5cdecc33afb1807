import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { hourTier, openTierReader, openTierWriter, tierFileName } from '#main/store/metrics/tier-file.ts'

it('gives up days in slices, oldest first, and keeps the others', () => {
  const directory = mkdtempSync(join(tmpdir(), 'belfry-tier-'))
  const file = tierFileName(hourTier, 20_000)
  const writer = openTierWriter(directory, file)
  writer.transaction(() => {
    for (const day of [20_000, 20_001]) {
      for (let series = 1; series <= 1200; series++) writer.put(day, series, Uint8Array.of(series % 256))
    }
  })
  expect([1, 2, 3].map(() => writer.dropBefore(20_001, 500))).toEqual([500, 500, 200])
  expect(writer.dropBefore(20_001, 500)).toBe(0)
  writer.close()
  const reader = openTierReader(directory, file)
  expect([reader?.get(20_000, 1200), reader?.get(20_001, 7)?.at(0)]).toEqual([undefined, 7])
  reader?.close()
  rmSync(directory, { recursive: true, force: true })
})
