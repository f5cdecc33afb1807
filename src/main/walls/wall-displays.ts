/** The displays of this machine that can show a wall. A host with a desktop lends them; without one there are none. */
import { AppError } from '#shared/contract/errors.ts'
import type { WallDisplay } from '#shared/contract/walls.ts'

export interface WallScreens {
  displays(): WallDisplay[]
  /** `wall` null takes away what is shown there. AppError `not-found` for a display that is not there. */
  show(display: string, wall: string | null): void
}

export interface WallDisplays extends WallScreens {
  /** Returns what takes the screens away again. */
  lend(screens: WallScreens): () => void
}

export function createWallDisplays(): WallDisplays {
  let lent: WallScreens | null = null
  return {
    lend(screens) {
      lent = screens
      return () => {
        lent = null
      }
    },
    displays: () => lent?.displays() ?? [],
    show(display, wall) {
      if (!lent) {
        const remedy = 'Open the link of the wall in a browser there.'
        throw new AppError('unavailable', `This console runs without a desktop of its own. ${remedy}`)
      }
      lent.show(display, wall)
    },
  }
}
