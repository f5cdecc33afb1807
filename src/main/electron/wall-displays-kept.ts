/** Which display shows which wall, kept so that walls come back with Belfry and with their displays. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { writeDurably } from '#main/files/write-durably.ts'
import type { Logger } from '#main/ports.ts'

const KeptWall = z.object({
  /** Electron's id; the system may give another one after a restart. */
  display: z.string(),
  label: z.string(),
  widthPx: z.number(),
  heightPx: z.number(),
  wall: z.string(),
})
export type KeptWall = z.infer<typeof KeptWall>

interface Present {
  readonly id: string
  readonly label: string
  readonly widthPx: number
  readonly heightPx: number
}

/** The display that was kept: by its id, else the only one of the same name and size; null while it is not there. */
export function displayOf(kept: KeptWall, present: readonly Present[]): string | null {
  const same = present.find(({ id }) => id === kept.display)
  if (same) return same.id
  const alike = present.filter(
    ({ label, widthPx, heightPx }) =>
      kept.label !== '' && label === kept.label && widthPx === kept.widthPx && heightPx === kept.heightPx,
  )
  return alike.length === 1 ? (alike[0]?.id ?? null) : null
}

/** What cannot be read is none: walls are shown again by hand. */
export async function readKeptWalls(file: string): Promise<KeptWall[]> {
  try {
    return z.array(KeptWall).parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return []
  }
}

export async function saveKeptWalls(file: string, kept: readonly KeptWall[], logger: Logger): Promise<void> {
  try {
    await writeDurably(file, JSON.stringify(kept))
  } catch (error) {
    logger.warn('which displays show walls could not be kept', { error })
  }
}
