/**
 * A feature is a folder and one line in app.tsx. This is all the shell knows of it: where it is, what it is called, what
 * it draws at its places, and what it adds to keys and palette.
 */
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import type { PaletteItem } from './keys/rank-items.ts'
import type { RouteName } from './navigation/routes.ts'

export interface Feature {
  readonly id: string
  readonly title: string
  readonly icon: LucideIcon
  /** Heading in the rail; null: at the top, without one. */
  readonly group: string | null
  /** Where the rail leads. */
  readonly home: RouteName
  /** `g` and then this letter leads there too. */
  readonly letter: string
  /** What is drawn at each of its places. */
  readonly screens: { readonly [R in RouteName]?: (params: Readonly<Record<string, string>>) => ReactNode }
  /** A hook, called while the palette is open. */
  readonly usePaletteItems?: () => readonly PaletteItem[]
  /** A hook: what the rail shows beside the title, such as how many are firing. 0 shows nothing. */
  readonly useCount?: () => number
}
