/** Where the window was, so that it comes back there; and never where no display is. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { writeDurably } from '#main/files/write-durably.ts'
import type { Logger } from '#main/ports.ts'

/** Device-independent pixels. */
export interface Bounds {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const WindowState = z.object({
  bounds: z.object({ x: z.int(), y: z.int(), width: z.int().positive(), height: z.int().positive() }).nullable(),
  isMaximized: z.boolean(),
  /** Whether the person has been told that closing the window keeps Belfry in the tray. */
  knowsTray: z.boolean(),
})
export type WindowState = z.infer<typeof WindowState>

export const defaultSize = { width: 1440, height: 900 } as const
export const leastSize = { width: 800, height: 560 } as const
const freshState: WindowState = { bounds: null, isMaximized: false, knowsTray: false }

/** A state that is missing or cannot be read is a fresh one: nothing but a place on screen is lost. */
export async function readWindowState(file: string): Promise<WindowState> {
  try {
    return WindowState.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return freshState
  }
}

export async function saveWindowState(file: string, state: WindowState, logger: Logger): Promise<void> {
  try {
    await writeDurably(file, JSON.stringify(state))
  } catch (error) {
    logger.warn('the place of the window could not be kept', { error })
  }
}

/** The bounds, if enough of them to grab lies on a display; else null, and the system chooses. */
export function boundsOnDisplays(bounds: Bounds | null, displays: readonly Bounds[]): Bounds | null {
  if (!bounds) return null
  const width = Math.max(bounds.width, leastSize.width)
  const height = Math.max(bounds.height, leastSize.height)
  const fits = displays.some((display) => overlapOf({ ...bounds, width, height }, display) >= grabbablePixels)
  return fits ? { x: bounds.x, y: bounds.y, width, height } : null
}

/** About a title bar's worth. */
const grabbablePixels = 200 * 100

function overlapOf(a: Bounds, b: Bounds): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(0, width) * Math.max(0, height)
}
